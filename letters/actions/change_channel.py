"""Send a letter another way than the one that was chosen for it."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import channels
from letters.actions.approve import hold_back
from letters.actions.gone import has_ended
from letters.actions.retry import take_up
from letters.actions.rows import WORK, is_taken, note_moved
from letters.mails.actions import nudge
from letters.models import Channel, Letter, LetterState
from pulje.errors import RuleBroken, WrongState
from pulje.models import User
from pulje.permissions import check_not_disqualified, check_other

MOVABLE = (LetterState.RENDERED, LetterState.APPROVED, LetterState.FAILED)
WHY_NOT = {
    Channel.DIGITAL_POST: "Modtageren kan ikke få Digital Post fra os.",
    Channel.EMAIL: "Der er ingen e-mailadresse på sagen, eller ingen kan logge ind og læse brevet.",
}


@transaction.atomic
def change_channel(letter: Letter, *, channel: Channel, by: User, at: datetime) -> Letter:
    """Send the letter by another channel; one that failed is taken up again, and one that events
    have overtaken ends (``retry``).

    Only a letter that has been made, and that no worker has taken. The case's journal tells of it.
    Raises NotAllowed without the role or to the disqualified, WrongState when it is too late or too
    early, RuleBroken when the recipient cannot be reached that way.
    """
    check_other(by, "approve_letter")
    rows = Letter.objects.select_related("application__applicant", "entry")
    letter = rows.select_for_update(of=("self",)).get(pk=letter.pk)
    check_not_disqualified(by, letter.application)
    if not is_movable(letter, at):
        raise WrongState(_("Kanalen kan ikke skiftes for brevet, som det står nu."))
    if has_ended(letter):
        return letter
    if channel == letter.channel and letter.state != LetterState.FAILED:
        return letter
    if channel not in ways([letter])[letter.pk]:
        raise RuleBroken(WHY_NOT.get(channel, _("Brevet kan ikke sendes ad den vej.")))
    old = letter.channel
    if letter.state == LetterState.FAILED:
        take_up(letter, at)
    letter.channel, letter.channel_reason = channel, _("Valgt af %s") % by.name
    letter.save()
    hold_back(letter)
    note_moved(letter, old, by=by, at=at)
    nudge(WORK)
    return letter


def is_movable(letter: Letter, now: datetime) -> bool:
    """It has been made, and no worker has it in hand."""
    return letter.state in MOVABLE and not is_taken(letter, now) and bool(letter.sha256)


def ways(letters: Iterable[Letter]) -> dict[int, list[Channel]]:
    """Letter pk -> the channels that can reach its recipient; one query for all.

    None for a pool in test mode. The letters were read with their case.
    """
    letters, today = list(letters), timezone.localdate()
    found = channels.recipients_of(letters)
    is_on = bool(settings.DIGITAL_POST["url"])
    return {
        letter.pk: []
        if letter.channel == Channel.NOWHERE
        else channels.open_to(found[letter.pk], today, is_on=is_on)
        for letter in letters
    }
