"""Everything in and out of a case, by date, titled fit for a public register (postliste)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from letters.kinds.case import Receipt
from letters.models import Letter
from pulje.enums import AttachmentReview
from pulje.models import Application, Attachment, Note
from pulje.queries import talk
from pulje.queries.application.attachments import public_title

IN, OUT, INTERNAL = "ind", "ud", "intern"
DIRECTIONS = {IN: "Ind", OUT: "Ud", INTERNAL: "Intern"}
ORDERS = {"nyeste": "Nyeste først", "aeldste": "Ældste først", "titel": "Titel"}
SAID = {
    talk.MESSAGE: "Besked fra ansøger",
    talk.INFORMATION: "Svar på det, vi manglede",
    talk.HEARING: "Bemærkninger i partshøring",
}


@dataclass(frozen=True)
class Document:
    """One paper of the case. ``title`` names no private person; ``name`` is the file's own.

    Of a letter: its own page, the way it goes and the fingerprint of its PDF.
    """

    at: datetime
    title: str
    direction: str
    kind: str
    url: str = ""
    name: str = ""
    status: str = ""
    size: int | None = None
    is_exempt: bool = False
    own_page: str = ""
    way: str = ""
    sha256: str = ""

    @property
    def direction_name(self) -> str:
        return DIRECTIONS[self.direction]


def documents_of(case: Application, *, direction: str = "", order: str = "") -> list[Document]:
    """The case's papers that go that way ("" is all), in that order: four queries.

    Source: offentlighedsloven §§ 15-16 (what is journalised, and lists open to everybody).
    """
    found = [paper for paper in _all(case) if direction in ("", paper.direction)]
    if order == "titel":
        return sorted(found, key=lambda paper: (paper.title, paper.at))
    return sorted(found, key=lambda paper: paper.at, reverse=order != "aeldste")


def _all(case: Application) -> Iterator[Document]:
    letters = Letter.objects.filter(application=case).select_related("enclosure")
    yield from _letters(case, letters.defer("facts", "enclosure__pdf").order_by("pk"))
    yield from (_attachment(case, file) for file in case.attachments.order_by("pk"))
    yield from (_said(case, line) for line in talk.talk_of(case))
    yield from (_note(case, note) for note in case.notes.defer("text").order_by("pk"))
    report = getattr(case, "report", None)
    if report and report.submitted_at:
        yield Document(report.submitted_at, "Rapport og regnskab", IN, "Rapport", _page(case))


def _letters(case: Application, letters: Iterable[Letter]) -> Iterator[Document]:
    """The receipt holds the application as it was sent; before it is made there is no file."""
    is_first = True
    for letter in letters:
        if letter.kind == Receipt.code and is_first:
            is_first = False
            sent = reverse("letters:application_pdf", args=[case.pk])
            url = sent if hasattr(letter, "enclosure") else ""
            yield Document(case.submitted_at or letter.queued_at, "Ansøgning", IN, "Ansøgning", url)
        url = reverse("letters:pdf", args=[letter.uuid]) if letter.sha256 else ""
        state = letter.get_state_display()
        yield Document(
            letter.sent_at or letter.queued_at,
            letter.title,
            OUT,
            "Brev",
            url,
            status=state,
            own_page=reverse("letters:letter", args=[letter.uuid]),
            way=letter.get_channel_display(),
            sha256=letter.sha256,
        )


def _attachment(case: Application, attachment: Attachment) -> Document:
    review = AttachmentReview(attachment.review)
    return Document(
        attachment.uploaded_at,
        public_title(attachment),
        IN,
        "Bilag",
        reverse("staff:attachment_view", args=[case.pk, attachment.pk]),
        name=attachment.name,
        status=review.label if review else "",
        size=attachment.size,
        is_exempt=attachment.is_exempt,
    )


def _said(case: Application, line: talk.Line) -> Document:
    title = SAID[line.kind] if line.is_from_applicant else "Besked til ansøger"
    direction = IN if line.is_from_applicant else OUT
    return Document(line.sent_at, title, direction, "Besked", f"{_page(case)}#beskeder")


def _note(case: Application, note: Note) -> Document:
    title = "Telefonnotat" if note.is_phone_call else "Internt notat"
    return Document(note.written_at, title, INTERNAL, "Notat", f"{_page(case)}#noter")


def _page(case: Application) -> str:
    return reverse("staff:case", args=[case.pk])
