"""Who has had a case open, and on which day."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from pulje.models import Application, CaseReading, User


def note_reading(application: Application, *, by: User, at: datetime) -> None:
    """Write that the person had the case open that day, as ``note_readings``."""
    note_readings([application.pk], by=by, at=at)


def note_readings(cases: Iterable[int], *, by: User, at: datetime) -> None:
    """Write that the person read papers of these cases that day; the second time writes nothing.

    The one thing a GET writes: to have looked is itself what is to be known, nothing that is shown
    follows from it, and asking twice leaves one row.
    Source: databeskyttelsesforordningen art. 32.
    """
    on = timezone.localdate(at)
    CaseReading.objects.bulk_create(
        [CaseReading(application_id=pk, user=by, on=on, first_at=at) for pk in sorted(set(cases))],
        ignore_conflicts=True,
    )
