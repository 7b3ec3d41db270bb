"""A letter that one carrier cannot bring takes the next way by itself."""

from datetime import datetime

from letters import channels
from letters.actions.gone import about_gone
from letters.actions.rows import WORK, note_moved
from letters.mails.actions import nudge
from letters.models import Letter, LetterState

LONGEST = 200


def fall_back(letter: Letter, why: str, now: datetime) -> bool:
    """Put the locked letter on its next channel; False when there is none it could go by, or what
    it tells stands no longer.

    The tries by the first channel stay on record; the case's journal tells of the change.
    """
    channel = channels.after(letter.channel)
    who = letter.application.applicant
    if channel is None or not (who.street and who.postcode) or about_gone([letter]):
        return False
    old = letter.channel
    letter.state, letter.attempts, letter.failure = LetterState.APPROVED, 0, ""
    letter.claimed_at, letter.available_at, letter.next_attempt_at = None, None, now
    letter.channel, letter.channel_reason = channel, why[:LONGEST]
    letter.save(
        update_fields=[
            *("state", "attempts", "failure", "claimed_at", "available_at"),
            *("next_attempt_at", "channel", "channel_reason"),
        ]
    )
    note_moved(letter, old, by=None, at=now)
    nudge(WORK)
    return True
