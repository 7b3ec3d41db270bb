"""What carriers and mail servers tell later: noted once, and the letter moved by it."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from letters.available import about, arrive
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

S = LetterState
NOT_ARRIVED = (S.APPROVED, S.SENT, S.FAILED)
MAY_COME_BACK = (S.SENT, S.AVAILABLE)
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
    tries = DeliveryAttempt.objects.filter(reference=concerns).exclude(reference="")
    return rows.filter(pk__in=tries.values("letter")).order_by("pk").first()


def _short(number: str) -> str:
    """A number of any length in its column, still itself."""
    if len(number) <= LONGEST_NUMBER:
        return number
    return hashlib.sha256(number.encode()).hexdigest()


def _move(letter: Letter, source: Channel, kind: ReceiptKind, at: datetime, detail: str) -> None:
    """A good word counts whenever it comes; a bad one only about the newest sending."""
    if kind in (ReceiptKind.AVAILABLE, ReceiptKind.OPENED) and letter.state in NOT_ARRIVED:
        arrive(letter, at)
    if kind == ReceiptKind.OPENED:
        be_opened(letter, by=None, at=at)
    if kind in CAME_BACK and _is_about_newest(letter, source, at):
        _come_back(letter, kind, at, detail)


def _is_about_newest(letter: Letter, source: Channel, at: datetime) -> bool:
    if letter.state not in MAY_COME_BACK or source != letter.channel:
        return False
    return letter.sent_at is None or at >= letter.sent_at - CLOCKS_DIFFER


def _come_back(letter: Letter, kind: ReceiptKind, at: datetime, detail: str) -> None:
    """Nobody has been told after all: a person looks at it, and no deadline runs meanwhile."""
    letter.state, letter.available_at = S.FAILED, None
    letter.failure = (_(CAME_BACK[kind]) % detail)[:LONGEST]
    letter.save(update_fields=["state", "available_at", "failure"])
    told = about(letter) | {"channel": letter.channel, "receipt": kind}
    note_down(letter.application, LETTER_RETURNED, by=None, at=at, data=told)
