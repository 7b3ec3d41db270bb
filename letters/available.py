"""A letter has left, and can be read by the one it is written to: deadlines count from there."""

from datetime import datetime

from django.db import transaction

from letters.models import DeliveryAttempt, Letter, LetterState
from pulje.actions.deadline_counted import count_from
from pulje.actions.journal import note_down
from pulje.queries.told import LETTER_AVAILABLE


def about(letter: Letter) -> dict[str, object]:
    """What every journal line about a letter's way says of it; ``entry``: the line it tells of."""
    entry = letter.entry.number if letter.entry else None
    return {"letter": letter.pk, "kind": letter.kind, "entry": entry}


@transaction.atomic
def leave(letter: Letter, attempt: DeliveryAttempt, now: datetime) -> None:
    """A carrier has the letter by this try; the row is locked. Told by worker and receipt: once."""
    if DeliveryAttempt.objects.filter(pk=attempt.pk, is_sent=False).update(is_sent=True):
        told = {"title": letter.title, "channel": attempt.channel, "sha256": letter.sha256}
        note_down(letter.application, "letter_sent", by=None, at=now, data=about(letter) | told)


@transaction.atomic
def arrive(letter: Letter, at: datetime) -> None:
    """The letter can be read from ``at``; the row is locked and not there yet.

    The reader gets all the days it promises from that day (digital post-loven § 10).
    """
    letter.state, letter.available_at, letter.failure = LetterState.AVAILABLE, at, ""
    letter.sent_at = letter.sent_at or at
    letter.claimed_at = None
    letter.save(update_fields=["state", "available_at", "failure", "sent_at", "claimed_at"])
    told = about(letter) | {"channel": letter.channel}
    if guidance := letter.facts.get("guidance"):  # which may tell by when to complain
        told["guidance"] = guidance["version"]
    note_down(letter.application, LETTER_AVAILABLE, by=None, at=at, data=told)
    if letter.entry is not None:
        count_from(letter.entry, at=at)


@transaction.atomic
def arrive_by_post(letter_id: int, now: datetime) -> bool:
    """The day has come when the post has brought it; False when somebody was faster."""
    rows = Letter.objects.arrives(now).select_for_update(of=("self",), skip_locked=True)
    letter = rows.select_related("application", "entry").filter(pk=letter_id).first()
    if letter is None or letter.available_at is None:
        return False
    arrive(letter, letter.available_at)
    return True
