"""Deadlines, working days and the ladders of reminders.

A ladder is built from the ORIGINAL deadline of the case, never from one that a reminder gave.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import holidays

_PUBLIC_HOLIDAYS = holidays.country_holidays("DK")

# Not public holidays by law, but no municipal office answers on them: a deadline for the
# municipality that counted them would be a day nobody could use, and one for the citizen a trap.
_OFFICE_CLOSED = frozenset({(6, 5), (12, 24), (12, 31)})


@dataclass(frozen=True)
class Step:
    """One rung of a ladder: letter `number` goes on `send_on` and says `new_due_on`.

    `lapses` marks the last rung of `information_ladder`: no letter asks again, the case lapses.
    """

    number: int
    send_on: date
    new_due_on: date
    lapses: bool = False


def is_late(received_at: datetime, closes_at: datetime | None) -> bool:
    """Say whether an application came after the deadline; exactly at the deadline is in time.

    Both are times with zone. No deadline (None, a pool open all year) is never late.
    Source: local: each pool's deadline has a clock time and its own late rule (domain.md A5).
    """
    return closes_at is not None and received_at > closes_at


def is_working_day(day: date) -> bool:
    """Say whether the municipality works that day.

    Closed: Saturdays, Sundays, Danish public holidays (package `holidays`, which knows that
    store bededag ended with 2023), and by custom 5 June, 24 and 31 December.
    Source: lov om helligdage; 5 June, 24 and 31 December by local custom (local config).
    """
    if day.weekday() >= calendar.SATURDAY or (day.month, day.day) in _OFFICE_CLOSED:
        return False
    return day not in _PUBLIC_HOLIDAYS


def add_working_days(day: date, days: int) -> date:
    """Give the day that lies `days` working days after `day`; it is always a working day.

    `day` itself is not counted; `days=0` gives `day` or the first working day after it.
    Refuses a negative number (ValueError).
    Source: local: "svar inden for 10 hverdage" (domain.md A5, Roskilde); letter E1 counts the same.
    """
    if days < 0:
        raise ValueError(f"days must not be negative, got {days}")
    if days == 0:
        return day if is_working_day(day) else add_working_days(day, 1)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def working_days_after(day: date, until: date) -> int:
    """Count the working days after `day`, up to and with `until`; none when it is not later.

    Source: the counterpart of `add_working_days` (local config).
    """
    days = max((until - day).days, 0)
    return sum(is_working_day(day + timedelta(days=number)) for number in range(1, days + 1))


def add_months(day: date, months: int) -> date:
    """Give the same day `months` later; the month's last day where that day does not exist.

    31 December plus 2 months is the last of February.
    Source: the common way to count months (local config where a pool says otherwise).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def latest_deadline(day: date) -> date:
    """Give the last day that may be set as a deadline, or written of, on `day`: a year ahead.

    Source: local config: a deadline later than that is a slip of the pen.
    """
    return add_months(day, 12)


def counted_from(due_on: date, *, told_on: date, available_on: date) -> date:
    """Give the deadline a letter written on `told_on` gives to somebody who got it later.

    As many days from `available_on` as the letter gave from its own day, and then a day we work;
    `due_on` itself when it was there on its day. Never sooner than `due_on`.
    Source: digital post-loven § 10 (it has come when the recipient can read it).
    """
    if available_on <= told_on:
        return due_on
    return add_working_days(max(due_on, available_on + (due_on - told_on)), 0)


def reminder_ladder(due_on: date, given_on: date | None = None) -> tuple[Step, ...]:
    """Give the four letters about a missing report, from its original deadline.

    14 days before (the deadline stands), then 1, 15 and 30 days after. Each letter's new deadline
    is the day before the next letter: its whole day belongs to the reader. The last is also the
    hearing (partshøring) and gives 14 days.
    A deadline given so late that the first would go at once has only the other three.
    Source: local defaults (domain.md A7 and E8); the hearing: forvaltningsloven § 19.
    """
    first, second, final = (due_on + timedelta(days=days) for days in (1, 15, 30))
    before, day = Step(1, due_on - timedelta(days=14), due_on), timedelta(days=1)
    return (
        *([before] if given_on is None or given_on < before.send_on else []),
        Step(2, first, second - day),
        Step(3, second, final - day),
        Step(4, final, final + timedelta(days=14)),
    )


def information_ladder(due_on: date, given_on: date | None = None) -> tuple[Step, ...]:
    """Give the reminder 3 days before the deadline for an answer, and the lapse 14 days after it.

    Of a deadline given so late that it would go at once, the reminder goes the day after it.
    The lapse is the second rung, so `next_step` never reaches it without the reminder.
    Source: forvaltningsloven § 7 (vejledning before refusal on form); the days are local config.
    """
    lapse_on, before = due_on + timedelta(days=14), due_on - timedelta(days=3)
    reminder = Step(1, before, due_on)
    if given_on is not None and given_on >= before:
        reminder = Step(1, due_on + timedelta(days=1), lapse_on - timedelta(days=1))
    return (
        reminder,
        Step(2, lapse_on, lapse_on, lapses=True),
    )


def award_ladder(due_on: date, given_on: date | None = None) -> tuple[Step, ...]:
    """Give the reminder 7 days before an award must be answered, and the lapse the day after it.

    Of a deadline given so late that it would go at once, the reminder goes the day after it and
    gives a week.
    Source: states.md (lapse: reminders sent, deadline passed); the days are local config.
    """
    reminder = Step(1, due_on - timedelta(days=7), due_on)
    if given_on is not None and given_on >= reminder.send_on:
        reminder = Step(1, due_on + timedelta(days=1), due_on + timedelta(days=8))
    lapse_on = reminder.new_due_on + timedelta(days=1)
    return (
        reminder,
        Step(2, lapse_on, lapse_on, lapses=True),
    )


def draft_ladder(begun_on: date, touched_on: date, closes_on: date | None) -> tuple[Step, ...]:
    """Give the reminder before a draft's round closes, the warning before it lapses, and the lapse.

    The reminder goes 7 days before, or the day before for a draft that was begun later than that.
    A draft lapses when nobody has written in it for 60 days, and 14 days after its round at the
    earliest; the warning goes 7 days before.
    Source: states.md (lapse: reminders sent, deadline passed); the days are local config.
    """
    lapse_on = touched_on + timedelta(days=60)
    rungs = []
    if closes_on is not None:
        lapse_on = max(lapse_on, closes_on + timedelta(days=14))
        days = 7 if begun_on < closes_on - timedelta(days=7) else 1
        if begun_on < closes_on - timedelta(days=days):
            rungs.append(Step(1, closes_on - timedelta(days=days), closes_on))
    rungs.append(Step(2, lapse_on - timedelta(days=7), lapse_on - timedelta(days=1)))
    return (*rungs, Step(3, lapse_on, lapse_on, lapses=True))


def next_step(ladder: Sequence[Step], sent: frozenset[int], today: date) -> Step | None:
    """Give the one step that is due now, or None.

    The lowest unsent one whose day has come: no letter is skipped, none is sent twice, also when
    the clock stood still for weeks. `sent` holds the numbers already sent.
    Source: states.md, "Always true" 5: a clock decides against nobody without the reminders.
    """
    step = _lowest_unsent(ladder, sent)
    return step if step and step.send_on <= today else None


def next_clock(ladder: Sequence[Step], sent: frozenset[int]) -> date | None:
    """Give the day the ladder must be looked at again, or None when every step is taken.

    Source: states.md, "Always true" 5 (local config: the ladder's days).
    """
    step = _lowest_unsent(ladder, sent)
    return step.send_on if step else None


def with_full_time(step: Step, sent_on: date) -> Step:
    """Give the step as it stands when its letter goes out late: the reader still has all the days.

    A letter that goes on its day, or before, is unchanged.
    Source: god forvaltningsskik: a deadline must be one that can be kept (local config).
    """
    delay = max(sent_on - step.send_on, timedelta())
    return replace(step, send_on=step.send_on + delay, new_due_on=step.new_due_on + delay)


def _lowest_unsent(ladder: Sequence[Step], sent: frozenset[int]) -> Step | None:
    unsent = [step for step in ladder if step.number not in sent]
    return min(unsent, key=lambda step: step.number, default=None)
