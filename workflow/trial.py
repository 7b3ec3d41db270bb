"""A test pool is tried with cases that come in as any other: state, journal and tasks."""

from datetime import datetime

from django.db import transaction

from pulje.actions.application.application import register_on_behalf
from pulje.actions.pool.trial import make_trial_drafts
from pulje.models import Application, Pool, User
from workflow.hands import carry_out


@transaction.atomic
def make_trial_cases(pool: Pool, *, by: User, at: datetime) -> list[Application]:
    """Ten invented applications, received now. Raises what ``make_trial_drafts`` raises."""
    drafts = make_trial_drafts(pool, by=by, at=at)
    entries = [
        carry_out(register_on_behalf, draft, by=by, at=at, received_at=at, on_behalf_of="Prøve")
        for draft in drafts
    ]
    return [entry.application for entry in entries if entry is not None]
