"""Take up a letter that failed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import channels
from letters.actions.approve import hold_back
from letters.actions.queue import set_facts
from letters.actions.rows import WORK, when_made
from letters.facts.base import gather
from letters.kinds.registry import KINDS
from letters.mails.actions import nudge
from letters.models import (
    Letter,
    LetterState,
)
from pulje.errors import RuleBroken, WrongState
from pulje.models import User
from pulje.permissions import check_not_disqualified, check_other


@transaction.atomic
def retry(letter: Letter, *, by: User) -> Letter:
    """Take up a failed letter again; one that was never made gets its facts anew.

    Raises NotAllowed without the role, WrongState when it has not failed, RuleBroken when the
    reason still stands.
    """
    check_other(by, "approve_letter")
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("application", "entry")
        .get(pk=letter.pk)
    )
    check_not_disqualified(by, letter.application)
    if letter.state != LetterState.FAILED:
        raise WrongState(_("Brevet er ikke gået i stå. Genindlæs siden for at se det."))
    if letter.sha256:
        letter.state = when_made(letter)
    elif letter.entry:
        kind = KINDS[letter.kind]
        set_facts(letter, kind, gather([letter.entry], kind.needs)[letter.entry.pk])
    if letter.state == LetterState.FAILED:
        raise RuleBroken(letter.failure)
    letter.recipient_email = letter.application.contact_email or letter.application.applicant.email
    way = channels.ways_of([letter.application])[letter.application_id]
    letter.channel, letter.channel_reason = way
    letter.attempts, letter.next_attempt_at, letter.failure = 0, timezone.now(), ""
    letter.save()
    hold_back(letter)
    nudge(WORK)
    return letter
