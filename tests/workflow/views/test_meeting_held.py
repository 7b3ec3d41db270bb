"""What stands on a meeting's pages: while it is held, before its day, and when it is over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from pulje.actions.meeting.agenda import take_off
from pulje.actions.meeting.meeting import put_on_agenda
from pulje.actions.meeting.ruling import record_ruling
from pulje.models import ImpartialityStatement
from pulje.queries.meeting.committee import agenda_of
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.meetings import hold
from tests.workflow.views.meeting.test_table import HTMX, a_client, path, shut, text_of

pytestmark = pytest.mark.django_db
BIG = Decimal(40_000)


def proposed(pool, requested_kr=BIG):
    return case_in(S.RECOMMENDED, pool=pool, requested_kr=requested_kr)


def figures(meeting, who=None):
    meeting.refresh_from_db()
    (money,) = agenda_of(meeting, who or people.karen()).money
    return money.total_kr, money.granted_kr, money.decided_kr, money.rest_kr


def legend(text):
    return "".join(text.replace('<span class="pj-amount">', "").split())


def a_held_meeting_stands_as_when_it_closed(pool):
    first = a_meeting([proposed(pool)])
    hold(first)
    stood = figures(first)
    assert stood == (200_000, 0, 40_000, 160_000)
    second = a_meeting([proposed(pool, Decimal(60_000))], at=timezone.now() + timedelta(minutes=1))
    assert figures(second) == (200_000, 40_000, 0, 100_000)
    record_ruling(
        second.items.get(),
        by=people.sanne(),
        at=timezone.now(),
        outcome="DECIDED",
        amount_kr=50_000,
        reasons="Mindre end søgt.",
    )
    assert figures(first) == stood
    hold(second)

    assert figures(first) == stood
    assert figures(second) == (200_000, 40_000, 60_000, 100_000)
    mads = a_client(people.mads())
    before, after = (text_of(mads.get(path(held))) for held in (first, second))
    assert "Bevilget før mødet" not in before
    assert "Bevilgetførmødet</dt><ddclass" in legend(after)
    rest = text_of(mads.get(path(first, "sag/1/")))
    assert "Rest: " in rest
    assert "160.000 kr." in rest
    assert "Alle sager" in rest
    assert "hx-get" not in rest.split("Mine noter")[0]


def one_who_reads_a_case_is_told_what_is_recorded(pool):
    meeting = a_meeting([proposed(pool), proposed(pool)])
    mads, sanne = a_client(people.mads()), a_client(people.sanne())
    pages = [client.get(path(meeting, "sag/1/")) for client in (mads, sanne)]
    asked = [
        f"{path(meeting, 'tavle/')}?set=0&sag=1&foer={page.context['shown']}" for page in pages
    ]
    assert all("Besluttet:" not in text_of(page) for page in pages)
    item = meeting.items.get(position=1)
    given = {"outcome": "DECIDED", "amount_kr": Decimal(10_000), "reasons": "Mindre end søgt."}
    record_ruling(item, by=people.sanne(), at=timezone.now(), **given)

    told, line = (
        text_of(client.get(address, headers=HTMX))
        for client, address in zip((mads, sanne), asked, strict=True)
    )

    assert "Besluttet: 10.000 kr." in told
    assert "150.000 kr." in told  # what is left, as in the table
    assert "Sagen er besluttet: 10.000 kr." in line
    assert "vis</a>" in line
    assert "Besluttet: 10.000 kr." in text_of(mads.get(path(meeting, "sag/1/")))
    assert "Sagen er besluttet" not in text_of(sanne.get(path(meeting, "sag/1/")))
    assert mads.get(path(meeting, "tavle/?set=0&sag=9"), headers=HTMX).status_code == 404
    shut(item.application, people.mads())
    away = mads.get(asked[0], headers=HTMX)
    assert (away["HX-Refresh"], away.content) == ("true", b"")


def before_its_day_it_is_said_why_nothing_is_recorded(pool):
    meeting = a_meeting([proposed(pool)])
    meeting.present.clear()
    sanne = a_client(people.sanne())
    assert "Fremmødet er ikke ført til protokol endnu" in text_of(
        sanne.get(path(meeting, "sag/1/"))
    )
    meeting.held_at += timedelta(days=2)
    meeting.save()

    assert "Mødet er den " in text_of(sanne.get(path(meeting, "sag/1/")))
    assert "Gem fremmøde" not in text_of(sanne.get(path(meeting, "fremmoede/")))
    mads = people.mads()
    sent = {"handling": "fremme", "present": [mads.pk]}
    refused = text_of(sanne.post(path(meeting, "fremmoede/"), sent))
    assert "Fremmødet føres til protokol på mødet." in refused
    assert not meeting.present.exists()


def who_says_that_a_tie_means_nothing_is_told_of(pool):
    meeting = a_meeting([proposed(pool)])
    case, mads = meeting.items.get().application, people.mads()
    said = {"tie": "Holte Kor: træner", "reason": "Kun om mandagen.", "stated_at": timezone.now()}
    ImpartialityStatement.objects.create(application=case, user=mads, **said)
    ImpartialityStatement.objects.create(application=case, user=people.karl(), **said)

    karen = text_of(a_client(people.karen()).get(path(meeting, "inhabil/")))

    assert karen.count("og mener ikke at være inhabil") == 1
    assert "Holte Kor: træner" in karen
    assert f"rejs/?person={mads.pk}&amp;sag={case.pk}" in karen
    assert "mener ikke at være" in text_of(a_client(people.sanne()).get(path(meeting)))
    assert "mener ikke at være" not in text_of(a_client(mads).get(path(meeting)))
    shut(case, mads)
    assert "mener ikke at være" not in text_of(a_client(people.sanne()).get(path(meeting)))


def the_cases_of_a_pool_stand_together_and_are_numbered_so(pool):
    other = a_pool(frame_kr=Decimal(200_000))
    meeting = a_meeting([proposed(pool), proposed(other), proposed(pool)])
    late = proposed(pool)
    (item,) = put_on_agenda(meeting, [late], by=people.sanne())
    assert item.position == 3

    def order():
        return [(r.item.position, r.case.pool_id) for r in agenda_of(meeting, people.karen()).rows]

    assert order() == [(1, pool.pk), (2, pool.pk), (3, pool.pk), (4, other.pk)]
    take_off(meeting, [item], by=people.sanne())
    assert order() == [(1, pool.pk), (2, pool.pk), (3, other.pk)]


def a_note_that_is_too_long_is_said_to_be(pool):
    meeting = a_meeting([proposed(pool)])
    mads = a_client(people.mads())
    page = text_of(mads.get(path(meeting, "sag/1/")))
    note = page[page.index('id="id_text"') - 300 : page.index('id="id_text"') + 300]
    assert 'data-most="20000"' in note
    assert "maxlength" not in note

    again = text_of(mads.post(path(meeting, "sag/1/note/"), {"text": "x" * 20_001}))

    assert "Teksten er på 20001 tegn. Den må højst være på 20000 tegn." in again
    assert "x" * 20_001 in again


STORIES = (
    a_held_meeting_stands_as_when_it_closed,
    one_who_reads_a_case_is_told_what_is_recorded,
    before_its_day_it_is_said_why_nothing_is_recorded,
    who_says_that_a_tie_means_nothing_is_told_of,
    the_cases_of_a_pool_stand_together_and_are_numbered_so,
    a_note_that_is_too_long_is_said_to_be,
)


def test_the_pages_of_a_meeting(subtests):
    pool = a_pool(frame_kr=Decimal(200_000))
    for story in STORIES:
        with subtests.test(story.__name__), transaction.atomic():
            story(pool)
            transaction.set_rollback(True)
