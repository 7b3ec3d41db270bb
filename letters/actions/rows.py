"""What the verbs share: a row nobody else has, its next state, its failure."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from letters.models import CLAIM_LASTS, Letter, LetterState
from pulje.actions.journal import note_down
from pulje.models import User

WORK = "letters.tasks.deliver_due"
MOVED = "letter_channel_changed"


def when_made(letter: Letter) -> LetterState:
    """A letter that a colleague must read waits for that; any other goes by itself."""
    waits = letter.needs_second_reader and letter.approved_at is None
    return LetterState.RENDERED if waits else LetterState.APPROVED


def is_taken(letter: Letter, now: datetime) -> bool:
    """True while a worker has it in hand; one that took it so long ago is dead."""
    return letter.claimed_at is not None and letter.claimed_at > now - CLAIM_LASTS


def moment(letter: Letter) -> datetime:
    """Now; then, of one known to have arrived before it is made and sent (the demo's old ones)."""
    now = timezone.now()
    return now if letter.sent_at else min(now, letter.available_at or now)


def locked(rows: Any, letter_id: int) -> Letter | None:
    found: Letter | None = (
        rows.filter(pk=letter_id)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("application__applicant", "entry")
        .first()
    )
    return found


def fail(letter: Letter, sentence: str) -> bool:
    letter.state, letter.failure, letter.claimed_at = LetterState.FAILED, sentence, None
    letter.save(update_fields=["state", "failure", "claimed_at"])
    return False


def note_moved(letter: Letter, old: str, *, by: User | None, at: datetime) -> None:
    """The case's journal tells that the letter goes another way than ``old``; None: by itself."""
    told = {"letter": letter.pk, "title": letter.title, "from": old, "to": letter.channel}
    note_down(letter.application, MOVED, by=by, at=at, data=told)
