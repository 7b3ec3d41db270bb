"""Who has had a case open, and on which day."""

from datetime import datetime

from django.utils import timezone

from pulje.models import Application, CaseReading, User


def note_reading(application: Application, *, by: User, at: datetime) -> None:
    """Write that the person had the case open that day; the second time writes nothing.

    The one thing a GET writes: to have looked is itself what is to be known, nothing that is shown
    follows from it, and asking twice leaves one row.
    Source: databeskyttelsesforordningen art. 32.
    """
    CaseReading.objects.bulk_create(
        [CaseReading(application=application, user=by, on=timezone.localdate(at), first_at=at)],
        ignore_conflicts=True,
    )
