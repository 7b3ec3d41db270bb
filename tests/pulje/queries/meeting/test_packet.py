"""The agenda of a meeting of sixty cases, and its minutes, sentence by sentence."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.meeting.packet import ask_for_packet
from pulje.enums import DecidedBy, ItemOutcome, LedgerKind, MeetingState, PacketKind
from pulje.models import FrameRaise, ItemRuling, LedgerEntry, Meeting
from pulje.queries.meeting.minutes import minutes_papers
from pulje.queries.meeting.packet import agenda_papers
from pulje.queries.meeting.paper import DRAFT
from pulje.queries.meeting.shown import (
    BLANK,
    LEFT_OUT,
    SHUT_OUT,
    as_seen,
    changes_seen,
    hidden_in,
    why_not,
)
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.queries.sixty import Sixty, annex, now, plain, rule, said

pytestmark = pytest.mark.django_db


def test_meeting_of_sixty():
    few = Sixty(2, code="LIL")
    world = Sixty()
    world.furnish()

    the_agenda(world)
    what_a_reader_sees(world)
    what_is_new(world)
    the_queries(few, world)
    the_minutes(world)


def the_agenda(world) -> None:
    papers = plain(agenda_papers(world.meeting, 1, now()))
    whole, open_one = papers["closed"], papers["open"]
    day = timezone.localdate(world.meeting.held_at)

    assert whole["number"] == f"KU {day:%d-%m-%Y}, version 1"
    assert [label for label, _value in whole["header"]] == [
        "Udvalg",
        "Mødested",
        "Mødedato",
        "Mødetid",
        "Åben/Lukket",
        "Medlemmer",
        "Fra forvaltningen",
    ]
    assert dict(whole["header"])["Medlemmer"] == "Karen (formand), Mads (næstformand), Muhammed"
    assert [item["title"] for item in whole["items"]] == [
        "Meddelelser",
        "Orientering om afgørelser siden sidste møde",
        "Frivillighedspuljen KUL 2027 – fordeling",
    ]
    assert said(whole, 1, "Indstilling") == [
        "Direktionen foreslår, at orienteringen tages til efterretning."
    ]
    assert "Lille fest for Asta" in said(whole, 1, "Sagsfremstilling")[1]
    assert "Lille fest for (navn udeladt)" in said(open_one, 1, "Sagsfremstilling")[1]
    assert said(whole, 2, "Resumé") == [
        "Der er kommet 60 ansøgninger om i alt 1.830.000 kr. til Frivillighedspuljen KUL 2027."
        " Puljen er på 2.000.000 kr. i 2027, og der er 2.000.000 kr. tilbage før mødet."
        " Udvalget skal tage stilling til forvaltningens forslag til fordeling."
    ]
    facts = said(whole, 2, "Sagsfremstilling")
    assert facts[:2] == [
        "Formål: At støtte frivillige.",
        "Ansøgningerne er vurderet efter puljens retningslinjer, version 1"
        " (vedtaget 1. januar 2020). Kriterierne er:",
    ]
    assert facts[6] == (
        "1 | Naboerne 1 (forening) | Sommer | – | 60.000 | 60.000 | 100 %"
        " | Godt for kvarteret. (Fællesskab)"
    ).replace("Naboerne 1", world.cases[0].applicant.name)
    assert facts[8].startswith("3 | Holte Kor 2 (enkeltperson) | Projekt 2 | – | 2.000 | 2.000")
    masked = said(open_one, 2, "Sagsfremstilling")
    assert masked[8] == (
        "3 | Enkeltperson | Projekt 2 | – | 2.000 | 2.000 | 100 % | Står i den lukkede udgave."
    )
    assert facts[66:] == [
        " | I alt |  |  | 1.830.000 | 1.410.000 | 77 % | ",
        "Følges indstillingen, er der 590.000 kr. tilbage.",
        "Nr. 5 er tilføjet efter fristen for dagsordenen.",
        "Alternativer, punkt 3",
        "6 | Holte Kor 5 | a) | 5.000 | Uden Lone Berg",
        "6 | Holte Kor 5 | b) | 2.000 | Uden Lone Berg",
        "Vælges de laveste beløb, er der 593.000 kr. tilbage;"
        " vælges de højeste, er der 590.000 kr. tilbage.",
        "Til udvalget om nr. 5: Kom fredag.",
    ]
    assert masked[70] == "6 | Enkeltperson | a) | 5.000 | Uden (navn udeladt)"
    assert not any("Kom fredag" in line for line in masked)
    assert said(whole, 2, "Habilitet") == ["Karen er inhabil i nr. 3. Mads er inhabil i nr. 2."]
    proposal = said(whole, 2, "Indstilling")
    assert proposal[0] == "Direktionen foreslår,"
    assert proposal[1].startswith("at nr. 1–4, 7, 8, 10–12,")
    assert proposal[2] == "at udvalget vælger mellem alternativerne i nr. 6,"
    assert proposal[3].endswith("57 får afslag med den begrundelse, der står i tabellen.")
    assert "Nytænkning: 2 af 3 point" in annex(whole, 1)
    assert annex(open_one, 3) == [
        "Projekt 2",
        "Ansøger: Enkeltperson",
        f"Sagsnr.: {world.cases[2].number}",
        "Ansøgeren er en privatperson. Resten står i den lukkede udgave.",
        "Søgt: 2.000 kr.",
        "Indstillet: 2.000 kr. (100 %)",
    ]
    nobody = json.dumps(open_one)
    assert "Lone Berg" in json.dumps(whole)
    assert not any(word in nobody for word in ("Lone Berg", "@", "Kor 2 (", "Kor 5 ("))


def what_a_reader_sees(world) -> None:
    """Mads is out of nr. 2: no amount, no reason, no annex of it, nor a sum it follows from."""
    packet = ask_for_packet(world.meeting, kind=PacketKind.AGENDA, by=people.karl(), at=now())
    hidden = hidden_in(packet, people.mads())
    seen = as_seen(packet.facts["closed"], hidden)

    assert hidden == {world.cases[1].pk}
    assert why_not(packet, people.mads()).startswith("Du deltager ikke")
    assert why_not(packet, people.rie()) == ""
    facts = said(seen, 2, "Sagsfremstilling")
    assert (
        facts[7]
        == f"2 | Holte Kor 1 (netværk) | Projekt 1 | – | 1.000 | {BLANK} | {BLANK} | {BLANK}"
    )
    assert facts[66] == f" | I alt |  |  | 1.830.000 | {BLANK} | {BLANK} | "
    assert facts[8].split(" | ")[5] == "2.000"
    assert facts[67] == said(seen, 2, "Økonomi")[0] == said(seen, 2, "Indstilling")[0] == LEFT_OUT
    assert annex(seen, 2) == ["Projekt 1", SHUT_OUT]
    assert "590.000" not in json.dumps(seen)
    assert as_seen(packet.facts["closed"], set()) == packet.facts["closed"]


def what_is_new(world) -> None:
    """Nr. 2 and 4 get less, nr. 60 is taken off, the place is another, a section has own words."""
    first = world.meeting.packets.get()
    for item, kr in ((world.items[1], 500), (world.items[3], 1500)):
        item.amount_kr = Decimal(kr)
        item.save()
    gone = world.items.pop()
    gone.delete()
    point = world.meeting.points.get()
    point.texts = {"LEGAL_BASIS": "Budget 2027."}
    point.save()
    Meeting.objects.filter(pk=world.meeting.pk).update(place="Biblioteket")
    world.meeting.refresh_from_db()

    second = ask_for_packet(world.meeting, kind=PacketKind.AGENDA, by=None, at=now())

    assert [sentence.replace("\xa0", " ") for sentence in second.changes] == [
        "Mødested er ændret til Biblioteket.",
        "Punkt 3 Frivillighedspuljen KUL 2027 – fordeling: Retsgrundlag er ændret.",
        "Nr. 2 Projekt 1: indstillet 500 kr. i stedet for 1.000 kr.",
        "Nr. 4 Projekt 3: indstillet 1.500 kr. i stedet for 3.000 kr.",
        "Nr. 60 Projekt 59 er taget af dagsordenen.",
    ]
    hidden = hidden_in(second, people.mads())
    assert changes_seen(second, hidden, first) == [*second.changes[:2], *second.changes[3:]]


def the_queries(few, world) -> None:
    counts = []
    for each in (few, world):
        with CaptureQueriesContext(connection) as queries:
            agenda_papers(Meeting.objects.get(pk=each.meeting.pk), 1, now())
        counts.append(len(queries))

    assert counts[0] == counts[1]


def the_minutes(world) -> None:
    world.hold()
    packet = ask_for_packet(world.meeting, kind=PacketKind.MINUTES, by=people.sanne(), at=now())
    papers = plain(minutes_papers(world.meeting, 1, now()))
    whole, day = papers["closed"], timezone.localdate(world.meeting.held_at)

    assert packet.changes == []
    assert dict(whole["header"])["Til stede"] == "Karen, Mads, Muhammed"
    assert (dict(whole["header"])["Status"], whole["mark"]) == (DRAFT, DRAFT)
    facts = said(whole, 2, "Sagsfremstilling")
    assert facts[9].split(" | ")[3:6] == ["3.000", "1.500", "2.500"]
    assert facts[12].split(" | ")[3:6] == ["6.000", "6.000", "Udsat"]
    assert facts[65].split(" | ")[1:6] == ["I alt", "", "1.771.000", "1.349.000", "1.341.000"]
    assert said(whole, 2, "Økonomi")[-3:] == [
        "Rammen forhøjet på mødet: 100.000 kr.",
        "Bevilget på mødet: 1.341.000 kr.",
        "Tilbage efter mødet: 759.000 kr.",
    ]
    assert "Bilag" not in [section["title"] for section in whole["items"][2]["sections"]]
    able = dict(whole["header"])["Beslutningsdygtighed"]
    assert able == "3 af 3 er til stede. Udvalget er beslutningsdygtigt med 2."
    heard = f"Vedtagelse i Kulturudvalget den {day:%d-%m-%Y}"
    assert said(whole, 0, heard) == ["KULTURUDVALGET tager meddelelserne til efterretning."]
    assert said(whole, 2, heard) == [
        "KULTURUDVALGET tiltræder indstillingen med de ændringer, der står i tabellen.",
        "Besluttet på anden måde end indstillet, punkt 3",
        "4 | Holte Kor 3 | Projekt 3 | 1.500 | 2.500 | Lone Berg har ret",
        "6 | Holte Kor 5 | Projekt 5 | 5.000 | 2.000 (alternativ b) | –",
        "7 | Holte Kor 6 | Projekt 6 | 6.000 | Udsat | Budgettet mangler.",
        "Nr. 4. Stemmer: 3 for, 1 imod. Mindretallets udtalelse: Det er for lidt.",
        "Udvalget forhøjede puljens ramme med 100.000 kr.: Der er mange gode ansøgninger.",
        "Udvalget bevilgede 1.341.000 kr. til 44 ansøgninger. Der er 759.000 kr. tilbage i puljen.",
        "Karen deltog ikke i behandlingen af nr. 3 på grund af inhabilitet.",
        "Mads deltog ikke i behandlingen af nr. 2 på grund af inhabilitet.",
        "Mads ledede behandlingen af nr. 3.",
        "Inhabilitet: Karen, nr. 3: Nabo.",
        "Inhabilitet: Mads, nr. 2: Bror.",
    ]
    assert not any("Inhabilitet" in line for line in said(papers["open"], 2, heard))
    assert whole["items"][2]["annexes"] == []
    assert "(navn udeladt) har ret" in said(papers["open"], 2, heard)[2]

    corrections(world)
    rule(world.items[7], ItemOutcome.DECIDED, Decimal(100), correction="Tastefejl")
    world.meeting.points.update(is_closed=True)
    corrected = ask_for_packet(world.meeting, kind=PacketKind.MINUTES, by=None, at=now())

    assert "Nr. 8 Projekt 7: besluttet 100\xa0kr. i stedet for 7.000\xa0kr." in corrected.changes
    told = said(corrected.facts["closed"], 2, heard)[-1].replace("\xa0", " ")
    assert told.endswith(
        ", nr. 8: 100 kr. i stedet for 7.000 kr. Tastefejl. Før stod der: 7.000 kr."
        " Begrundelsen var indstillingens."
    )
    shut = corrected.facts["open"]["items"][2]
    assert (shut["title"], shut["is_closed"], len(shut["sections"])) == ("Lukket punkt", True, 1)
    assert "Holte" not in json.dumps(corrected.facts["open"])


def corrections(world) -> None:
    """What stood before stays; of a person's case the open minutes tell no reasons at all."""
    third, fourth = world.items[2], world.items[3]
    rule(
        third, ItemOutcome.DECIDED, third.amount_kr, reasons="Hun er syg", dissent="Synd for hende"
    )
    rule(third, ItemOutcome.DECIDED, Decimal(1), correction="Hun er rask")
    rule(fourth, ItemOutcome.DECIDED, Decimal(2500), correction="Stemmetal manglede")
    papers = plain(minutes_papers(world.meeting, 1, now()))
    whole, open_one = (said(papers[key], 2, "Vedtagelse") for key in ("closed", "open"))

    assert whole[-2].endswith(
        ", nr. 3: 1 kr. i stedet for 2.000 kr. Hun er rask. Før stod der: 2.000 kr."
        " Begrundelse: Hun er syg. Mindretallets udtalelse: Synd for hende."
    )
    assert whole[-1].endswith(
        ", nr. 4: stadig 2.500 kr. Stemmetal manglede. Før stod der: 2.500 kr."
        " Begrundelse: Lone Berg har ret. Stemmer: 3 for, 1 imod."
        " Mindretallets udtalelse: Det er for lidt."
    )
    assert open_one[-2].endswith(
        ", nr. 3: 1 kr. i stedet for 2.000 kr. Begrundelsen står i det lukkede referat."
    )
    assert not any(word in json.dumps(papers["open"]) for word in ("rask", "syg", "Synd"))
    for item, kr in ((third, third.amount_kr), (fourth, Decimal(2500))):
        item.rulings.filter(is_current=True).delete()
        rule(item, ItemOutcome.DECIDED, kr)


def test_the_committee_s_own_headings_words_and_ways():
    """A frame overrun, own words, an urgent decision, no quorum, nothing left to decide."""
    world = Sixty(2, code="EGN")
    meeting, committee = world.meeting, world.meeting.committee
    point = meeting.points.get()
    question = {"person": people.karen(), "raised_by": people.mads(), "raised_at": now()}
    meeting.conflict_questions.create(application=world.cases[0], reason="Nabo", **question)
    asked = plain(agenda_papers(meeting, 1, now()))
    assert said(asked["closed"], 2, "Habilitet")[0].startswith("Det skal afgøres, om Karen er")
    assert said(asked["open"], 2, "Habilitet") == ["Ingen har meldt sig inhabil."]
    meeting.conflict_questions.all().delete()
    for place, (section, title) in enumerate((("PROPOSAL", "Forslag"), ("SUMMARY", "Sagen kort"))):
        committee.headings.create(section=section, title=title, position=place)
    point.title, point.texts = "Kor for alle", {"SUMMARY": "Et kor.\n\nTo kor."}
    point.save()
    urgent = case_in(CaseState.APPROVED, title="Hastende fest").decisions.get()
    hurried = {"body": DecidedBy.CHAIR, "urgency": "Festen er i morgen"}
    type(urgent).objects.filter(pk=urgent.pk).update(**hurried)

    whole = plain(agenda_papers(meeting, 1, now()))["closed"]

    item = whole["items"][2]
    assert item["title"] == "Kor for alle"
    assert [section["title"] for section in item["sections"]] == ["Forslag", "Sagen kort"]
    assert said(whole, 2, "Sagen kort") == ["Et kor.", "To kor."]
    told = said(whole, 1, "Sagsfremstilling")
    assert told[0] == "Afgjort af formanden på udvalgets vegne, fordi det hastede"
    assert told[-1] == f"Sag {urgent.application.number} hastede: Festen er i morgen."

    committee.headings.all().delete()
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED, closed_at=now())
    meeting.refresh_from_db()
    meeting.present.set([people.karen()])
    for item in world.items:
        rule(item, ItemOutcome.POSTPONED)
    FrameRaise.objects.create(
        meeting=meeting,
        pool=point.pool,
        source=point.pool,
        amount_kr=Decimal(1),
        reason="Rest",
        recorded_at=now(),
        recorded_by=people.sanne(),
    )
    LedgerEntry.objects.create(
        pool=point.pool,
        kind=LedgerKind.FRAME,
        amount_kr=Decimal(-1_999_000),
        cause="less",
        at=meeting.held_at - timedelta(days=400),
    )

    minutes = plain(minutes_papers(meeting, 1, now()))["closed"]

    assert dict(minutes["header"])["Fraværende"] == "Mads, Muhammed"
    assert said(minutes, 2, "Sagsfremstilling")[-1].startswith("Følges indstillingen, mangler der")
    ruled = said(minutes, 2, "Vedtagelse")
    assert ruled[0] == "KULTURUDVALGET udsætter punktet."
    assert ruled[4].startswith("Udvalget forhøjede puljens ramme med 1 kr. med penge fra ")
    assert "Udvalget var ikke beslutningsdygtigt i nr. 1 og 2." in ruled
    rule(world.items[0], ItemOutcome.SENT_BACK)
    mixed = plain(minutes_papers(meeting, 1, now()))["closed"]
    assert said(mixed, 2, "Vedtagelse")[0] == "KULTURUDVALGET beslutter som i tabellen."
    ItemRuling.objects.all().delete()
    meeting.items.all().delete()
    empty = plain(minutes_papers(meeting, 1, now()))["closed"]
    assert said(empty, 2, "Vedtagelse")[0] == (
        "KULTURUDVALGET behandlede ingen ansøgninger under punktet."
    )
