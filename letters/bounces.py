"""Mails that came back: reports of mail servers (RFC 3464), read from a Maildir.

The mail server puts what comes to the sender's address in ``settings.BOUNCE_MAILDIR``. A report
says by Message-ID which of our letters or mails it is about. IMAP is left out: every mail server,
and tools like mbsync, deliver to a Maildir. A report we have taken moves from new to cur when what
it said is committed; killed in between, it is read again, and counts once. What is no report, or
cannot be read, moves too, flagged for a person, and stops no other.
"""

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.mails import actions as mailing
from letters.models import Channel, Letter, ReceiptKind
from letters.receipts import take

logger = logging.getLogger(__name__)

BATCH = 200
MOST_BYTES = 300_000  # a report quotes our mail, which is small
SEEN, FLAGGED = "S", "F"
OURS = re.compile(r"<(letter|mail)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^\s<>]+>", re.I)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
REPORTS = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True)
class Bounce:
    """What a report says. ``is_final``: no more tries are made; else it is only late."""

    what: str  # "letter" or "mail"
    uuid: UUID
    is_final: bool
    status: str
    number: str
    at: datetime

    @property
    def detail(self) -> str:
        """Why, in words; nothing of the report's own, which may name addresses."""
        said = f" ({self.status})" if self.status else ""
        return _reason(self.status) + said


def take_all(now: datetime) -> int:
    """Take in the reports that wait, a batch at a time; gives how many were about mails of ours."""
    if not settings.BOUNCE_MAILDIR:
        return 0
    new = Path(settings.BOUNCE_MAILDIR) / "new"
    waiting = sorted(path for path in new.glob("*") if path.is_file() and not path.is_symlink())
    return sum(_take(path, now) for path in waiting[:BATCH])


def _take(path: Path, now: datetime) -> bool:
    """One report, one transaction."""
    try:
        with path.open("rb") as file:
            bounce = read(file.read(MOST_BYTES), now)
        is_ours = bounce is not None and _tell(bounce)
    except Exception:  # whatever somebody sends us must not keep back the next
        logger.exception("bounce %s: cannot be read", path.name[:80])
        is_ours = False
    cur = path.parent.parent / "cur"
    cur.mkdir(exist_ok=True)
    path.rename(cur / f"{path.name.partition(':')[0]}:2,{SEEN if is_ours else FLAGGED}")
    return is_ours


@transaction.atomic
def _tell(bounce: Bounce) -> bool:
    """False when it is about nothing we have sent."""
    if bounce.what == "mail":
        return mailing.come_back(bounce.uuid, bounce.detail, is_final=bounce.is_final, at=bounce.at)
    letter = Letter.objects.filter(uuid=bounce.uuid).first()
    if letter is None:
        return False
    kind = ReceiptKind.BOUNCED if bounce.is_final else ReceiptKind.ACCEPTED
    detail = bounce.detail if bounce.is_final else _("Forsinket: %s") % bounce.detail
    return take(Channel.EMAIL, bounce.number, letter, kind, bounce.at, detail) is not None


def read(raw: bytes, now: datetime) -> Bounce | None:
    """What a report says of one of our mails; None when it is none, or brings good news."""
    report = message_from_bytes(raw)
    parts = list(report.walk())
    about = next((OURS.search(text) for text in _origins(report, parts) if OURS.search(text)), None)
    fields = [block for part in parts if part.get_content_type() in REPORTS for block in _of(part)]
    actions = {str(block.get("Action", "")).strip().lower() for block in fields}
    if about is None or not actions & {"failed", "delayed"}:
        return None
    told = [str(block.get("Status", "")) for block in fields if block.get("Action")]
    status = STATUS.search(" ".join(told))
    return Bounce(
        what=about[1].lower(),
        uuid=UUID(about[2]),
        is_final="failed" in actions,
        status=status[0] if status else "",
        number="dsn:" + hashlib.sha256(_name_of(report, raw)).hexdigest(),
        at=_when(report, now),
    )


def _origins(report: Message, parts: list[Message]) -> Iterator[str]:
    """Where the mail's own Message-ID may stand: in what is quoted of it, else in the threads."""
    for part in parts:
        if part.get_content_type() in ORIGINALS:
            quoted = _of(part) or [message_from_string(str(part.get_payload()))]
            yield str(quoted[0].get("Message-ID", ""))
    yield str(report.get("In-Reply-To", ""))
    yield str(report.get("References", ""))


def _of(part: Message) -> list[Message]:
    """The messages in a part that is made of them."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return []
    return [block for block in payload if isinstance(block, Message)]


def _name_of(report: Message, raw: bytes) -> bytes:
    """The report's own name, the same however often it is delivered."""
    own = str(report.get("Message-ID", "")).strip()
    return own.encode(errors="replace") if own else raw


def _when(report: Message, now: datetime) -> datetime:
    try:
        said = parsedate_to_datetime(str(report.get("Date", "")))
    except (ValueError, TypeError, OverflowError):
        return now
    return now if timezone.is_naive(said) else min(said, now)


def _reason(status: str) -> str:
    """Why a mail could not be brought, by the code of RFC 3463."""
    if status[2:] == "2.2":
        return str(_("postkassen er fuld"))
    known = {
        "1": _("adressen findes ikke"),
        "2": _("postkassen tager ikke imod"),
        "4": _("modtagerens mailserver svarede ikke i tide"),
        "7": _("modtagerens mailserver afviser mails fra os"),
    }
    return str(known.get(status[2:3], _("den kunne ikke afleveres")))
