"""What the clock owes a case: one duty at a time, never too early."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.application.application import lapse
from pulje.actions.decision.decision import redecide
from pulje.actions.reminder import remind
from pulje.enums import ReminderKind
from pulje.errors import RuleBroken
from pulje.models import Application
from pulje.queries.clock import Due, Duty, due_now, original_due_on
from pulje.states import CaseState
from tests import people
from tests.arrived import arrived
from tests.factories import a_draft, a_round, case_in, walk_to

pytestmark = pytest.mark.django_db
S = CaseState
DAY = timedelta(days=1)
HEARD = ["open_hearing", "answer_hearing"]


def on_clock(case: Application, clock_on: date | None) -> Application:
    case.clock_on = clock_on
    return case


@pytest.mark.parametrize("state", CaseState)
def test_nothing_is_due_before_its_day(state):
    today = date(2027, 3, 1)

    for clock_on in (None, today + DAY):
        case = on_clock(Application(state=state), clock_on)
        assert due_now(case, today) == Due(Duty.WAIT, clock_on=clock_on)


@pytest.mark.parametrize(
    ("state", "duty"),
    [
        (S.SUBMITTED, Duty.WAIT),
        (S.RECOMMENDED, Duty.WAIT),
        (S.REPORT_SUBMITTED, Duty.WAIT),
        (S.REJECTED, Duty.CLOSE),
        (S.REPORTED, Duty.CLOSE),
        (S.WITHDRAWN, Duty.CLOSE),
        (S.CLOSED, Duty.WAIT),
    ],
)
def test_what_waits_for_people_and_what_may_be_closed(state, duty):
    today = date(2027, 3, 1)

    case = Application(state=state, clock_on=today, submitted_at=timezone.now())

    assert due_now(case, today) == Due(duty)


def test_withdrawn_draft_is_never_closed():
    today = date(2027, 3, 1)

    assert due_now(Application(state=S.WITHDRAWN, clock_on=today), today) == Due(Duty.WAIT)


@pytest.mark.parametrize(
    ("closes_in", "number", "about", "new"),
    [(None, 2, -1, 6), (-14, 2, -1, 6), (-13, 2, 0, 6), (5, 1, 5, 5)],
    ids=["open all year", "two weeks after the round", "a day less", "the round closes soon"],
)
def test_a_draft_is_reminded_before_it_lapses(closes_in, number, about, new):
    """Begun 60 days ago, and the clock has stood still: there is a week from the warning."""
    now = timezone.now()
    today = timezone.localdate(now)
    closes_at = None if closes_in is None else now + closes_in * DAY
    draft = on_clock(a_draft(round=a_round(closes_at=closes_at)), today)

    due = due_now(draft, today)

    assert (due.duty, due.kind, due.number) == (Duty.REMIND, ReminderKind.DRAFT, number)
    assert (due.about, due.new_due_on) == (today + about * DAY, today + new * DAY)


def test_a_draft_somebody_writes_in_lives_on():
    today = timezone.localdate()
    draft = on_clock(a_draft(), today)
    draft.edited_at = timezone.now() - 3 * DAY

    assert due_now(draft, today) == Due(Duty.WAIT, clock_on=today + 50 * DAY)


def test_hearing_has_its_whole_last_day():
    case = arrived(case_in(S.IN_HEARING))
    due_on = case.due_on

    assert due_now(on_clock(case, due_on), due_on) == Due(Duty.WAIT, clock_on=due_on + DAY)
    assert due_now(on_clock(case, due_on), due_on + DAY) == Due(Duty.EXPIRE_HEARING)
    case.hearings.update(ended_at=timezone.now())
    assert due_now(case, due_on + DAY) == Due(Duty.WAIT)


def test_reminder_names_its_rung_and_gives_the_days():
    case = arrived(case_in(S.APPROVED))
    due_on = case.due_on
    week_before = due_on - 7 * DAY

    assert due_now(case, week_before) == Due(
        Duty.REMIND,
        clock_on=due_on + DAY,
        kind=ReminderKind.AWARD,
        about=due_on,
        number=1,
        new_due_on=due_on,
    )
    too_soon = on_clock(case, week_before - DAY)
    assert due_now(too_soon, week_before - DAY) == Due(Duty.WAIT, clock_on=week_before)


@pytest.mark.parametrize("days", [7, 6, 0])
def test_late_reminder_before_the_deadline_leaves_it_as_it_stands(days):
    case = arrived(case_in(S.APPROVED))
    due_on, day = case.due_on, case.due_on - days * DAY

    due = due_now(on_clock(case, day), day)

    assert (due.number, due.new_due_on, due.clock_on) == (1, due_on, due_on + DAY)


def test_a_report_returned_with_few_days_is_not_reminded_the_same_day():
    case = arrived(case_in(S.REPORT_RETURNED))
    due_on = case.due_on

    for day in (due_on - 13 * DAY, due_on):
        assert due_now(on_clock(case, day), day) == Due(Duty.WAIT, clock_on=due_on + DAY)
    assert due_now(on_clock(case, due_on + DAY), due_on + DAY).number == 2


def reminded(case: Application) -> Application:
    """The reminder of the award has gone, and both letters can be read."""
    due_on = case.due_on
    told = {"kind": ReminderKind.AWARD, "about": due_on, "number": 1, "new_due_on": due_on}
    remind(case, at=timezone.now(), clock_on=due_on + DAY, **told)
    arrived(case)
    case.refresh_from_db()
    return case


def test_an_unanswered_new_decision_takes_away_no_grant_that_was_said_yes_to():
    paid, raised, lowered = (walk_to(S.REVIEWED) for _ in range(3))
    for walk, steps, kr in ((paid, ["pay"], 5_000), (raised, [], 5_500), (lowered, HEARD, 4_500)):
        walk.recommend(Decimal(5_000))
        for step in ("decide", "accept", *steps):
            getattr(walk, step)()
        walk.do(redecide, people.dora(), amount_kr=Decimal(kr), reasons="Lejen er en anden.")
    raised.do(redecide, people.dora(), amount_kr=Decimal(6_000), reasons="Lejen er steget.")

    for walk, duty in ((paid, Duty.WAIT), (raised, Duty.WAIT), (lowered, Duty.LAPSE)):
        case = reminded(walk.case)
        later = max(case.due_on, timezone.localdate()) + 8 * DAY
        case.clock_on = later
        assert due_now(case, later) == Due(duty)
        if duty == Duty.WAIT:
            with pytest.raises(RuleBroken, match="sagt ja før"):
                lapse(case, at=timezone.now() + timedelta(days=60))


def test_case_without_a_deadline_on_record_is_left_to_people():
    imported = on_clock(case_in(S.RETURNED), date(2027, 3, 1))
    imported.state = S.APPROVED

    assert original_due_on(imported) is None
    assert due_now(imported, date(2027, 3, 1)) == Due(Duty.WAIT)


def test_original_deadline_is_the_report_s_own_through_payment_and_hearing():
    walk = walk_to(S.ACCEPTED)
    due_on = walk.case.due_on
    walk.pay()
    assert original_due_on(walk.case) == due_on

    walk.open_hearing()
    assert original_due_on(walk.case, S.PAID) == due_on
    walk.answer_hearing()
    assert original_due_on(walk.case) == due_on


def test_mended_report_has_the_deadline_it_was_returned_with():
    case = case_in(S.REPORT_RETURNED)

    assert original_due_on(case) == case.due_on
