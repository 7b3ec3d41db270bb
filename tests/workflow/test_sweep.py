"""The clock: what is due is done once, with all its days, and one bad case stops nobody."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Letter, Mail
from pulje.actions.decision.appeal import receive_appeal
from pulje.actions.ledger import outstanding_kr
from pulje.models import Application, InformationRequest, User
from pulje.states import CaseState
from tests import people
from tests.arrived import arrived
from tests.factories import a_draft, a_pool, a_round, case_in, walk_to
from workflow.contradictions import contradictions
from workflow.tasks import FAILED, find_contradictions, sweep

pytestmark = pytest.mark.django_db
S = CaseState


def sweep_on(day: date) -> int:
    """The clock's whole day: every hour would do the same as these two."""
    noon = datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())
    with time_machine.travel(noon, tick=False):
        done = sweep()
        assert sweep() == 0, "a second sweep finds nothing"
    return done


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def letters_of(case: Application) -> list[str]:
    return list(
        Letter.objects.filter(application=case).order_by("pk").values_list("kind", flat=True)
    )


def all_letters_are_sent() -> None:
    Letter.objects.unsent().update(state="SENT", sent_at=timezone.now(), sha256="0" * 64)


def all_letters_leave(day: date) -> None:
    """What the worker does: each letter leaves on the day, and the journal says so."""
    at = datetime.combine(day, time(13), tzinfo=timezone.get_current_timezone())
    for case in Application.objects.filter(letters__in=Letter.objects.unsent()).distinct():
        arrived(case, at)
    all_letters_are_sent()


def test_missing_information_is_reminded_then_lapses() -> None:
    case = arrived(case_in(S.RETURNED))
    due_on = case.due_on

    assert sweep_on(due_on - timedelta(days=4)) == 0
    assert sweep_on(due_on - timedelta(days=3)) == 1
    assert fresh(case).state == S.RETURNED
    assert letters_of(case)[-1] == "INFORMATION_REMINDER"
    all_letters_leave(due_on - timedelta(days=3))

    assert sweep_on(due_on + timedelta(days=13)) == 0
    assert sweep_on(due_on + timedelta(days=14)) == 1
    assert fresh(case).state == S.LAPSED
    assert contradictions() == []


def test_a_clock_that_stood_still_gives_the_reminder_and_all_its_days() -> None:
    case = arrived(case_in(S.RETURNED))
    late = case.due_on + timedelta(days=40)

    sweep_on(late)
    all_letters_leave(late)
    assert fresh(case).state == S.RETURNED
    assert fresh(case).due_on == late + timedelta(days=3)

    assert sweep_on(late + timedelta(days=16)) == 0
    sweep_on(late + timedelta(days=17))
    assert fresh(case).state == S.LAPSED


@pytest.mark.parametrize(("plan", "state"), [("REIMBURSEMENT", S.LAPSED), ("UPFRONT", S.ACCEPTED)])
def test_a_grant_paid_after_a_report_that_never_comes_lapses(plan: str, state: CaseState) -> None:
    case = case_in(S.ACCEPTED, pool=a_pool(payment_plan=plan))
    due_on = case.due_on

    for days in (-14, 1, 15, 30):
        assert sweep_on(due_on + timedelta(days=days)) == 1
        all_letters_leave(due_on + timedelta(days=days))
    assert sweep_on(due_on + timedelta(days=44)) == 0
    assert fresh(case).state == S.ACCEPTED

    sweep_on(due_on + timedelta(days=45))
    assert fresh(case).state == state
    assert contradictions() == []


def test_a_hearing_ends_the_day_after_its_deadline() -> None:
    case = arrived(case_in(S.IN_HEARING))

    assert sweep_on(case.due_on) == 0
    assert sweep_on(case.due_on + timedelta(days=1)) == 1

    assert fresh(case).state == S.REVIEWED
    assert contradictions() == []


def test_an_award_nobody_answers_is_reminded_and_returns_to_the_frame() -> None:
    case = arrived(case_in(S.APPROVED))
    due_on = case.due_on

    assert sweep_on(due_on - timedelta(days=7)) == 1
    assert letters_of(case)[-1] == "AWARD_REMINDER"
    all_letters_leave(due_on - timedelta(days=7))
    assert sweep_on(due_on) == 0
    assert outstanding_kr(case) == case.granted_kr
    assert sweep_on(due_on + timedelta(days=1)) == 1

    assert fresh(case).state == S.LAPSED
    assert outstanding_kr(case) == 0
    assert contradictions() == []


@pytest.mark.parametrize("state", [S.RETURNED, S.APPROVED])
def test_nothing_lapses_before_its_letters_have_left_with_all_their_days(state: S) -> None:
    """Source: states.md, "Always true" 5; a letter that failed is nobody's fault but ours."""
    case = case_in(state)
    late, later = case.due_on + timedelta(days=60), case.due_on + timedelta(days=120)
    wait = timedelta(days=17 if state == S.RETURNED else 8)
    for day in (case.clock_on, late):
        sweep_on(day)
        assert letters_of(case)[-1] in ("MISSING_INFORMATION", "AWARD"), "nobody has been told"
        assert fresh(case).clock_on == day + timedelta(days=1)
    all_letters_leave(late)

    sweep_on(late + timedelta(days=1))
    assert letters_of(case)[-1].endswith("_REMINDER")
    sweep_on(later)
    assert fresh(case).state == state, "its reminder is still here"
    all_letters_leave(later)
    sweep_on(later + wait - timedelta(days=1))
    assert (fresh(case).state, fresh(case).clock_on) == (state, later + wait)
    sweep_on(later + wait)

    assert fresh(case).state == S.LAPSED


def test_an_award_does_not_lapse_while_a_complaint_waits() -> None:
    walk = walk_to(S.REVIEWED)
    walk.recommend(Decimal(5_000))
    walk.decide()
    arrived(walk.case)
    lapse_on = walk.case.due_on + timedelta(days=1)
    today = timezone.localdate(walk.at)
    walk.do(receive_appeal, people.karl(), received_on=today, text="Nej")
    for day in (lapse_on - timedelta(days=8), lapse_on):
        sweep_on(day)
        all_letters_leave(day)

    assert (fresh(walk.case).state, fresh(walk.case).clock_on) == (
        S.APPROVED,
        lapse_on + timedelta(days=1),
    )


def test_the_report_ladder_has_four_letters_from_the_original_deadline() -> None:
    walk = walk_to(S.ACCEPTED)
    due_on = walk.case.due_on

    sweep_on(due_on - timedelta(days=14))
    walk.pay()  # the deadline stands when the money comes
    assert walk.case.state == S.PAID
    assert walk.case.due_on == due_on
    for days, next_due in ((1, 14), (15, 29), (30, 44)):
        all_letters_leave(due_on + timedelta(days=days))
        assert sweep_on(due_on + timedelta(days=days)) == 1
        assert fresh(walk.case).due_on == due_on + timedelta(days=next_due)

    rows = walk.case.reminders.order_by("number").values_list("number", "due_on")
    assert list(rows) == [(number, due_on) for number in (1, 2, 3, 4)]
    assert fresh(walk.case).clock_on is None
    assert letters_of(walk.case)[-5:] == [
        "REPORT_BEFORE",
        "PAYMENT_NOTICE",
        "REPORT_FIRST",
        "REPORT_SECOND",
        "REPORT_LAST",
    ]


def test_a_returned_report_starts_its_own_ladder_without_the_gentle_one_at_once() -> None:
    walk = walk_to(S.REPORT_RETURNED)
    arrived(walk.case)
    due_on = walk.case.due_on

    sweep_on(due_on)
    assert not walk.case.reminders.exists()
    sweep_on(due_on + timedelta(days=1))

    (row,) = walk.case.reminders.all()
    assert (row.number, row.due_on) == (2, due_on)


@pytest.mark.parametrize("state", [S.REJECTED, S.DECLINED, S.WITHDRAWN, S.LAPSED, S.REPORTED])
def test_an_ended_case_closes_after_the_waiting_period_when_its_letters_are_sent(state: S) -> None:
    case = case_in(state)
    closing_on = case.clock_on

    assert sweep_on(closing_on - timedelta(days=1)) == 0
    sweep_on(closing_on)
    assert fresh(case).state == state, "its last letter is still here"

    all_letters_are_sent()
    sweep_on(closing_on + timedelta(days=1))
    assert fresh(case).state == S.CLOSED
    assert contradictions() == []


def draft_closing_in(days: int) -> tuple[Application, date]:
    closes_at = timezone.now() + timedelta(days=days)
    case = a_draft(round=a_round(closes_at=closes_at), starts=timezone.now())
    return case, timezone.localdate(closes_at)


def test_a_draft_is_reminded_before_its_round_closes_and_before_it_lapses() -> None:
    case, closes_on = draft_closing_in(100)

    assert sweep_on(closes_on - timedelta(days=8)) == 0
    for day in (-7, 7, 14):
        assert fresh(case).state == S.DRAFT
        assert sweep_on(closes_on + timedelta(days=day)) == 1
    assert fresh(case).state == S.LAPSED
    assert letters_of(case) == []
    mails = Mail.objects.filter(application=case).order_by("pk")
    assert [mail.kind for mail in mails] == ["DRAFT_DEADLINE", "DRAFT_LAPSES"]
    assert {mail.recipient_email for mail in mails} == {"asta@puljer.example"}
    assert mails[0].facts["deadline"] == case.round.closes_at.isoformat()
    assert mails[1].facts["deadline"] == (closes_on + timedelta(days=13)).isoformat()
    assert mails[1].facts["path"] == f"/ansoeg/{case.pk}/kladde/"


def test_only_those_who_want_it_are_reminded_of_a_draft() -> None:
    case, closes_on = draft_closing_in(30)
    bo = people.person("Bo")
    people.seat(case.applicant, bo)
    people.seat(case.applicant, people.ulla(), confirmed_at=None, proof="NONE")
    User.objects.filter(email="asta@puljer.example").update(wants_reminder_mail=False)

    sweep_on(closes_on - timedelta(days=7))

    assert [mail.recipient_email for mail in Mail.objects.all()] == [bo.email]


def test_a_draft_lapses_though_nobody_wants_a_mail() -> None:
    case, closes_on = draft_closing_in(100)
    User.objects.update(wants_reminder_mail=False)

    for day in (-7, 7, 14):
        sweep_on(closes_on + timedelta(days=day))

    assert fresh(case).state == S.LAPSED
    assert not Mail.objects.exists()


def test_one_bad_case_stops_nobody_and_stands_in_its_journal() -> None:
    bad, good = arrived(case_in(S.RETURNED)), arrived(case_in(S.RETURNED))
    InformationRequest.objects.filter(application=bad).delete()
    Application.objects.filter(pk=bad.pk).update(clock_on=good.clock_on)
    day = good.clock_on

    assert sweep_on(day) == 1

    assert letters_of(good)[-1] == "INFORMATION_REMINDER"
    assert fresh(bad).journal.latest("number").event == FAILED
    assert fresh(bad).clock_on == day + timedelta(days=1)
    assert fresh(bad).state == S.RETURNED


def test_a_sweep_with_nothing_due_asks_for_cases_and_agendas() -> None:
    case_in(S.REVIEWED)

    with CaptureQueriesContext(connection) as queries:
        assert sweep() == 0

    assert len(queries) == 2


def test_the_nightly_look_counts_cases_whose_tasks_do_not_fit() -> None:
    case = case_in(S.REVIEWED)
    assert find_contradictions() == 0

    Application.objects.filter(pk=case.pk).update(state=S.SUBMITTED)

    assert find_contradictions() == 1
