"""What carriers and mail servers tell later: noted once, and the letter moved by it."""

import hashlib
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from letters.actions.fall_back import fall_back
from letters.actions.gone import stop
from letters.available import about, arrive, leave
from letters.delivery import DeliveryFailed, Receipt, ReceiptSource
from letters.models import (
    Channel,
    DeliveryAttempt,
    DeliveryReceipt,
    Letter,
    LetterState,
    ReceiptKind,
)
from letters.opened import be_opened
from pulje.actions.journal import note_down
from pulje.queries.told import LETTER_RETURNED

logger = logging.getLogger(__name__)
S = LetterState
NOT_ARRIVED = (S.APPROVED, S.SENT, S.FAILED, S.SUPERSEDED)
MAY_COME_BACK = (S.SENT, S.AVAILABLE)
FETCHED_FOR = timedelta(days=7)  # a receipt about nothing we know is asked for again so long
CAME_BACK = {
    ReceiptKind.BOUNCED: gettext_noop("Mailen kom retur: %s"),
    ReceiptKind.REJECTED: gettext_noop("Brevet blev afvist: %s"),
}
CLOCKS_DIFFER = timedelta(minutes=5)
LONGEST_NUMBER, LONGEST = 100, 300


@transaction.atomic
def take(
    source: Channel,
    number: str,
    concerns: Letter | str,
    kind: ReceiptKind,
    at: datetime,
    detail: str = "",
) -> Letter | None:
    """Keep a receipt and move the letter it is about; again is harmless.

    ``number``: the receipt's own, unique at its source. ``concerns``: the letter, or what the
    carrier calls it (``Sent.reference``). Gives the letter, None when nobody knows it.
    """
    letter = _locked(concerns)
    if letter is None:
        return None
    now = timezone.now()
    at = min(at, now)
    _row, is_new = DeliveryReceipt.objects.get_or_create(
        source=source,
        number=_short(number),
        defaults={
            "letter": letter,
            "kind": kind,
            "at": at,
            "received_at": now,
            "detail": detail[:LONGEST],
        },
    )
    if is_new:
        _move(letter, source, kind, at, detail)
    return letter


def _locked(concerns: Letter | str) -> Letter | None:
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    if isinstance(concerns, Letter):
        return rows.get(pk=concerns.pk)
    try:
        found = rows.filter(uuid=UUID(concerns)).first()
    except ValueError:
        found = None
    if found is not None:  # known before we have noted down that it was sent
        return found
    tries = DeliveryAttempt.objects.filter(reference=concerns).exclude(reference="")
    return rows.filter(pk__in=tries.values("letter")).order_by("pk").first()


def _short(number: str) -> str:
    """A number of any length in its column, still itself."""
    if len(number) <= LONGEST_NUMBER:
        return number
    return hashlib.sha256(number.encode()).hexdigest()


def _move(letter: Letter, source: Channel, kind: ReceiptKind, at: datetime, detail: str) -> None:
    """A good word counts whenever it comes; a bad one only about the newest sending.

    What nobody has sent cannot have come, whatever a carrier says.
    """
    first = letter.delivery_attempts.filter(channel=source).order_by("pk").first()
    if first is None and letter.sent_at is None:
        logger.warning("letter %s: a receipt from %s, that has not had it", letter.pk, source)
        return
    there_at = max(at, first.started_at if first else letter.rendered_at or at)
    if kind in (ReceiptKind.AVAILABLE, ReceiptKind.OPENED) and letter.state in NOT_ARRIVED:
        _has_left(letter, source)
        arrive(letter, there_at)
    if kind == ReceiptKind.OPENED:
        be_opened(letter, by=None, at=there_at)
    if kind == ReceiptKind.REJECTED:
        _be_rejected(letter, source, detail)
    if kind == ReceiptKind.BOUNCED and _is_about_newest(letter, source, at):
        _come_back(letter, kind, at, detail)


def _has_left(letter: Letter, source: Channel) -> None:
    """The carrier took it in a try whose answer was lost, or whose worker died: it is told here."""
    attempt = letter.delivery_attempts.filter(channel=source).order_by("-pk").first()
    if letter.sent_at is None and attempt is not None:
        leave(letter, attempt, timezone.now())


def _be_rejected(letter: Letter, source: Channel, detail: str) -> None:
    """Another carrier brings it; a person looks at it where there is none."""
    now = timezone.now()
    why = _(CAME_BACK[ReceiptKind.REJECTED]) % detail
    if _is_under_way(letter, source) and not fall_back(letter, why, now):
        _come_back(letter, ReceiptKind.REJECTED, now, detail)


def _is_under_way(letter: Letter, source: Channel) -> bool:
    """Sent by that carrier, or thought not to be; while a worker sends it, that worker will see.

    What has been laid in the mailbox has arrived and does not come back (digital post-loven § 10).
    """
    is_waiting = letter.state == S.APPROVED and letter.claimed_at is None and letter.attempts > 0
    return source == letter.channel and (letter.state == S.SENT or is_waiting)


def _is_about_newest(letter: Letter, source: Channel, at: datetime) -> bool:
    if letter.state not in MAY_COME_BACK or source != letter.channel:
        return False
    return letter.sent_at is None or at >= letter.sent_at - CLOCKS_DIFFER


def _come_back(letter: Letter, kind: ReceiptKind, at: datetime, detail: str) -> None:
    """Nobody has been told after all: a person looks at it, and no deadline runs meanwhile."""
    letter.available_at = None
    stop(letter, (_(CAME_BACK[kind]) % detail)[:LONGEST])
    told = about(letter) | {"channel": letter.channel, "receipt": kind}
    note_down(letter.application, LETTER_RETURNED, by=None, at=at, data=told)


# ---- fetched from where they wait ----


def fetch() -> int:
    """Take in the receipts that wait; gives how many were new or known. Safe to repeat or kill.

    Each is acknowledged after it is kept; one about a letter we do not know, or that we cannot take
    in, stops no other: it is left where it is and asked for again for a week, then given up with a
    line in the log.
    """
    if not settings.DIGITAL_POST["url"]:
        return 0
    source: ReceiptSource = import_string(settings.DIGITAL_POST["receipts"])()
    kept: list[str] = []
    try:
        for number, receipt in source.fetch():
            if receipt is None or _is_kept(receipt):
                kept.append(number)
        source.acknowledge(kept)
    except DeliveryFailed as failure:
        logger.warning("receipts cannot be fetched: %s", failure)
    return len(kept)


def _is_kept(receipt: Receipt) -> bool:
    try:
        letter = take(
            Channel.DIGITAL_POST,
            receipt.number,
            receipt.reference,
            ReceiptKind(receipt.kind),
            receipt.at,
            receipt.detail,
        )
    except Exception:  # whatever is wrong with one must not keep back the next
        logger.exception("receipt %s cannot be taken in", receipt.number)
        letter = None
    if letter is not None:
        return True
    if timezone.now() - receipt.at < FETCHED_FOR:
        return False
    logger.warning("receipt %s is given up: about no letter of ours, or wrong", receipt.number)
    return True
