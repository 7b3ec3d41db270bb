"""What has been decided for the committee between its meetings, and not been told to it."""

from datetime import datetime

from django.db.models import QuerySet

from pulje.enums import DecidedBy
from pulje.models import Decision, ImportedRow, Meeting

TOLD = (DecidedBy.DELEGATION, DecidedBy.CHAIR)


def unreported(meeting: Meeting, at: datetime) -> QuerySet[Decision]:
    """Decisions of the committee's pools made outside its meetings and never told to it.

    Not those of trial pools, nor those taken over from an old register: the committee that was
    told of them has been. Source: domain.md A5 (delegated decisions are told in a table).
    """
    imported = ImportedRow.objects.values("application_id")
    return Decision.objects.filter(
        body__in=TOLD,
        is_current=True,
        reported_to=None,
        decided_at__lte=at,
        application__pool__committee=meeting.committee_id,
        application__pool__is_test=False,
    ).exclude(application__in=imported)
