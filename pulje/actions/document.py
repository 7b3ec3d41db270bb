"""Messages, notes and attachments on a case."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import AttachmentKind
from pulje.errors import RuleBroken
from pulje.models import Application, Attachment, Message, Note, User
from pulje.permissions import check_not_disqualified, check_other, check_see, is_member
from pulje.rules.texts import is_blank

LARGEST_CASE_BYTES = 100 * 1024 * 1024
SECOND_CLICK = timedelta(minutes=5)


@transaction.atomic
def write_message(application: Application, *, by: User, at: datetime, text: str) -> Message:
    """A message between applicant and case worker. Raises RuleBroken when it is empty.

    The same words from the same person within some minutes are one message: a second click.
    """
    _check_party_or_free(by, application)
    if not is_member(by, application):
        check_other(by, "write_message")
    if is_blank(text):
        raise RuleBroken(_("Skriv en besked."))
    lock(application)
    lately = application.messages.filter(sender=by, text=text, sent_at__gt=at - SECOND_CLICK)
    if said := lately.order_by("pk").last():
        return said
    message = Message.objects.create(
        application=application,
        sender=by,
        is_from_applicant=is_member(by, application),
        text=text,
        sent_at=at,
    )
    note_down(application, "message", by=by, at=at, data={"message": message.pk})
    return message


@transaction.atomic
def write_note(
    application: Application, *, by: User, at: datetime, text: str, is_phone_call: bool = False
) -> Note:
    """An internal note (notatpligt), never changed. Raises RuleBroken when it is empty.

    The same words from the same person within some minutes are one note: a second click.
    Source: offentlighedsloven § 13.
    """
    check_other(by, "write_note")
    check_not_disqualified(by, application)
    if is_blank(text):
        raise RuleBroken(_("Skriv en note."))
    lock(application)
    lately = application.notes.filter(author=by, text=text, written_at__gt=at - SECOND_CLICK)
    if said := lately.order_by("pk").last():
        return said
    note = Note.objects.create(
        application=application, author=by, text=text, is_phone_call=is_phone_call, written_at=at
    )
    note_down(application, "note", by=by, at=at, data={"note": note.pk})
    return note


@transaction.atomic
def add_attachment(
    application: Application,
    *,
    by: User,
    at: datetime,
    name: str,
    content_type: str,
    content: bytes,
    kind: AttachmentKind,
    question: str = "",
) -> Attachment:
    """File a checked upload under a name on disk that says nothing (offentlighedsloven § 15).

    ``question`` is the key of the pool's question it answers. Raises RuleBroken when the files of
    the case would fill too much.
    """
    _check_party_or_free(by, application)
    if filled_bytes(application) + len(content) > LARGEST_CASE_BYTES:
        raise RuleBroken(_("Bilagene fylder tilsammen mere end 100 MB. Gør nogle af dem mindre."))
    sha256 = hashlib.sha256(content).hexdigest()
    attachment = Attachment(
        application=application,
        kind=kind,
        question=question,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        uploaded_at=at,
        uploaded_by=by,
    )
    attachment.file.save(sha256, ContentFile(content), save=True)
    note_down(application, "attachment", by=by, at=at, data={"attachment": attachment.pk})
    return attachment


def filled_bytes(application: Application) -> int:
    """What the files of a case fill together."""
    found: int = application.attachments.aggregate(filled=Coalesce(Sum("size"), 0))["filled"]
    return found


def _check_party_or_free(user: User, application: Application) -> None:
    """A disqualified employee may write only as the party they are."""
    check_see(user, application)
    if not is_member(user, application):
        check_not_disqualified(user, application)
