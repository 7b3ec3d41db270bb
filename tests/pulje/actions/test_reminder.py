from datetime import timedelta

from django.utils import timezone

from pulje.actions.reminder import remind, wind_clock
from pulje.enums import ReminderKind
from pulje.states import CaseState
from tests.factories import case_in
from tests.pulje.actions.telling import again, last_line

S = CaseState


def test_remind_moves_the_deadline_once(now):
    case, today = case_in(S.PAID), timezone.localdate(now)
    told = {
        "at": now,
        "kind": ReminderKind.REPORT,
        "about": case.due_on,
        "number": 2,
        "new_due_on": today + timedelta(days=14),
        "clock_on": today + timedelta(days=15),
    }

    entry = remind(case, **told)
    assert remind(case, **told) is None

    case = again(case)
    assert (case.due_on, case.clock_on) == (told["new_due_on"], told["clock_on"])
    assert (case.reminders.count(), last_line(case)) == (1, entry)
    assert (entry.event, entry.data) == (
        "reminded",
        {
            "kind": "REPORT",
            "number": 2,
            "about": told["about"].isoformat(),
            "due_on": told["new_due_on"].isoformat(),
        },
    )


def test_wind_clock_writes_nothing_in_the_journal(now):
    case, length = case_in(S.PAID), case_in(S.PAID).journal_length

    wind_clock(case, None)

    assert (again(case).clock_on, again(case).journal_length) == (None, length)
