"""Send a letter: claimed first, then handed to its port, then noted down."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from letters.actions.rows import locked
from letters.available import about, arrive
from letters.delivery import DeliveryFailed, Parcel, Refused, Sent, port_for
from letters.facts import in_template
from letters.models import (
    MAX_ATTEMPTS,
    DeliveryAttempt,
    Letter,
    LetterState,
    own_path,
    pause_after,
)
from pulje.actions.journal import note_down


def deliver(letter_id: int) -> bool:
    """Send a rendered letter; False when there is nothing to do or it did not get out this time."""
    claimed = _claim(letter_id)
    if claimed is None:
        return False
    letter, attempt = claimed
    try:
        sent = port_for(letter.channel).send(_parcel(letter))
    except DeliveryFailed as failure:
        _not_sent(letter_id, attempt, failure)
        return False
    _sent(letter_id, attempt, sent)
    return True


def _claim(letter_id: int) -> tuple[Letter, DeliveryAttempt] | None:
    with transaction.atomic():
        letter = locked(Letter.objects.to_deliver(timezone.now()), letter_id)
        if letter is None:
            return None
        letter.claimed_at = timezone.now()
        letter.attempts += 1
        letter.save(update_fields=["claimed_at", "attempts"])
        attempt = DeliveryAttempt.objects.create(
            letter=letter, channel=letter.channel, started_at=letter.claimed_at
        )
    return letter, attempt


def _parcel(letter: Letter) -> Parcel:
    facts = letter.facts
    return Parcel(
        message_id=letter.message_id,
        number=facts["number"],
        title=letter.title,
        name=letter.recipient_name,
        email=letter.recipient_email,
        pdf=bytes(letter.paper.pdf),
        enclosure=bytes(letter.enclosure.pdf) if hasattr(letter, "enclosure") else b"",
        link=f"{settings.SITE['url']}{own_path(letter.application_id)}",
        facts=in_template(facts),
    )


@transaction.atomic
def _sent(letter_id: int, attempt: DeliveryAttempt, sent: Sent) -> None:
    """Noted down. A receipt may have been quicker than we: what it said stands."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    letter = rows.get(pk=letter_id)
    now = timezone.now()
    attempt.ended_at, attempt.is_sent, attempt.detail = now, True, sent.detail
    attempt.reference = sent.reference
    attempt.save(update_fields=["ended_at", "is_sent", "detail", "reference"])
    if letter.state == LetterState.APPROVED:
        letter.state, letter.available_at = LetterState.SENT, sent.available_at
    letter.sent_at, letter.claimed_at, letter.failure = now, None, ""
    letter.save(update_fields=["state", "sent_at", "available_at", "claimed_at", "failure"])
    told = {"title": letter.title, "channel": letter.channel, "sha256": letter.sha256}
    note_down(letter.application, "letter_sent", by=None, at=now, data=about(letter) | told)
    if letter.state == LetterState.SENT and sent.available_at and sent.available_at <= now:
        arrive(letter, now)


@transaction.atomic
def _not_sent(letter_id: int, attempt: DeliveryAttempt, failure: DeliveryFailed) -> None:
    letter = Letter.objects.select_for_update().get(pk=letter_id)
    now = timezone.now()
    attempt.ended_at, attempt.detail = now, str(failure)[:300]
    attempt.save(update_fields=["ended_at", "detail"])
    letter.claimed_at = None
    letter.failure = failure.sentence
    letter.next_attempt_at = now + pause_after(letter.attempts)
    if isinstance(failure, Refused) or letter.attempts >= MAX_ATTEMPTS:
        letter.state = LetterState.FAILED
    letter.save(update_fields=["claimed_at", "failure", "next_attempt_at", "state"])
