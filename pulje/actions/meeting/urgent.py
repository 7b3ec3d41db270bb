"""The chair decides for the committee what cannot wait for its next meeting."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.decision.deciding import Maker, Ruling, enter_decisions, proposals
from pulje.actions.in_words import in_words
from pulje.actions.state import lock_all
from pulje.enums import DecidedBy, ItemOutcome
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_may_many
from pulje.queries.meeting.urgent import deciders
from pulje.rules.texts import says_nothing
from pulje.states import OTHER_VERBS, Verb
from pulje.templatetags.words import dato

LONGEST_REASON = 300


@transaction.atomic
def decide_urgently(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    urgency: str,
    reasons: str = "",
) -> JournalEntry:
    """The committee's chair decides one case; the committee is told at its next meeting.

    The vice chair does it when the chair is shut out of the case. Raises NotAllowed to all others,
    RuleBroken without why it could not wait, for a case the leader may decide or that stands on an
    agenda, and what ``enter_decisions`` raises.
    Source: kommunestyrelsesloven § 22 (the chair decides for the committee what cannot wait) [GK];
    forvaltningsloven §§ 3-6, 22.
    """
    (application,) = lock_all([application])
    check_may_many(by, Verb.DECIDE, [application], roles=OTHER_VERBS["decide_urgently"])
    _check_office(application, by, at)
    if says_nothing(urgency):
        said = _("Skriv, hvorfor sagen ikke kan vente til udvalgets næste møde.")
        raise RuleBroken(in_words(said))
    recommended = proposals([application])
    if amount_kr != recommended[application.pk].amount_kr and says_nothing(reasons):
        raise RuleBroken(in_words(_("Skriv, hvorfor indstillingen ikke følges.")))
    if recommended[application.pk].is_delegated:
        raise RuleBroken(_("Lederen kan afgøre sagen. Den skal ikke for udvalget."))
    _check_on_no_agenda(application)
    (entry,) = enter_decisions(
        [application],
        recommended,
        {application.pk: Ruling(application, amount_kr, reasons)},
        maker=Maker(by, DecidedBy.CHAIR, urgency=urgency.strip()[:LONGEST_REASON]),
        at=at,
    )
    return entry


def _check_office(application: Application, by: User, at: datetime) -> None:
    """Source: kommunestyrelsesloven § 22; the vice chair takes the chair's place [GK]."""
    decider = deciders([application], timezone.localdate(at)).get(application.pk)
    if decider is None:
        raise NotAllowed(_("Udvalget har ingen formand, der kan afgøre sagen."))
    if decider != by:
        raise NotAllowed(_("Mellem møderne er det kun %s, der kan afgøre sagen.") % decider.name)


def _check_on_no_agenda(application: Application) -> None:
    item = (
        application.agenda_items.filter(outcome=ItemOutcome.PENDING)
        .select_related("meeting")
        .first()
    )
    if item:
        raise RuleBroken(
            _("Sagen er på dagsordenen til mødet %s. Tag den af dagsordenen først.")
            % dato(item.meeting.held_at)
        )
