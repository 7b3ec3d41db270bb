"""Reminders: a unique row each, so that no clock can send one twice."""

from datetime import date, datetime

from django.db import transaction

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import ReminderKind
from pulje.models import Application, JournalEntry, Reminder, User


@transaction.atomic
def remind(
    application: Application,
    *,
    by: User | None = None,
    at: datetime,
    kind: ReminderKind,
    about: date,
    number: int,
    new_due_on: date,
    clock_on: date | None,
) -> JournalEntry | None:
    """Make reminder ``number`` about the deadline ``about``; None when it was made before.

    Moves the deadline people see to ``new_due_on`` and the clock to ``clock_on``.
    """
    application = lock(application)
    _row, is_new = Reminder.objects.get_or_create(
        application=application,
        kind=kind,
        due_on=about,
        number=number,
        defaults={"made_at": at},
    )
    application.due_on, application.clock_on = new_due_on, clock_on
    application.save(update_fields=["due_on", "clock_on"])
    if not is_new:
        return None
    if new_due_on > about:
        application.information_requests.filter(answered_at=None).update(due_on=new_due_on)
    data = {
        "kind": kind,
        "number": number,
        "about": about.isoformat(),
        "due_on": new_due_on.isoformat(),
    }
    return note_down(application, "reminded", by=by, at=at, data=data)


@transaction.atomic
def wind_clock(application: Application, clock_on: date | None) -> None:
    """Say when the sweep must look again, without anything having happened."""
    Application.objects.filter(pk=application.pk).update(clock_on=clock_on)
