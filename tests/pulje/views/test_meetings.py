"""The committees' meetings as everybody sees them, and that nobody's secrets are among it."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from icalendar import Calendar

from pulje.actions.meeting.meeting import change_meeting, plan_meeting
from pulje.actions.meeting.packet import ask_for_packet
from pulje.actions.meeting.ruling import Recorded, record_rulings
from pulje.enums import ApplicantKind, ItemOutcome, MeetingState, PacketKind
from pulje.models import Committee, Meeting, PacketFile
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, an_applicant, case_in
from tests.pulje.actions.telling import day

pytestmark = pytest.mark.django_db
SECRETS = {
    "name": "Birgitte Hemmelig",
    "email": "birgitte@puljer.example",
    "phone": "40506070",
    "street": "Skjulvej 7",
}
REASON = "Ansøgeren er enlig og syg."
FUTURE = day(2099, 1, 14, 16)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def held(now):
    """An individual and an association on the agenda of the meeting of 14 January 2099."""
    person = an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr="", **SECRETS)
    facts = {
        "requested_kr": Decimal(40_000),
        "contact_name": SECRETS["name"],
        "contact_email": SECRETS["email"],
        "contact_phone": SECRETS["phone"],
    }
    secret = case_in(CaseState.RECOMMENDED, applicant=person, **facts)
    secret.recommendations.update(reasons=REASON)
    open_case = case_in(CaseState.RECOMMENDED, requested_kr=Decimal(50_000), title="Åben kor")
    meeting = a_meeting([secret, open_case], at=FUTURE)
    meeting.agenda_due_on = day(2099, 1, 7).date()
    meeting.save()
    return meeting


def planned(**facts):
    facts = {"by": people.sanne(), "held_at": FUTURE, "place": "Salen"} | facts
    return plan_meeting(a_committee(), **facts)


def rule(meeting):
    """The person is refused, the choir gets 20.000 kr."""
    first, second = meeting.items.order_by("position")
    rows = [
        Recorded(first, ItemOutcome.DECIDED, Decimal(0), reasons=REASON),
        Recorded(second, ItemOutcome.DECIDED, Decimal(20_000), reasons="Der er ikke mere."),
    ]
    record_rulings(meeting, rows, by=people.sanne(), at=FUTURE)


def lock(meeting, now):
    meeting.state, meeting.locked_at = MeetingState.LOCKED, now
    meeting.save()
    return ask_for_packet(meeting, kind=PacketKind.AGENDA, by=None, at=now)


def approve(meeting, now):
    if meeting.items.exists():
        rule(meeting)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    meeting.save()
    packet = ask_for_packet(meeting, kind=PacketKind.MINUTES, by=None, at=now)
    before = Meeting.objects.get(pk=meeting.pk)
    before.minutes_approved_at, before.minutes_approved_by = now, people.karen()
    before.save()
    return packet


PAGE = "/moeder/kulturudvalget/2099-01-14/"


def test_a_meeting_becomes_public_step_by_step(client, held, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        early = client.get(PAGE).content.decode()
    assert "Dagsordenen kommer den 7. januar 2099." in early
    assert "Åben kor" not in early

    packet = lock(held, now)
    packet.state = "READY"
    packet.ready_at = now
    packet.save()
    PacketFile.objects.create(
        packet=packet, is_open=True, format="PDF", sha256="a" * 64, content=b"%PDF-open"
    )
    PacketFile.objects.create(
        packet=packet, is_open=False, format="DOCX", sha256="b" * 64, content=b"secret"
    )
    with django_assert_num_queries(3):
        locked = client.get(PAGE)
    text = locked.content.decode()
    assert "Åben kor" in text
    assert "Beslutningerne kommer her, når referatet er godkendt." in text
    assert "max-age" in locked["Cache-Control"]
    file = client.get(f"{PAGE}dagsorden.pdf")
    assert (file.content, file["Content-Type"]) == (b"%PDF-open", "application/pdf")
    assert file["Cache-Control"] == "public, max-age=3600"
    again = client.get(f"{PAGE}dagsorden.pdf", headers={"If-None-Match": file["ETag"]})
    assert again.status_code == 304
    for path in ("dagsorden.docx", "referat.pdf", "dagsorden.exe", "note.pdf"):
        assert client.get(f"{PAGE}{path}").status_code == 404

    approve(held, now)
    assert "Vedtagelse i Kulturudvalget" in client.get(PAGE).content.decode()
    assert "Vedtagelse i" not in client.get(f"{PAGE}?vis=dagsorden").content.decode()


def test_no_public_answer_tells_of_an_individual(client, held, now):
    packet = lock(held, now)
    approve(held, now)
    assert SECRETS["name"] in json.dumps(packet.facts["closed"], ensure_ascii=False)
    assert REASON in json.dumps(packet.facts["closed"], ensure_ascii=False)

    paths = ("/moeder/", PAGE, f"{PAGE}?vis=dagsorden", "/moeder/kulturudvalget.ics")
    for path in (*paths, "/moeder/kulturudvalget/beslutninger.atom"):
        answer = client.get(path)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert [secret for secret in (*SECRETS.values(), REASON) if secret in text] == []


def test_a_closed_point_shows_its_title_alone(client, held, now):
    packet = lock(held, now)
    facts = packet.facts
    (item,) = [item for item in facts["open"]["items"] if item["id"] == "punkt-4"]
    item["is_closed"] = True
    packet.facts = facts
    packet.save()

    text = client.get(PAGE).content.decode()

    assert item["title"] in text
    assert "Åben kor" not in text


def test_two_meetings_on_a_day_and_a_cancelled_one_keep_their_addresses(client):
    first, second, gone = (planned(held_at=FUTURE + timedelta(hours=hours)) for hours in (2, 0, 1))
    gone.state = MeetingState.CANCELLED
    gone.save()

    text = client.get("/moeder/").content.decode()
    assert [text.count(f'"{PAGE[:-1]}{end}/"') for end in ("", "-2", "-3")] == [1, 1, 1]
    assert "Aflyst" in text
    assert "kl.\xa018" in client.get(PAGE).content.decode()
    assert "kl.\xa016" in client.get(f"{PAGE[:-1]}-2/").content.decode()
    assert "Mødet er aflyst." in client.get(f"{PAGE[:-1]}-3/").content.decode()
    for path in ("2099-01-14-4", "2099-01-15", "x", "2099-01-14-x"):
        assert client.get(f"/moeder/kulturudvalget/{path}/").status_code == 404

    answer = client.get("/moeder/kulturudvalget.ics")
    events = [event for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert [(event["UID"], event["STATUS"]) for event in events] == [
        (f"moede-{second.pk}@127.0.0.1", "CONFIRMED"),
        (f"moede-{gone.pk}@127.0.0.1", "CANCELLED"),
        (f"moede-{first.pk}@127.0.0.1", "CONFIRMED"),
    ]
    unchanged = client.get("/moeder/kulturudvalget.ics", headers={"If-None-Match": answer["ETag"]})
    assert unchanged.status_code == 304
    assert client.get("/moeder/findes-ikke.ics").status_code == 404


def test_a_meeting_that_is_moved_is_found_where_it_was(client):
    meeting = planned()
    change_meeting(meeting, by=people.sanne(), held_at=day(2099, 1, 15, 16), place="Salen")
    planned()

    assert "Møde den 15. januar 2099" in client.get(PAGE).content.decode()
    assert "Møde den 14. januar 2099" in client.get(f"{PAGE[:-1]}-2/").content.decode()


def test_calendar_says_what_calendars_need(client, now):
    meeting = planned()
    for place in ("Salen", "Her"):
        change_meeting(meeting, by=people.sanne(), held_at=FUTURE, place=place)
    Meeting.objects.update(changes=9, changed_at=now + timedelta(days=1))
    meeting.refresh_from_db()

    calendar = Calendar.from_ical(client.get("/moeder/kulturudvalget.ics").content)

    (event,) = calendar.walk("VEVENT")
    revised_at = meeting.revised_at.replace(microsecond=0)
    assert "METHOD" not in calendar
    assert (event["SEQUENCE"], event["DURATION"].dt) == (1, timedelta(hours=2))
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (revised_at, revised_at)
    assert "som regel omkring to timer" in event["DESCRIPTION"]


LONG_AGO = day(2020, 2, 3, 16)
APPROVED = {"state": "CLOSED", "closed_at": LONG_AGO, "minutes_approved_at": LONG_AGO}
STANDS = (
    ({"held_at": LONG_AGO}, "Mødedagen er gået.", "Ingen dagsorden her"),
    ({"held_at": LONG_AGO, "state": "CANCELLED"}, "Mødet er aflyst.", "Aflyst"),
    (
        {"held_at": LONG_AGO, "state": "CLOSED", "closed_at": LONG_AGO},
        "Mødet er holdt. Referatet er ikke godkendt endnu.",
        "Referat ikke godkendt",
    ),
    (
        {"held_at": LONG_AGO} | APPROVED,
        "Mødet er holdt. Referatet ligger ikke her.",
        "Ingen dagsorden her",
    ),
    (
        {"held_at": FUTURE, "agenda_due_on": day(2099, 1, 7).date()},
        "Dagsordenen kommer den 7. januar 2099.",
        "Dagsordenen kommer den 7. januar 2099",
    ),
    (
        {"held_at": FUTURE, "agenda_due_on": LONG_AGO.date()},
        "Dagsordenen er ikke klar endnu.",
        "Ingen dagsorden endnu",
    ),
)


def test_the_page_and_the_list_say_where_a_meeting_stands(client):
    meeting = planned()
    for facts, told, in_list in STANDS:
        as_planned = {"state": "PLANNED", "closed_at": None, "minutes_approved_at": None}
        Meeting.objects.filter(pk=meeting.pk).update(**as_planned | facts)

        text = client.get(PAGE).content.decode()

        assert told in text
        assert ("Der ligger ingen dagsorden her." in text) == told.startswith(
            ("Mødedagen", "Mødet er holdt")
        )
        assert in_list in client.get("/moeder/").content.decode()


def test_list_links_to_papers_and_is_filtered_when_long(client, held, now):
    lock(held, now)
    approve(held, now)
    text = client.get("/moeder/").content.decode()
    assert "Referat godkendt" in text
    assert f'href="{PAGE}#indhold"' in text
    assert f'href="{PAGE}?vis=dagsorden#indhold"' in text
    assert "Vis møder" not in text

    other = Committee.objects.create(name="Økonomiudvalget", slug="oekonomi", quorum=3)
    Meeting.objects.bulk_create(
        Meeting(committee=committee, address=f"x{number}", held_at=day(year, 2, 3) + number * HOUR)
        for committee, year, number in zip(
            [held.committee] * 18 + [other] * 3, [2020] * 20 + [2019], count(), strict=False
        )
    )
    text = client.get("/moeder/").content.decode()
    assert "Vis møder" in text
    assert "Viser 1–12 af 22" in text
    for asked, number in (
        ("side=2", 10),
        ("udvalg=oekonomi", 3),
        ("aar=2019", 1),
        ("udvalg=kulturudvalget&aar=2020&side=2", 6),
        ("udvalg=findes-ikke&aar=x&side=x", 12),
    ):
        text = client.get(f"/moeder/?{asked}").content.decode()
        assert text.count('<li class="pj-row') == number


HOUR = timedelta(hours=1)


def test_what_was_decided_stands_first(client, held, now):
    lock(held, now)
    approve(held, now)

    text = client.get(PAGE).content.decode()

    tables = text[text.index("Det besluttede") : text.index('id="indhold"')]
    rows = " ".join(re.findall(r"<tbody>.*?</tbody>", tables, re.DOTALL)).replace("\xa0", " ")
    words = " ".join(re.sub(r"<[^>]+>", " ", rows).split())
    secret, open_case = (item.application for item in held.items.order_by("position"))
    assert words == (
        f"1 {secret.title} Enkeltperson 40.000 kr. Afslag"
        f" 2 Åben kor {open_case.applicant.name} 50.000 kr. 20.000 kr."
    )
    assert "bevilget i alt 20.000\xa0kr." in text
    held.points.update(is_closed=True)
    assert "Det besluttede udvalget" not in client.get(PAGE).content.decode()


ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/moeder/kulturudvalget/beslutninger.atom"


def test_feed_is_atom(client, held, now):
    """RFC 4287, sections 4.1.1, 4.1.2 and 3.3: what a feed and an entry must have, once."""
    empty = client.get(FEED)
    lock(held, now)
    packet = approve(held, now)
    again_at = now + timedelta(days=2)
    packet.asked_at = again_at
    packet.save()

    answer = client.get(FEED)

    feed = ElementTree.fromstring(answer.content)
    for node in (ElementTree.fromstring(empty.content), feed, *feed.iter(f"{ATOM}entry")):
        is_entry = node.tag == f"{ATOM}entry"
        names = [child.tag.removeprefix(ATOM) for child in node]
        required = ("id", "title", "updated", "summary" if is_entry else "author")
        assert [names.count(name) for name in required] == [1, 1, 1, 1]
        links = [(link.get("rel", "alternate")) for link in node.iterfind(f"{ATOM}link")]
        assert links == (["alternate"] if is_entry else ["alternate", "self"])
        assert datetime.fromisoformat(node.findtext(f"{ATOM}updated")).tzinfo
        assert node.findtext(f"{ATOM}id").startswith("tag:127.0.0.1,2026:")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Kulturudvalget"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "da"
    (entry,) = feed.iter(f"{ATOM}entry")
    updated = datetime.fromisoformat(entry.findtext(f"{ATOM}updated"))
    assert updated == again_at
    first, second = (f"{one.pool.name} {one.pool.year}" for one in held.points.all())
    assert entry.findtext(f"{ATOM}summary").replace("\xa0", " ") == (
        f"<p>3. {first} – fordeling: 1 fik afslag</p>\n"
        f"<p>4. {second} – fordeling: 1 fik i alt 20.000 kr.</p>"
    )

    for known in (empty, answer):
        is_same = known is answer
        for header, name in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            status = client.get(FEED, headers={header: known[name]}).status_code
            assert status == (304 if is_same else 200)
    assert empty["Last-Modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"


def test_lists_and_feed_take_the_same_queries(client, held, now, django_assert_num_queries):
    lock(held, now)
    approve(held, now)
    for number in range(1, 4):
        if number in (1, 3):
            with django_assert_num_queries(5):
                client.get("/moeder/")
            with django_assert_num_queries(5):
                feed = client.get(FEED).content.decode()
            with django_assert_num_queries(7):
                client.get(PAGE)
            assert feed.count("<entry>") == number
        more = planned(held_at=FUTURE + timedelta(days=number))
        lock(more, now)
        approve(more, now)

    assert f"<id>tag:127.0.0.1,2026:moede-{held.pk}</id>" in feed
    assert 'href="http://127.0.0.1:8000/moeder/kulturudvalget/2099-01-14/"' in feed


def test_pages_in_english(client, held, now):
    in_danish = "Agendas and minutes are in Danish."
    assert "/moeder/" in client.get("/tilgaengelighed/").content.decode().split("<footer")[1]
    client.cookies["django_language"] = "en"

    for path, words in ((PAGE, "The agenda comes on"), ("/moeder/", "Committee meetings")):
        text = client.get(path).content.decode()
        assert words in text
        assert in_danish in text
