"""Take up a letter that failed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import channels
from letters.actions.approve import hold_back
from letters.actions.gone import has_ended
from letters.actions.remake import ahead_of_all, is_stale, make_anew
from letters.actions.rows import MOVED, WORK, note_moved, when_made
from letters.mail_address import mail_addresses
from letters.mails.actions import nudge
from letters.models import Channel, Letter, LetterState, ReceiptKind
from pulje.errors import RuleBroken, WrongState
from pulje.models import User
from pulje.permissions import check_not_disqualified, check_other

LONGEST = 200


@transaction.atomic
def retry(letter: Letter, *, by: User) -> Letter:
    """Take up a failed letter again; one that nobody has seen is made anew when it is not today's,
    and one that events have overtaken ends (SUPERSEDED).

    It goes the way it was put on, by a person or by a carrier's no; else the way is chosen again,
    and never one that has just brought it back.
    Raises NotAllowed without the role, WrongState when it has not failed, RuleBroken when the
    reason still stands.
    """
    check_other(by, "approve_letter")
    now = timezone.now()
    rows = Letter.objects.select_for_update(of=("self",))
    letter = rows.select_related("application__applicant", "entry").get(pk=letter.pk)
    check_not_disqualified(by, letter.application)
    if letter.state != LetterState.FAILED:
        raise WrongState(_("Brevet er ikke gået i stå. Genindlæs siden for at se det."))
    if has_ended(letter):
        return letter
    why = letter.failure
    take_up(letter, now)
    _find_way(letter, why, by, now)
    letter.save()
    hold_back(letter)
    nudge(WORK)
    return letter


def take_up(letter: Letter, now: datetime) -> None:
    """Put a failed letter, locked, back where it was; the caller saves it and asks the gate.

    Raises RuleBroken when what it failed for still stands.
    """
    if is_stale(letter, timezone.localdate(now)):
        make_anew([letter], now, due_at=ahead_of_all())
    elif letter.sha256:
        letter.state = when_made(letter)
    if letter.state == LetterState.FAILED:
        raise RuleBroken(letter.failure)
    letter.attempts, letter.failure, letter.claimed_at = 0, "", None
    letter.next_attempt_at = min(letter.next_attempt_at, now)


def _find_way(letter: Letter, why: str, by: User, now: datetime) -> None:
    case, old = letter.application, letter.channel
    mails = mail_addresses([case])
    email = mails[case.pk]
    way = (Channel(old), letter.channel_reason)
    if not case.journal.filter(event=MOVED, data__letter=letter.pk).exists():
        way = channels.ways_of([case], mails)[case.pk]
    is_another = way[0] == Channel.EMAIL and email != letter.recipient_email
    if way[0] == old and _has_come_back(letter) and not is_another:
        way = _next(letter, why)
    letter.recipient_email = email
    letter.channel, letter.channel_reason = way
    if letter.channel != old:
        note_moved(letter, old, by=by, at=now)


def _has_come_back(letter: Letter) -> bool:
    bad = (ReceiptKind.BOUNCED, ReceiptKind.REJECTED)
    return letter.receipts.filter(kind__in=bad, source=letter.channel).exists()


def _next(letter: Letter, why: str) -> channels.Way:
    channel, who = channels.after(letter.channel), letter.application.applicant
    if channel is None or not (who.street and who.postcode):
        raise RuleBroken(
            _("Brevet kom retur fra den adresse. Ret ansøgers e-mail eller adresse, og prøv igen.")
        )
    return channel, why[:LONGEST]
