"""What the verbs share: a row nobody else has, its next state, its failure."""

from typing import Any

from letters.models import (
    Letter,
    LetterState,
)

WORK = "letters.tasks.deliver_due"


def when_made(letter: Letter) -> LetterState:
    """A letter that a colleague must read waits for that; any other goes by itself."""
    waits = letter.needs_second_reader and letter.approved_at is None
    return LetterState.RENDERED if waits else LetterState.APPROVED


def locked(rows: Any, letter_id: int) -> Letter | None:
    found: Letter | None = (
        rows.filter(pk=letter_id)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("application")
        .first()
    )
    return found


def fail(letter: Letter, sentence: str) -> bool:
    letter.state, letter.failure = LetterState.FAILED, sentence
    letter.save(update_fields=["state", "failure"])
    return False
