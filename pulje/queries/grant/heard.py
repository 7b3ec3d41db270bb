"""The last report reminder, which is also a hearing: when it could be read, and until when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from pulje.enums import ReminderKind
from pulje.models import JournalEntry
from pulje.queries.told import (
    EXTENDED,
    LETTER_AVAILABLE,
    LETTER_RETURNED,
    LETTER_SENT,
    REMINDED,
)
from pulje.rules.deadlines import counted_from
from pulje.rules.hearing import is_heard

LAST_REPORT_REMINDER = 4
_LAST = Q(event=REMINDED, data__kind=ReminderKind.REPORT, data__number=LAST_REPORT_REMINDER)
_WAY = Q(event__in=[LETTER_AVAILABLE, LETTER_RETURNED], data__has_key="entry")
_OLD = Q(event=LETTER_SENT) & ~Q(data__has_key="entry")  # being sent was the last that was known


@dataclass(frozen=True)
class Heard:
    """``told_on``: the day it could be read, None while it cannot; ``until``: the last day."""

    told_on: date | None
    until: date

    def is_over(self, today: date) -> bool:
        """True when it has been read and nothing can be answered any more."""
        return is_heard(told_on=self.told_on, due_on=self.until, today=today)


def heard_in_reminder(cases: Collection[int]) -> dict[int, Heard]:
    """Case pk -> its last report reminder, of those that have got one: one query.

    Source: letter E8 (domain.md): the last reminder is also the hearing; rules/hearing.py.
    """
    lines = JournalEntry.objects.filter(_LAST | _WAY | _OLD | Q(event=EXTENDED))
    by_case: dict[int, list[JournalEntry]] = {}
    for line in lines.filter(application__in=cases).order_by("application", "number"):
        by_case.setdefault(line.application_id, []).append(line)
    found = {case: _heard(rows) for case, rows in by_case.items()}
    return {case: heard for case, heard in found.items() if heard is not None}


def _heard(rows: Iterable[JournalEntry]) -> Heard | None:
    """The newest reminder, how its letter fared, and what more time was given after it."""
    last: JournalEntry | None = None
    told_on: date | None = None
    longer: list[date] = []
    for row in rows:
        if row.event == REMINDED:
            last, told_on, longer = row, None, []
        elif last is None:
            continue
        elif row.event == EXTENDED:
            longer.append(date.fromisoformat(row.data["due_on"]))
        elif row.event == LETTER_SENT and told_on is None:
            told_on = timezone.localdate(row.at)
        elif row.data.get("entry") == last.number:
            told_on = timezone.localdate(row.at) if row.event == LETTER_AVAILABLE else None
    if last is None:
        return None
    due_on = date.fromisoformat(last.data["due_on"])
    if told_on is not None:
        due_on = counted_from(due_on, told_on=timezone.localdate(last.at), available_on=told_on)
    return Heard(told_on, max([due_on, *longer]))
