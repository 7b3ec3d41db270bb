"""Files that are taken off a case again while it is the applicant's, or looked through by us."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import AttachmentReview
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, Attachment, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other, is_member
from pulje.states import CaseState


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User, at: datetime) -> None:
    """Take a file off the case; its bytes go once that is committed.

    Raises NotAllowed to all but the applicant's own people, WrongState when the file has been
    received: what has come in stays on the case (offentlighedsloven § 15).
    """
    application = lock(attachment.application)
    if not is_member(by, application):
        raise NotAllowed(_("Kun ansøgeren selv kan fjerne et bilag."))
    if application.state not in (CaseState.DRAFT, CaseState.RETURNED):
        raise WrongState(
            _("Ansøgningen er sendt, så bilaget kan ikke fjernes. Skriv en besked i stedet.")
        )
    if is_received(attachment):
        raise WrongState(_("Bilaget kom med ansøgningen og bliver på sagen. Læg et nyt ved siden."))
    gone, forget = attachment.pk, _bytes_of(attachment)
    attachment.delete()
    if application.submitted_at:
        note_down(application, "attachment_removed", by=by, at=at, data={"attachment": gone})
    transaction.on_commit(forget)


def is_received(attachment: Attachment) -> bool:
    """True for a file that was there when the application left the applicant the last time."""
    application = attachment.application
    if application.submitted_at is None or application.state_since is None:
        return False
    return attachment.uploaded_at < application.state_since


def _bytes_of(attachment: Attachment) -> Callable[[], None]:
    return partial(attachment.file.storage.delete, str(attachment.file.name))


@transaction.atomic
def review(
    attachment: Attachment, *, by: User, at: datetime, review: AttachmentReview, note: str = ""
) -> JournalEntry | None:
    """Accept a file, or say why it must be sent again. None when that was said already.

    Raises RuleBroken when it must be sent again and nobody says why.
    """
    application = _ours(attachment, by)
    note = note.strip() if review == AttachmentReview.ASKED_AGAIN else ""
    if review == AttachmentReview.ASKED_AGAIN and not note:
        raise RuleBroken(_("Skriv, hvad der er galt med bilaget."))
    attachment.refresh_from_db()
    if (attachment.review, attachment.review_note) == (review, note):
        return None
    attachment.review, attachment.review_note = review, note
    attachment.reviewed_at, attachment.reviewed_by = at, by
    attachment.save(update_fields=["review", "review_note", "reviewed_at", "reviewed_by"])
    data = {"attachment": attachment.pk, "reason": review.label}
    return note_down(application, "attachment_reviewed", by=by, at=at, data=data)


@transaction.atomic
def entitle(
    attachment: Attachment, *, by: User, at: datetime, public_title: str, is_exempt: bool
) -> JournalEntry | None:
    """Give a file the title that a public register shows, or keep it out. None: as it was."""
    application = _ours(attachment, by)
    title = public_title.strip()
    attachment.refresh_from_db()
    if (attachment.public_title, attachment.is_exempt) == (title, is_exempt):
        return None
    attachment.public_title, attachment.is_exempt = title, is_exempt
    attachment.save(update_fields=["public_title", "is_exempt"])
    data = {"attachment": attachment.pk, "is_exempt": is_exempt}
    return note_down(application, "attachment_titled", by=by, at=at, data=data)


def _ours(attachment: Attachment, by: User) -> Application:
    """The file's case, locked, for a case worker who may handle it."""
    check_other(by, "check_case")
    application = lock(attachment.application)
    check_not_disqualified(by, application)
    return application
