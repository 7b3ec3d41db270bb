"""Which deadline the applicant has, and whether the letter that gives it can be read.

The journal tells it: this package knows no letters, only the lines that say how one fared.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from pulje.models import Application, JournalEntry
from pulje.states import CaseState, Verb

LETTER_SENT = "letter_sent"  # a carrier has it; before letters told of arriving, it was all
LETTER_AVAILABLE = "letter_available"  # the recipient can read it (letters/available.py)
LETTER_RETURNED = "letter_returned"  # it came back: nobody has been told after all
LETTER_OPENED = "letter_opened"
REMINDED = "reminded"
EXTENDED = "deadline_extended"
COUNTED = "deadline_counted"  # moved, as its letter arrived later than it was written
CONTROL_SELECTED = "control_selected"  # has a deadline of its own, beside the case's

# what gives the case a deadline, and is always told by letter (letters/kinds/); a test compares
TOLD_BY_LETTER = frozenset(
    {
        Verb.ASK_FOR_INFORMATION,
        Verb.OPEN_HEARING,
        Verb.DECIDE,
        Verb.REDECIDE,
        Verb.RETURN_REPORT,
        Verb.REOPEN,
        EXTENDED,
        REMINDED,
        "appeal_upheld",
        "appeal_late",
        "change_approved",
    }
)
REPORT_IS_DUE = (CaseState.ACCEPTED, CaseState.PAID, CaseState.REPORT_RETURNED)


def given_by(
    application: Application, state: CaseState | None = None, *, leaving_out: Collection[str] = ()
) -> JournalEntry | None:
    """The newest journal line that gave the deadline of this state; None without one.

    ``state``: another than the case stands in, where it is on its way back to it.
    """
    states = _as_one(state or CaseState(application.state))
    given = application.journal.filter(to_state__in=states, data__has_key="due_on")
    return given.exclude(event__in=[CONTROL_SELECTED, *leaving_out]).order_by("-number").first()


def _as_one(state: CaseState) -> tuple[CaseState, ...]:
    """The states that have one deadline together."""
    return REPORT_IS_DUE if state in REPORT_IS_DUE else (state,)


def first_given(applications: Collection[Application]) -> dict[int, JournalEntry]:
    """Case pk -> the line that asked in the first place: no reminder, no extension; one query."""
    lines = JournalEntry.objects.filter(
        application__in=[case.pk for case in applications], data__has_key="due_on"
    ).exclude(event__in=[CONTROL_SELECTED, REMINDED, EXTENDED, COUNTED])
    states = {case.pk: _as_one(CaseState(case.state)) for case in applications}
    return {
        line.application_id: line
        for line in lines.order_by("number")  # the newest of a case is the one that stays
        if line.to_state in states[line.application_id]
    }


def moved_deadlines(entries: Collection[JournalEntry]) -> dict[int, str]:
    """Entry pk -> the day its deadline moved to, as its letter came late or was made anew."""
    of = {(entry.application_id, entry.number): entry.pk for entry in entries}
    lines = JournalEntry.objects.filter(
        event=COUNTED, application__in={entry.application_id for entry in entries}
    )
    found = {}
    for line in lines.order_by("number"):
        pk = of.get((line.application_id, line.data["entry"]))
        if pk is not None:
            found[pk] = line.data.get("due_on") or line.data["until"]
    return found


def told_on(entry: JournalEntry) -> date | None:
    """The day the letter about a journal line could be read; None while it cannot."""
    lines = JournalEntry.objects.filter(application=entry.application_id)
    way = lines.filter(event__in=[LETTER_AVAILABLE, LETTER_RETURNED], data__entry=entry.number)
    newest = way.order_by("-number").first() or _sent_before(lines, entry)
    if newest is None or newest.event == LETTER_RETURNED:
        return None
    return timezone.localdate(newest.at)


def _sent_before(lines: QuerySet[JournalEntry], entry: JournalEntry) -> JournalEntry | None:
    """A letter of the time when being sent was the last that was known of one."""
    old = lines.filter(event=LETTER_SENT, number__gt=entry.number)
    return old.exclude(data__has_key="entry").order_by("number").first()


def waits_for_letter(application: Application) -> bool:
    """True while the letter that gives the deadline in force cannot be read.

    Source: digital post-loven § 10; states.md, "Always true" 5.
    """
    entry = given_by(application, leaving_out=(COUNTED,))
    return entry is not None and entry.event in TOLD_BY_LETTER and told_on(entry) is None


def decision_told(
    application: Application, kinds: Collection[str], since: datetime
) -> JournalEntry | None:
    """The line that one of the letters made ``since`` could be read; None while none can."""
    arrived = Q(event__in=[LETTER_AVAILABLE, LETTER_RETURNED])
    old = Q(event=LETTER_SENT) & ~Q(data__has_key="entry")
    lines = application.journal.filter(arrived | old, data__kind__in=kinds, at__gte=since)
    newest = lines.order_by("-number").first()
    return None if newest is None or newest.event == LETTER_RETURNED else newest
