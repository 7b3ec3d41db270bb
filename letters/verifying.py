"""Is this letter from us, and is it unchanged? Answered by the file's fingerprint alone."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from letters.models import Enclosure, Letter

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Known:
    """A paper of ours: what stands in it anyway, and nothing about anybody."""

    title: str
    number: str
    sent_at: datetime
    is_sealed: bool


def known_by(sha256: str) -> Known | None:
    """The paper we have sent with that fingerprint; None when there is none. Two queries at most.

    Whoever asks holds the paper, or at least its fingerprint: they are told no more than its head.
    """
    sent = Letter.objects.exclude(sent_at=None).select_related("application")
    letter = sent.filter(sha256=sha256).defer("facts", "gate").first()
    if letter is None:
        enclosures = Enclosure.objects.filter(sha256=sha256, letter__sent_at__isnull=False)
        found = enclosures.select_related("letter__application").defer("pdf").first()
        letter = found.letter if found else None
    if letter is None or letter.sent_at is None:
        return None
    is_sealed = letter.sha256 == sha256 and letter.unsealed_sha256 not in ("", sha256)
    return Known(letter.title, letter.application.number, letter.sent_at, is_sealed)


def typed_fingerprint(text: str) -> str:
    """The 64 hex digits in what somebody typed or pasted, however it is spaced; "" when not so."""
    plain = "".join(text.split()).lower().removeprefix("sha256:").replace(":", "")
    return plain if FINGERPRINT.fullmatch(plain) else ""


def fingerprint_of(upload: Iterable[bytes]) -> str:
    """The fingerprint of an uploaded file, read a piece at a time and kept nowhere."""
    digest = hashlib.sha256()
    for chunk in upload:
        digest.update(chunk)
    return digest.hexdigest()
