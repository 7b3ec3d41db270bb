"""What has been sent to people in a case, letters and mails in one list: how each one fared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from letters.mails.kinds import MAILS
from letters.models import Letter, LetterState, Mail, MailState
from pulje.models import Application
from pulje.templatetags.words import dato, dato_tid

VARIANTS: dict[str, str] = {
    LetterState.SENT: "info",
    LetterState.AVAILABLE: "success",
    LetterState.OPENED: "success",
    LetterState.FAILED: "error",
    MailState.SENT: "success",
}


@dataclass(frozen=True)
class Line:
    """A letter or a mail. ``note``: since when it is there or was read, when it will be, or why it
    is not."""

    at: datetime
    title: str
    to: str
    channel: str
    state: str
    variant: str
    note: str = ""
    url: str = ""
    retry_url: str = ""


def post_of(case: Application) -> list[Line]:
    """The newest first: two queries. Mails of long ago have no address any more."""
    letters = Letter.objects.filter(application=case).defer("facts", "gate")
    mails = Mail.objects.filter(application=case).defer("facts")
    lines = [*_letters(letters.order_by("pk")), *_mails(mails.order_by("pk"))]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _letters(letters: Iterable[Letter]) -> Iterator[Line]:
    for letter in letters:
        is_failed = letter.state == LetterState.FAILED
        yield Line(
            at=letter.sent_at or letter.queued_at,
            title=letter.title,
            to=" · ".join(filter(None, [letter.recipient_name, letter.recipient_email])),
            channel=letter.get_channel_display(),
            state=letter.get_state_display(),
            variant=VARIANTS.get(letter.state, "neutral"),
            note=_note(letter),
            url=reverse("letters:letter", args=[letter.uuid]),
            retry_url=reverse("letters:retry", args=[letter.uuid]) if is_failed else "",
        )


def _note(letter: Letter) -> str:
    if letter.state in (LetterState.FAILED, LetterState.SUPERSEDED):
        return letter.failure
    if letter.opened_at:
        return f"Åbnet {dato_tid(letter.opened_at)}"
    if letter.available_at is None:
        return ""
    if letter.state == LetterState.SENT:  # the post brings it that day (delivery/folder.py)
        return f"Ventes {dato(letter.available_at)}"
    return f"Fremme {dato_tid(letter.available_at)}"


def _mails(mails: Iterable[Mail]) -> Iterator[Line]:
    for mail in mails:
        may_retry = mail.state == MailState.FAILED and bool(mail.recipient_email)
        yield Line(
            at=mail.sent_at or mail.queued_at,
            title=MAILS[mail.kind].name,
            to=mail.recipient_email or "Adressen er slettet",
            channel="Mail",
            state=mail.get_state_display(),
            variant=VARIANTS.get(mail.state, "neutral"),
            note=mail.failure,
            retry_url=reverse("letters:retry_mail", args=[mail.uuid]) if may_retry else "",
        )
