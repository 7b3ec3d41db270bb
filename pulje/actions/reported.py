"""What was decided between two meetings, told at the next."""

from datetime import datetime

from django.db import transaction
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


@transaction.atomic
def report_decisions(meeting: Meeting, at: datetime) -> int:
    """Let the meeting be told of what is decided and not yet told; returns how many.

    Called with the meeting locked, when its agenda is; doing it again adds what has come since.
    """
    return unreported(meeting, at).update(reported_to=meeting)
