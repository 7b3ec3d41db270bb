"""Files that are taken off a case again, or give way to another, while it is the applicant's."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.errors import NotAllowed, WrongState
from pulje.models import Attachment, User
from pulje.permissions import is_member
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
