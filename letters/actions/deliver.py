"""Send a letter: claimed first, then handed to its port, then noted down."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import channels
from letters.actions.fall_back import fall_back
from letters.actions.gone import has_ended, stop
from letters.actions.remake import make_anew, note_remade
from letters.actions.rows import fail, locked, moment
from letters.available import arrive, leave
from letters.delivery import DeliveryFailed, Parcel, Refused, Sent, Unreachable, port_for
from letters.facts.base import address_of, in_template, names_today
from letters.kinds.registry import KINDS
from letters.mail_address import seats_of
from letters.models import (
    MAX_ATTEMPTS,
    Channel,
    DeliveryAttempt,
    Letter,
    LetterState,
    ReceiptKind,
    own_path,
    pause_after,
)
from pulje.actions.applicant.person_number import read_person_number


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
    """The letter, ours for CLAIM_LASTS; one that kills its worker each time is given up."""
    with transaction.atomic():
        letter = locked(Letter.objects.to_deliver(timezone.now()), letter_id)
        if letter is None or _is_given_up(letter) or _is_made_anew(letter):
            return None
        letter.claimed_at = timezone.now()
        letter.attempts += 1
        letter.recipient_email = _mail_today(letter)
        letter.save(update_fields=["claimed_at", "attempts", "recipient_email"])
        attempt = DeliveryAttempt.objects.create(
            letter=letter, channel=letter.channel, started_at=moment(letter)
        )
    return letter, attempt


def _is_given_up(letter: Letter) -> bool:
    """It has been tried too often, or events overtook it while a worker had it in hand."""
    if has_ended(letter):
        return True
    if letter.attempts >= MAX_ATTEMPTS:
        fail(letter, _("Brevet kunne ikke sendes i %d forsøg. Se loggen.") % MAX_ATTEMPTS)
        return True
    return False


def _is_made_anew(letter: Letter) -> bool:
    """The applicant is called otherwise, or lives elsewhere, than the letter says, and nobody has
    seen it: it is made once more, and read once more. What is known to be there stays."""
    is_seen = letter.sent_at or letter.available_at
    if is_seen or letter.entry is None or names_today(letter.facts, letter.application):
        return False
    now = timezone.now()
    make_anew([letter], now, due_at=now)
    note_remade([letter], None, now)
    return True


def _mail_today(letter: Letter) -> str:
    """Whom a mail would tell of a letter on the case; another when that person has left."""
    case = letter.application
    if letter.channel != Channel.EMAIL:
        return letter.recipient_email
    seats = seats_of([case.applicant_id])[case.applicant_id]
    return seats.reached(letter.recipient_email, case.contact_email, case.applicant.email)


def _parcel(letter: Letter) -> Parcel:
    """What the carrier gets; an envelope is for where the recipient lives today."""
    if letter.channel == Channel.EMAIL and not letter.recipient_email:
        raise Unreachable(_("Ingen hos ansøger kan få besked om brevet med e-mail."))
    facts, case, kind = letter.facts, letter.application, KINDS[letter.kind]
    recipient_id, id_type = _recipient_id(letter)
    answer_by = facts.get(kind.asks_by) if kind.asks_by else None
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
        uuid=str(letter.uuid),
        address=_envelope(letter),
        recipient_id=recipient_id,
        recipient_id_type=id_type,
        kle=case.version.kle,
        is_decision=kind.is_decision or kind.needs_guidance,
        made_at=letter.rendered_at,
        answer_by=date.fromisoformat(answer_by) if answer_by else None,
    )


def _envelope(letter: Letter) -> tuple[str, ...]:
    name, *place = address_of(letter.application)
    return (f"Til værgen for {name}" if letter.facts.get("to_guardian") else name, *place)


def _recipient_id(letter: Letter) -> tuple[str, str]:
    """Whose mailbox it is, for Digital Post only; that a CPR number was read is in the journal."""
    case = letter.application
    if letter.channel != Channel.DIGITAL_POST:
        return "", ""
    if case.applicant.kind in channels.WITH_CVR:
        return case.applicant.cvr, "CVR"
    return read_person_number(case, at=timezone.now(), purpose=f"letter:{letter.pk}"), "CPR"


@transaction.atomic
def _sent(letter_id: int, attempt: DeliveryAttempt, sent: Sent) -> None:
    """Noted down. A receipt may have been quicker than we: what it said stands."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    letter = rows.get(pk=letter_id)
    now, sent_at = timezone.now(), moment(letter)
    attempt.ended_at, attempt.detail, attempt.reference = sent_at, sent.detail, sent.reference
    attempt.save(update_fields=["ended_at", "detail", "reference"])
    if letter.state == LetterState.APPROVED:
        letter.state, letter.sent_at = LetterState.SENT, sent_at
        letter.available_at = letter.available_at or sent.available_at  # known to be there: stays
    letter.claimed_at, letter.failure = None, ""
    letter.save(update_fields=["state", "sent_at", "available_at", "claimed_at", "failure"])
    leave(letter, attempt, sent_at)
    if letter.state == LetterState.SENT and letter.available_at and letter.available_at <= now:
        arrive(letter, letter.available_at)
    elif letter.state == LetterState.SENT:
        why = _rejected(letter, attempt)
        if why and not fall_back(letter, why, now):
            stop(letter, why)


def _rejected(letter: Letter, attempt: DeliveryAttempt) -> str:
    """Why the carrier has said no already: to this try, or to one before it that we heard not of.

    ``attempts`` counts the tries since the letter was put on this channel.
    """
    tries = letter.delivery_attempts.order_by("-pk")[: max(letter.attempts, 1)]
    told = letter.receipts.filter(
        kind=ReceiptKind.REJECTED,
        source=attempt.channel,
        received_at__gte=min(one.started_at for one in tries),
    )
    receipt = told.order_by("-pk").first()
    return _("Digital Post afviste brevet. %s") % receipt.detail if receipt else ""


@transaction.atomic
def _not_sent(letter_id: int, attempt: DeliveryAttempt, failure: DeliveryFailed) -> None:
    """A carrier that took it all the same has perhaps said so: then the letter stays arrived."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    letter = rows.get(pk=letter_id)
    now = timezone.now()
    attempt.ended_at, attempt.detail = now, str(failure)[:300]
    attempt.save(update_fields=["ended_at", "detail"])
    if letter.state != LetterState.APPROVED:
        return
    why = failure.sentence if isinstance(failure, Unreachable) else _rejected(letter, attempt)
    if why and fall_back(letter, why, now):
        return
    letter.claimed_at, letter.failure = None, failure.sentence
    letter.next_attempt_at = now + pause_after(letter.attempts)
    letter.save(update_fields=["claimed_at", "failure", "next_attempt_at"])
    if why or isinstance(failure, Refused) or letter.attempts >= MAX_ATTEMPTS:
        stop(letter, failure.sentence)
