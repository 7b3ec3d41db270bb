"""The page where a meeting is prepared: what is typed is kept, shown, or refused by name."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.tie import disqualify, tell_tie
from pulje.actions.meeting.agenda_lock import lock_agenda
from pulje.actions.meeting.meeting import plan_meeting, put_on_agenda
from pulje.actions.meeting.ruling import Recorded, record_rulings
from pulje.enums import ItemOutcome
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, a_pool, case_in

pytestmark = pytest.mark.django_db
S = CaseState
LARGE = Decimal(40_000)
MOST_QUERIES = 15


def a_case(pool, state=S.RECOMMENDED):
    return case_in(state, pool=pool, requested_kr=LARGE)


def a_plan(days=10):
    held_at = timezone.now() + timedelta(days=days)
    return plan_meeting(a_committee(), by=people.sanne(), held_at=held_at, place="Rådhuset")


def path(meeting, rest="forbered/"):
    return f"/udvalg/moede/{meeting.pk}/{rest}"


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def as_shown(response):
    """What the browser would send: every field of the agenda's form as the page has it."""
    form, sent = response.context["form"], {"vist": response.context["meeting"].changes}
    blocks = response.context["blocks"]
    sent["punkt"] = [block.pool.pool.pk for block in blocks]
    rows = [shown for block in blocks for shown in block.rows]
    sent["raekke"] = [shown.row.case.pk for shown in rows]
    sent["med"] = [shown.row.case.pk for shown in rows if shown.is_picked and shown.row.can_change]
    return sent | {name: form[name].value() or "" for name in form.fields}


def standing(meeting):
    items = meeting.items.order_by("position").values_list("application", "amount_kr", "note")
    return list(items)


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_the_page_from_empty_to_locked(client):
    pool, other = a_pool(frame_kr=Decimal(100_000)), a_pool()
    one, two = a_case(pool), a_case(pool)
    reviewed = a_case(pool, S.REVIEWED)
    meeting = a_plan()
    client.force_login(people.karl())

    page = client.get(path(meeting))
    text = text_of(page)
    assert "<strong data-picked>2</strong> sager · rest" in text
    assert "20.000 kr." in text
    assert "Ikke klar til mødet" in text
    assert "mangler indstilling" in text
    assert "Skriv indstilling" in text
    assert page.context["plan"].unready[0].case == reviewed

    # as shown, all that is ready comes on; twice, the second is told that it has changed
    sent = as_shown(page)
    assert client.post(path(meeting), sent).url == path(meeting)
    assert [row[:2] for row in standing(meeting)] == [(one.pk, LARGE), (two.pk, LARGE)]
    again = client.post(path(meeting), sent | {f"note{one.pk}": "Står her endnu"})
    assert "Dagsordenen er ændret, siden du åbnede siden." in text_of(again)
    assert 'value="Står her endnu"' in text_of(again)

    # a button moves a row, and what is typed is saved with it
    sent = as_shown(client.get(path(meeting))) | {f"note{two.pk}": "Først", "goer": "gem"}
    sent |= {"announcements": "Udvalget er på tur."}
    moved = client.post(path(meeting), sent | {"flyt": f"op-sag-{two.pk}"})
    assert moved.url == f"{path(meeting)}#sag-{two.pk}"
    assert [(row[0], row[2]) for row in standing(meeting)] == [(two.pk, "Først"), (one.pk, "")]
    assert "Udvalget er på tur." in text_of(client.get(path(meeting)))
    last = as_shown(client.get(path(meeting))) | {"flyt": f"ned-sag-{one.pk}"}
    assert client.post(path(meeting), last).status_code == 302
    dragged = as_shown(client.get(path(meeting)))
    client.post(path(meeting), dragged | {"raekke": dragged["raekke"][::-1]})
    assert [row[0] for row in standing(meeting)] == [one.pk, two.pk]

    # many pools on one agenda, each a point that can be moved
    few = queries(client, path(meeting))
    third = a_case(other)
    sent = as_shown(client.get(path(meeting)))
    assert third.pk not in sent["med"]
    client.post(path(meeting), sent | {"med": [*sent["med"], third.pk]})
    sent = as_shown(client.get(path(meeting)))
    client.post(path(meeting), sent | {"flyt": f"op-punkt-{other.pk}"})
    assert [row[0] for row in standing(meeting)] == [third.pk, one.pk, two.pk]
    assert queries(client, path(meeting)) == few <= MOST_QUERIES

    # the buttons that lead on save first
    for til, rest in {
        f"sag-{one.pk}": f"forbered/sag/{one.pk}/",
        f"punkt-{meeting.points.first().pk}": f"forbered/punkt/{meeting.points.first().pk}/",
    }.items():
        sent = as_shown(client.get(path(meeting)))
        assert client.post(path(meeting), sent | {"til": til}).url == path(meeting, rest)
    sent = as_shown(client.get(path(meeting))) | {"goer": "send"}
    assert client.post(path(meeting), sent).url == path(meeting, "laas/")
    assert "Dagsordenen låses med 3 sager i 2 punkter" in text_of(
        client.get(path(meeting, "laas/"))
    )
    assert client.post(path(meeting, "laas/")).url == path(meeting, "")
    assert client.post(path(meeting, "laas/")).url == path(meeting)
    assert "Dagsordenen er allerede låst." in text_of(client.get(path(meeting)))

    late = a_case(other)
    sent = as_shown(client.get(path(meeting)))
    assert sent["med"] == []
    client.post(path(meeting), sent | {"med": [late.pk], f"note{late.pk}": "Sen"})
    assert standing(meeting)[-1] == (late.pk, LARGE, "Sen")
    assert "Tilføjet efter fristen" in text_of(client.get(path(meeting)))
    opens = {"goer": "laasop", "reason": "Fejl i beløb"}
    assert "Det kan du ikke gøre." in text_of(client.post(path(meeting, "laas/"), opens))
    client.force_login(people.sanne())
    empty = client.post(path(meeting, "laas/"), opens | {"reason": " "})
    assert "Skriv, hvorfor dagsordenen låses op." in text_of(empty)
    assert client.post(path(meeting, "laas/"), opens).url == path(meeting)
    sent = as_shown(client.get(path(meeting)))
    assert "kr" not in {name[:2] for name in sent}  # the secretary does not recommend


def test_a_refused_row_is_named_and_nothing_typed_is_lost(client):
    pool = a_pool(frame_kr=Decimal(79_999))
    one, two = a_case(pool), a_case(pool)
    meeting = a_plan()
    put_on_agenda(meeting, [one], by=people.karl())
    client.force_login(people.karl())
    sent = as_shown(client.get(path(meeting))) | {f"note{one.pk}": "Skrevet i god tro"}
    before = standing(meeting)
    table = {
        "40000,01": "Der kan højst indstilles det, der er søgt om.",
        "9" * 12: "Beløbet er for stort.",
        "": f"Skriv beløbet til {one.number}.",
        "-5": "Skriv beløbet uden minus.",
        "1e3": "Skriv beløbet i tal",
        "<script>": "Skriv beløbet i tal",
    }

    for typed, said in table.items():
        text = text_of(client.post(path(meeting), sent | {f"kr{one.pk}": typed}))
        assert said in text, typed
        assert f'href="#id_kr{one.pk}"' in text, typed
        assert 'value="Skrevet i god tro"' in text, typed
        assert "<script>" not in text.partition("<main")[2].partition("</main>")[0]
    unsaid = client.post(path(meeting), sent | {f"kr{one.pk}": "1", f"note{one.pk}": " "})
    assert f"Skriv, hvorfor beløbet til {one.number} er ændret." in text_of(unsaid)
    assert f'href="#id_note{one.pk}"' in text_of(unsaid)
    note = text_of(client.post(path(meeting), sent | {f"note{one.pk}": "x" * 501}))
    assert "501 tegn" in note
    over = text_of(client.post(path(meeting), sent | {"med": [one.pk, two.pk]}))
    assert f"{two.number}: I {pool.name} er der kun 79.999 kr. tilbage til mødet." in over
    assert standing(meeting) == before

    # one kr. less fits; a wrong amount in a row that is not picked is nobody's business
    grounded = {f"kr{two.pk}": "39.999", f"note{two.pk}": "Rammen", "med": [one.pk, two.pk]}
    assert client.post(path(meeting), sent | {f"kr{two.pk}": "ti"}).status_code == 302
    sent = as_shown(client.get(path(meeting)))
    assert client.post(path(meeting), sent | grounded).status_code == 302
    assert [row[1] for row in standing(meeting)] == [LARGE, Decimal(39_999)]


def test_what_is_ruled_on_meanwhile_is_named_and_shown(client):
    one, two = (case_in(S.RECOMMENDED, requested_kr=Decimal(60_000)) for _n in range(2))
    meeting = a_meeting([one, two])
    client.force_login(people.karl())
    sent = as_shown(client.get(path(meeting)))
    first = meeting.items.get(position=1)
    decided = Recorded(first, ItemOutcome.DECIDED, first.amount_kr)
    record_rulings(meeting, [decided], by=people.sanne(), at=timezone.now())
    fixed, before = first.application_id, standing(meeting)
    sentence = "Sag 1 er behandlet på mødet og kan ikke ændres eller tages af."

    for change, shown in (
        ({f"note{fixed}": "Skrevet i god tro"}, "Ikke gemt: Skrevet i god tro"),
        ({f"kr{fixed}": "5.000", f"note{fixed}": "Ned"}, "Ikke gemt: 5.000 · Ned"),
        ({"med": [pk for pk in sent["med"] if pk != fixed]}, "Ikke gemt: Ikke med"),
    ):
        refused = client.post(path(meeting), sent | change)
        assert refused.status_code == 422
        assert sentence in text_of(refused)
        assert shown in text_of(refused)
    assert standing(meeting) == before
    now_shown = as_shown(refused) | {"vist": refused.context["meeting"].changes}
    assert client.post(path(meeting), now_shown).status_code == 302


def rows_from_before(number):
    """Rows of cases that are here no longer: four fields each."""
    gone = range(10**6, 10**6 + number)
    named = {f"{name}{pk}": "1" for pk in gone for name in ("kr", "note")}
    return named | {"raekke": [*gone, *gone]}


def test_hostile_input_is_a_sentence_or_nothing(client):
    case = a_case(a_pool())
    meeting = a_plan()
    put_on_agenda(meeting, [case], by=people.karl())
    client.force_login(people.karl())
    sent = as_shown(client.get(path(meeting)))
    stranger = a_case(a_pool(), S.REVIEWED)

    for change in (
        {"med": [stranger.pk, case.pk], "raekke": [stranger.pk]},
        {"med": ["9" * 5000, case.pk]},
        {"med": ["\N{ARABIC-INDIC DIGIT THREE}", case.pk]},
    ):
        page = client.post(path(meeting), sent | change)
        assert "En af sagerne er ikke længere klar til mødet." in text_of(page)
    for change in (
        {"flyt": "op-sag-" + "9" * 5000},
        {"flyt": "hid-sag-1"},
        {"flyt": f"op-punkt-{case.pk}\x00"},
        {"til": "sag-\N{ARABIC-INDIC DIGIT THREE}"},
        rows_from_before(300),
        {"raekke": ["x", "-1", case.pk, case.pk], "punkt": ["1" * 30]},
    ):
        sent = as_shown(client.get(path(meeting)))
        assert client.post(path(meeting), sent | change).status_code == 302, change
    for vist in ("x", "-1", "9" * 5000):
        assert client.post(path(meeting), sent | {"vist": vist}).status_code == 422
    assert client.post(path(meeting), {}).status_code == 422
    assert client.post(path(meeting), rows_from_before(1_251)).status_code == 413
    assert [row[0] for row in standing(meeting)] == [case.pk]
    for rest in ("forbered/sag/0/", f"forbered/sag/{stranger.pk}/", "forbered/punkt/0/"):
        assert client.get(path(meeting, rest)).status_code == 404


def test_one_case_and_one_point(client):
    pool = a_pool()
    case = a_case(pool)
    meeting = a_plan()
    put_on_agenda(meeting, [case], by=people.karl())
    client.force_login(people.karl())
    page, point = path(meeting, f"forbered/sag/{case.pk}/"), meeting.points.get()
    ground = case.version.grounds.order_by("-pk")[0]
    typed = {"amount_kr": "25.000", "grounds": [ground.pk], "note": "Lys lånes"}
    typed |= {"b_kr": "0", "b_text": "Afslag"}

    for change, said in (
        ({"note": ""}, "Skriv i bemærkningen til udvalget"),
        ({"amount_kr": "40001"}, "Der kan højst indstilles"),
        ({"amount_kr": ""}, "Skriv beløbet."),
        ({"grounds": []}, "en af puljens begrundelser"),
        ({"grounds": ["0"]}, "Vælg kun blandt puljens egne"),
        ({"c_kr": "5"}, "Skriv, hvad alternativ c betyder."),
        ({"c_text": "Mindre"}, "Skriv beløbet i alternativ c."),
        ({"b_kr": "40001"}, "Alternativ a skal være mellem"),
    ):
        text = text_of(client.post(page, typed | change))
        assert said in text
        assert 'value="Afslag"' in text
    assert client.post(page, typed).url == f"{path(meeting)}#sag-{case.pk}"
    item = meeting.items.get()
    assert (item.amount_kr, item.note) == (25_000, "Lys lånes")
    assert [(row.letter, row.text) for row in item.alternatives.all()] == [("a", "Afslag")]
    assert "25.000" in text_of(client.get(page))
    assert queries(client, page) <= MOST_QUERIES

    page = path(meeting, f"forbered/punkt/{point.pk}/")
    assert "Sagsfremstilling" in text_of(client.get(page))
    words = {"title": "Årets fordeling", "is_closed": "on", "SUMMARY": "<b>Kort</b>"}
    assert client.post(page, words | {"title": "x" * 201}).status_code == 422
    assert client.post(page, words).url == path(meeting)
    shown = text_of(client.get(path(meeting)))
    assert "Årets fordeling" in shown
    assert "Lukket punkt" in shown
    assert "&lt;b&gt;Kort&lt;/b&gt;" in text_of(client.get(page))
    lock_agenda(meeting, by=people.karl(), at=timezone.now())
    assert "Dagsordenen er låst" in text_of(client.post(page, words))


def test_who_is_shut_out_of_a_case_sees_no_amount_and_cannot_touch_it(client):
    pool = a_pool()
    mine, other, ready = (a_case(pool) for _number in range(3))
    karl, now = people.karl(), timezone.now()
    meeting = a_plan()
    put_on_agenda(meeting, [mine, other], by=karl)
    meeting.items.filter(application=mine).update(note="Hemmelig bemærkning")
    client.force_login(karl)
    open_to_all = text_of(client.get(path(meeting)))
    assert "Hemmelig bemærkning" in open_to_all
    assert "80.000 kr." in open_to_all
    disqualify(mine, by=karl, at=now, person=karl, reason="Nabo")
    disqualify(ready, by=karl, at=now, person=karl, reason="Nabo")

    page = client.get(path(meeting))
    text = text_of(page)
    assert "Hemmelig bemærkning" not in text
    assert "80.000 kr." not in text
    assert "beløb i 2 sager, du er inhabil i, er ikke med" in text
    assert "eller det er ikke afklaret" in text
    sent = as_shown(page) | {f"kr{mine.pk}": "1", f"note{mine.pk}": "?"}
    sent |= {"med": [other.pk, ready.pk]}
    client.post(path(meeting), sent)
    assert standing(meeting) == [(mine.pk, LARGE, "Hemmelig bemærkning"), (other.pk, LARGE, "")]
    assert client.get(path(meeting, f"forbered/sag/{mine.pk}/")).status_code == 403

    # a tie nobody has said a word about shuts out the same way
    client.force_login(people.rie())
    tell_tie(people.rie(), by=people.rie(), name=other.applicant.name, relation="Kasserer")
    assert client.get(path(meeting)).context["plan"].left_out == 1
    assert client.get(path(meeting, f"forbered/sag/{other.pk}/")).status_code == 403
