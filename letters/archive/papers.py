"""A case's documents as an ESDH files them: OIO Dokument's attributes, and how to read each."""

import hashlib
import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from letters.archive import texts
from letters.archive.subject import stable_uuid
from letters.kinds.case import Receipt
from letters.models import Letter, LetterState
from pulje.enums import AttachmentReview
from pulje.errors import RuleBroken
from pulje.models import Application, Attachment
from pulje.queries.application.attachments import public_title

IN, OUT, INTERNAL = "indgående", "udgående", "internt"
# the file's name, its title and kind, where it came from, and what writes it
WRITTEN = (
    ("beskeder.txt", "Beskeder i sagen", "Besked", IN, texts.talk_text),
    ("klager.txt", "Klager over afgørelsen", "Klage", IN, texts.complaints_text),
    ("aendringer.txt", "Ændringer af projektet", "Ændring", IN, texts.changes_text),
    ("rapport.txt", "Rapport og regnskab", "Rapport", IN, texts.report_text),
    ("notater.txt", "Interne notater", "Notat", INTERNAL, texts.notes_text),
    ("vurdering.txt", "Vurdering, indstilling, afgørelse", "Notat", INTERNAL, texts.views_text),
    ("spoergsmaal.txt", "Spørgsmål fra udvalget", "Notat", INTERNAL, texts.questions_text),
    ("genvurdering.txt", "Genvurdering af klager", "Notat", INTERNAL, texts.reassessments_text),
    ("journal.txt", "Sagens journal", "Journal", INTERNAL, texts.journal_text),
)
PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Paper:
    """OIO Dokument. ``name`` in the zip says nothing about anybody; ``title`` neither.

    ``proof`` is how a letter reached its recipient: channel, times, hash before the seal.
    """

    uuid: UUID
    name: str
    title: str
    kind: str
    direction: str
    dated: datetime
    media_type: str
    sha256: str
    read: Callable[[], bytes] = field(repr=False, compare=False)
    is_exempt: bool = False
    proof: tuple[tuple[str, str], ...] = ()


def papers_of(case: Application) -> tuple[Paper, ...]:
    """All documents of the case by date: application, letters sent, files, and what is written on
    it (WRITTEN). The same case gives the same papers, in the same order.

    Source: offentlighedsloven § 15 (every document in and out, and final internal ones).
    """
    found = sorted([*_letters(case), *_attachments(case), *_written(case)], key=_by_date)
    return tuple(_numbered(number, paper) for number, paper in enumerate(found, 1))


def _by_date(paper: Paper) -> tuple[datetime, str, str]:
    return (paper.dated, paper.name, str(paper.uuid))


def _numbered(number: int, paper: Paper) -> Paper:
    return replace(paper, name=f"{number:04d}-{paper.name}")


def _letters(case: Application) -> Iterator[Paper]:
    """All that have left, also those that came back; the application whatever became of its
    receipt."""
    letters = Letter.objects.filter(application=case).order_by("pk")
    receipts = letters.filter(kind=Receipt.code).exclude(enclosure=None)
    receipt = receipts.select_related("enclosure").defer("facts", "enclosure__pdf").first()
    if receipt is not None:
        yield _application(case, receipt)
    for letter in letters.on_the_case():
        yield Paper(
            uuid=letter.uuid,
            name="brev.pdf",
            title=letter.title,
            kind="Brev",
            direction=OUT,
            dated=letter.sent_at or letter.queued_at,
            media_type=PDF,
            sha256=letter.sha256,
            read=lambda letter=letter: bytes(letter.paper.pdf),  # type: ignore[misc]
            proof=_proof(letter),
        )


def _application(case: Application, letter: Letter) -> Paper:
    return Paper(
        uuid=uuid5(letter.uuid, "enclosure"),
        name="ansoegning.pdf",
        title=_("Ansøgning"),
        kind="Ansøgning",
        direction=IN,
        dated=case.submitted_at or letter.queued_at,
        media_type=PDF,
        sha256=letter.enclosure.sha256,
        read=lambda: bytes(letter.enclosure.pdf),
    )


def _proof(letter: Letter) -> tuple[tuple[str, str], ...]:
    times = (
        ("Afsendt", letter.sent_at),
        ("Tilgaengelig", letter.available_at),
        ("Aabnet", letter.opened_at),
    )
    told = [(name, at.isoformat()) for name, at in times if at]
    hashes = [("Sha256FoerSegl", letter.unsealed_sha256), ("TekstVersion", letter.template_version)]
    channel = ("Kanal", letter.get_channel_display())
    failure = [("Fejl", letter.failure)] if letter.state == LetterState.FAILED else []
    return (channel, *told, *failure, *[(name, value) for name, value in hashes if value])


def _attachments(case: Application) -> Iterator[Paper]:
    for file in case.attachments.order_by("pk"):
        review = AttachmentReview(file.review) if file.review else None
        yield Paper(
            uuid=stable_uuid("bilag", file.pk),
            name=f"bilag{_suffix(file)}",
            title=public_title(file),
            kind="Bilag",
            direction=IN,
            dated=file.uploaded_at,
            media_type=file.content_type,
            sha256=file.sha256,
            read=lambda file=file: _unchanged(file),  # type: ignore[misc]
            is_exempt=file.is_exempt,
            proof=(("Gennemgang", str(review.label)),) if review else (),
        )


def _suffix(file: Attachment) -> str:
    """By what the file was found to be when it came, not by what somebody called it."""
    return (
        mimetypes.guess_extension(file.content_type)
        or PurePath(str(file.file.name)).suffix
        or ".bin"
    )


def _unchanged(file: Attachment) -> bytes:
    """The bytes as they came. Raises RuleBroken when the disk has others, or none."""
    sentence = _("Bilaget fra %(day)s kan ikke læses, som det kom. Find det i en sikkerhedskopi.")
    told = sentence % {"day": f"{file.uploaded_at:%d-%m-%Y}"}
    try:
        with file.file.open("rb") as content:
            found: bytes = content.read()
    except OSError as error:
        raise RuleBroken(told) from error
    if hashlib.sha256(found).hexdigest() != file.sha256:
        raise RuleBroken(told)
    return found


def _written(case: Application) -> Iterator[Paper]:
    """What the house holds as rows, as plain text; what is empty makes no document."""
    for name, title, kind, direction, write in WRITTEN:
        written = write(case)
        if written is not None:
            content = written.text.encode()
            yield Paper(
                uuid=stable_uuid(f"sag/{name}", case.pk),
                name=name,
                title=title,
                kind=kind,
                direction=direction,
                dated=written.at,
                media_type=TEXT,
                sha256=hashlib.sha256(content).hexdigest(),
                read=lambda content=content: content,  # type: ignore[misc]
            )
