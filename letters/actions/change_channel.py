"""Send a letter another way than the one that was chosen for it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from letters.actions.rows import WORK, when_made
from letters.mailing import nudge
from letters.models import Channel, Letter, LetterState
from pulje.actions.journal import note_down
from pulje.errors import RuleBroken, WrongState
from pulje.models import PersonNumber, User
from pulje.permissions import check_not_disqualified, check_other

MOVABLE = (LetterState.RENDERED, LetterState.APPROVED, LetterState.FAILED)
WHY_NOT = {
    Channel.DIGITAL_POST: "Ansøgeren har hverken CVR- eller CPR-nummer her.",
    Channel.EMAIL: "Der er ingen e-mailadresse på sagen.",
}


@transaction.atomic
def change_channel(letter: Letter, *, channel: Channel, by: User, at: datetime) -> Letter:
    """Send the letter by another channel; one that failed is taken up again at once.

    Only a letter that has been made, and that no worker has taken. The case's journal tells of it.
    Raises NotAllowed without the role or to the disqualified, WrongState when it is too late or too
    early, RuleBroken when the recipient cannot be reached that way.
    """
    check_other(by, "approve_letter")
    rows = with_ways(Letter.objects.select_related("application__applicant"))
    letter = rows.select_for_update(of=("self",)).get(pk=letter.pk)
    check_not_disqualified(by, letter.application)
    if letter.state not in MOVABLE or letter.claimed_at or not letter.sha256:
        raise WrongState(_("Kanalen kan ikke skiftes for brevet, som det står nu."))
    if channel == letter.channel and letter.state != LetterState.FAILED:
        return letter
    if channel not in ways(letter):
        raise RuleBroken(WHY_NOT.get(channel, _("Brevet kan ikke sendes ad den vej.")))
    told = {"letter": letter.pk, "title": letter.title, "from": letter.channel, "to": channel}
    if letter.state == LetterState.FAILED:
        letter.state, letter.attempts, letter.failure = when_made(letter), 0, ""
    letter.channel, letter.next_attempt_at = channel, at
    letter.channel_reason = _("Valgt af %s") % by.name
    letter.save()
    note_down(letter.application, "letter_channel_changed", by=by, at=at, data=told)
    nudge(WORK)
    return letter


def with_ways(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """The letters as ``ways`` wants them read, with their case's applicant."""
    known = PersonNumber.objects.filter(applicant=OuterRef("application__applicant"))
    return letters.annotate(has_person_number=Exists(known))


def ways(letter: Letter) -> list[Channel]:
    """The channels that can reach the letter's recipient; none for a pool in test mode."""
    if letter.channel == Channel.NOWHERE:
        return []
    who = letter.application.applicant
    reaches = {
        Channel.DIGITAL_POST: bool(who.cvr or letter.has_person_number),  # type: ignore[attr-defined]
        Channel.EMAIL: bool(letter.recipient_email),
        Channel.PRINT: True,
    }
    return [way for way, reached in reaches.items() if reached and way in settings.LETTER_PORTS]
