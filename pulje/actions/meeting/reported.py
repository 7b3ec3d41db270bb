"""What was decided between two meetings, told at the next."""

from datetime import datetime

from django.db import transaction

from pulje.models import Meeting
from pulje.queries.meeting.reported import unreported


@transaction.atomic
def report_decisions(meeting: Meeting, at: datetime) -> int:
    """Let the meeting be told of what is decided and not yet told; returns how many.

    Called with the meeting locked, when its agenda is; doing it again adds what has come since.
    """
    return unreported(meeting, at).update(reported_to=meeting)
