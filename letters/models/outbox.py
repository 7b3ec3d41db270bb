"""What letters and mails have in common: rows that a worker claims, tries and tries again."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings

MAX_ATTEMPTS = 5
CLAIM_LASTS = timedelta(minutes=10)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: 1, 5, 25, 125 minutes."""
    return timedelta(minutes=5 ** max(attempts - 1, 0))


def message_id(what: str, uuid: UUID) -> str:
    """The same for every try, so that a receiver can fold two into one."""
    return f"<{what}.{uuid}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"


def case_path(application_id: int | None) -> str:
    """Where the house works on the case; this package does not know workflow's pages."""
    return f"/sag/{application_id}/"


def own_path(application_id: int) -> str:
    """Where the applicant follows the case, and reads its letters."""
    return f"/ansoeg/{application_id}/"
