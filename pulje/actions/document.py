"""Messages, notes and attachments on a case."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.enums import AttachmentKind
from pulje.errors import RuleBroken
from pulje.models import Application, Attachment, Message, Note, User
from pulje.permissions import check_not_disqualified, check_other, check_see, is_member


@transaction.atomic
def write_message(application: Application, *, by: User, at: datetime, text: str) -> Message:
    """A message between applicant and case worker. Raises RuleBroken when it is empty."""
    _check_party_or_free(by, application)
    if not text.strip():
        raise RuleBroken(_("Skriv en besked."))
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
    """An internal note (notatpligt). Raises RuleBroken when it is empty.

    Source: offentlighedsloven § 13.
    """
    check_other(by, "write_note")
    check_not_disqualified(by, application)
    if not text.strip():
        raise RuleBroken(_("Skriv en note."))
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
) -> Attachment:
    """File a checked upload under a name on disk that says nothing (offentlighedsloven § 15)."""
    _check_party_or_free(by, application)
    sha256 = hashlib.sha256(content).hexdigest()
    attachment = Attachment(
        application=application,
        kind=kind,
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


def _check_party_or_free(user: User, application: Application) -> None:
    """A disqualified employee may write only as the party they are."""
    check_see(user, application)
    if not is_member(user, application):
        check_not_disqualified(user, application)
