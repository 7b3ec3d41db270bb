"""A letter is read by one of those it is written to: kept once, and shown to the house."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.available import about, arrive
from letters.kinds.registry import KINDS
from letters.models import Letter, LetterState
from pulje.actions.grant.award import open_decision
from pulje.actions.journal import note_down
from pulje.errors import NotAllowed, WrongState
from pulje.models import Decision, User
from pulje.permissions import is_member
from pulje.queries.told import LETTER_OPENED


@transaction.atomic
def open_letter(letter: Letter, *, by: User, at: datetime) -> bool:
    """The applicant opens a letter on the case; False when it was opened before.

    The decision it tells is opened with it. Raises NotAllowed to others than the applicant,
    WrongState when it has not left. One that a carrier could not bring has arrived when it is read
    here.
    """
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    letter = rows.get(pk=letter.pk)
    if not is_member(by, letter.application):
        raise NotAllowed(_("Det er kun ansøgeren, der åbner brevet."))
    if letter.sent_at is None:
        raise WrongState(_("Brevet er ikke sendt endnu."))
    is_first = letter.opened_at is None
    if is_first:
        if letter.state != LetterState.AVAILABLE:
            arrive(letter, at)
        be_opened(letter, by=by, at=at)
    if _tells_what_stands(letter):
        open_decision(letter.application, by=by, at=at)
    return is_first


def _tells_what_stands(letter: Letter) -> bool:
    """The letter is the case's decision, and no other has taken its place."""
    if letter.entry is None or not KINDS[letter.kind].is_decision:
        return False
    told = Decision.objects.filter(pk=letter.entry.data.get("decision"), is_current=True)
    return told.exists()


def be_opened(letter: Letter, *, by: User | None, at: datetime) -> None:
    """The row is locked; the first time counts. ``by``: nobody when a carrier tells it."""
    if letter.opened_at is not None:
        return
    letter.state, letter.opened_at = LetterState.OPENED, at
    letter.save(update_fields=["state", "opened_at"])
    note_down(letter.application, LETTER_OPENED, by=by, at=at, data=about(letter))
