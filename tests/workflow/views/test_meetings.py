"""The committee's pages: who sees what, who decides, and the whole rest in one go."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.meeting import plan_meeting, put_on_agenda
from pulje.models import Application, ConflictOfInterest, Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_pool, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = CaseState
BIG = Decimal("40000.00")


@pytest.fixture
def meeting():
    """Three cases on the agenda, everybody there."""
    pool = a_pool()
    cases = [case_in(S.RECOMMENDED, pool=pool, requested_kr=BIG) for _number in range(3)]
    held = plan_meeting(
        a_committee(), by=people.sanne(), held_at=timezone.now(), place="Byrådssalen"
    )
    put_on_agenda(held, cases, by=people.sanne())
    held.present.set([people.mads(), people.karen(), people.person("Muhammed")])
    return held


def log_in(client, who):
    client.force_login(who(), backend=BACKEND)


def path(meeting, rest=""):
    return f"/udvalg/moede/{meeting.pk}/{rest}"


def states(meeting):
    rows = Application.objects.filter(agenda_items__meeting=meeting).order_by("pk")
    return list(rows.values_list("state", flat=True))


def test_table_shows_sums_and_takes_the_same_queries_with_more_rows(client, meeting):
    log_in(client, people.mads)
    with CaptureQueriesContext(connection) as queries:
        text = client.get(path(meeting)).content.decode()

    assert "120.000" in text
    assert "480.000" in text
    assert len(queries) == 12
    before = len(queries)
    put_on_agenda(meeting, [case_in(S.RECOMMENDED, requested_kr=BIG)], by=people.sanne())
    with CaptureQueriesContext(connection) as queries:
        client.get(path(meeting))
    assert len(queries) == before


def test_member_reads_and_only_the_secretary_has_buttons(client, meeting):
    log_in(client, people.mads)
    assert "Følg indstillingen" not in client.get(path(meeting)).content.decode()
    assert client.get(path(meeting, "foelg/")).status_code == 403
    assert client.post(path(meeting, "foelg/")).status_code == 403

    log_in(client, people.sanne)
    assert "Følg indstillingen for resten" in client.get(path(meeting)).content.decode()


def test_meetings_are_for_its_members_and_the_administration(client, meeting):
    for who in (people.asta, people.ulla, people.fie):
        log_in(client, who)
        assert client.get(path(meeting)).status_code == 403
    stranger = people.person("Mette", "COMMITTEE_MEMBER")
    client.force_login(stranger, backend=BACKEND)
    assert client.get(path(meeting)).status_code == 404
    log_in(client, people.karl)
    assert client.get(path(meeting)).status_code == 200


def test_follow_the_rest_asks_first_and_decides_all_at_once(client, meeting):
    log_in(client, people.sanne)

    assert "3 sager bliver besluttet" in client.get(path(meeting, "foelg/")).content.decode()
    assert states(meeting) == [S.RECOMMENDED] * 3
    response = client.post(path(meeting, "foelg/"))

    assert response.url == path(meeting)
    assert states(meeting) == [S.APPROVED] * 3
    assert "Alle sager er behandlet" in client.get(path(meeting)).content.decode()


def test_follow_the_rest_leaves_out_cases_with_a_disqualified_member(client, meeting):
    case = meeting.items.order_by("position")[1].application
    log_in(client, people.mads)
    declared = client.post(path(meeting, "inhabil/"), {"sag": [case.pk], "reason": "Min søn."})
    assert declared.url == path(meeting)
    log_in(client, people.sanne)

    page = client.get(path(meeting, "foelg/")).content.decode()
    client.post(path(meeting, "foelg/"))

    assert "Mads er inhabil" in page
    assert states(meeting) == [S.APPROVED, S.RECOMMENDED, S.APPROVED]


def test_disqualified_member_does_not_see_the_assessment(client, meeting):
    case = meeting.items.order_by("position")[0].application
    mads = people.mads()
    ConflictOfInterest.objects.create(
        application=case, user=mads, reason="x", declared_at=timezone.now(), declared_by=mads
    )
    log_in(client, people.mads)

    own = client.get(path(meeting, "sag/1/")).content.decode()
    other = client.get(path(meeting, "sag/2/")).content.decode()

    assert "Godt for kvarteret" not in own
    assert "Fællesskab" not in own
    assert "Godt for kvarteret" in other
    assert "Fællesskab" in other


@pytest.mark.parametrize(
    ("typed", "state", "granted"),
    [
        ({"besl": "1"}, S.APPROVED, Decimal("40000.00")),
        (
            {"besl": "2", "amount_kr": "30.000", "reasons": "Mindre."},
            S.APPROVED,
            Decimal("30000.00"),
        ),
        ({"besl": "3", "reasons": "Uden for formålet."}, S.REJECTED, None),
        ({"besl": "4", "reasons": "Mangler svar."}, S.RECOMMENDED, None),
    ],
)
def test_secretary_decides_one_case_and_comes_to_the_next(client, meeting, typed, state, granted):
    log_in(client, people.sanne)

    response = client.post(path(meeting, "sag/1/"), typed)

    assert response.url == path(meeting, "sag/2/")
    case = meeting.items.get(position=1).application
    assert (case.state, case.granted_kr) == (state, granted)


def test_another_amount_needs_a_reason_and_keeps_the_amount(client, meeting):
    log_in(client, people.sanne)

    page = client.post(path(meeting, "sag/1/"), {"besl": "2", "amount_kr": "30.000"})

    assert "Skriv udvalgets begrundelse." in page.content.decode()
    assert 'value="30.000"' in page.content.decode()


def test_member_cannot_decide(client, meeting):
    log_in(client, people.mads)

    page = client.post(path(meeting, "sag/1/"), {"besl": "1"})

    assert "Det kan kun" in page.content.decode()
    assert states(meeting)[0] == S.RECOMMENDED


def test_attendance_and_closing(client, meeting):
    log_in(client, people.sanne)

    here = {"handling": "fremme", "present": [people.mads().pk]}
    client.post(path(meeting, "fremmoede/"), here)
    assert list(meeting.present.values_list("name", flat=True)) == ["Mads"]
    too_few = client.post(path(meeting, "foelg/")).content.decode()
    assert "ikke beslutningsdygtigt" in too_few
    client.post(path(meeting, "luk/"))
    assert Meeting.objects.get(pk=meeting.pk).state == "PLANNED"

    for position in (1, 2, 3):
        client.post(path(meeting, f"sag/{position}/"), {"besl": "4"})
    client.post(path(meeting, "luk/"))
    assert Meeting.objects.get(pk=meeting.pk).state == "CLOSED"


def test_a_member_of_the_applicant_is_disqualified_without_saying_so(client, meeting):
    case = meeting.items.order_by("position")[0].application
    case.applicant.memberships.create(
        user=people.mads(), role="BOARD", started_on=timezone.localdate()
    )
    log_in(client, people.mads)

    assert "Du er inhabil" in client.get(path(meeting)).content.decode()
    assert "Godt for kvarteret" not in client.get(path(meeting, "sag/1/")).content.decode()


def test_follow_the_rest_decides_nothing_that_was_not_on_the_screen(client, meeting):
    log_in(client, people.sanne)
    shown = client.get(path(meeting, "foelg/")).context["shown"]
    put_on_agenda(meeting, [case_in(S.RECOMMENDED, requested_kr=BIG)], by=people.sanne())

    late = client.post(path(meeting, "foelg/"), {"vist": shown})

    assert late.url == path(meeting, "foelg/")
    assert "Listen er ændret" in client.get(late.url).content.decode()
    assert states(meeting) == [S.RECOMMENDED] * 4
