"""What the administration proposes, and taking it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.casework.assessment import check_meets_rule
from pulje.actions.casework.reasons import check_carried, composed, with_those_of_phrases
from pulje.actions.deadline import handle_undecided
from pulje.actions.state import lock, move
from pulje.enums import AssessmentState, ItemOutcome, LineKind
from pulje.errors import RuleBroken
from pulje.models import (
    Application,
    BudgetLine,
    Ground,
    JournalEntry,
    Phrase,
    Recommendation,
    RecommendationLine,
    User,
)
from pulje.permissions import check_may
from pulje.queries.casework.delegation import hindrance_of
from pulje.rules.commitment import needs_consent
from pulje.rules.texts import is_blank
from pulje.states import CaseState, Verb
from pulje.templatetags.words import kr_text


@transaction.atomic
def recommend(
    application: Application,
    *,
    by: User,
    at: datetime,
    amount_kr: Decimal,
    reasons: str = "",
    grounds: Sequence[Ground] = (),
    phrases: Sequence[Phrase] = (),
    conditions: str = "",
    lines: Mapping[int, Decimal] | None = None,
    consent: str = "",
) -> JournalEntry:
    """Propose an amount (0 kr. = refusal) with reasons the applicant and committee will read.

    A picked phrase brings its ground; reasons nobody wrote are composed of what is picked.
    ``lines``: {position of a budget line: kr.}, in all the amount. The leader decides where the
    delegation allows, else the committee. Raises RuleBroken, also as ``check_carried``.
    """
    application = lock(application)
    check_may(by, Verb.RECOMMEND, application)
    grounds = with_those_of_phrases(grounds, phrases)
    _check(application, amount_kr, grounds, phrases, consent)
    proposal = Recommendation(
        application=application,
        amount_kr=amount_kr,
        reasons=reasons.strip() or composed(application, amount_kr, grounds, phrases),
        conditions=conditions,
        is_delegated=hindrance_of(application, timezone.localdate(at)) is None,
        recommended_by=by,
        recommended_at=at,
    )
    _keep(proposal, grounds, _shares(application, amount_kr, lines or {}))
    due_on, data = handle_undecided(application, at), _told(proposal, consent.strip())
    return move(application, Verb.RECOMMEND, by=by, at=at, due_on=due_on, data=data)


@transaction.atomic
def send_back(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """The leader or the committee wants it looked at again. Raises RuleBroken without a reason."""
    application = lock(application)
    check_may(by, Verb.SEND_BACK, application)
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvad der skal ses på igen."))
    entry = move(
        application,
        Verb.SEND_BACK,
        by=by,
        at=at,
        due_on=handle_undecided(application, at),
        data={"reason": reason},
    )
    application.recommendations.filter(is_current=True).update(is_current=False)
    application.agenda_items.filter(outcome=ItemOutcome.PENDING).update(
        outcome=ItemOutcome.SENT_BACK, remark=reason[:500]
    )
    return entry


@transaction.atomic
def undo(application: Application, *, by: User, at: datetime) -> JournalEntry:
    """Take the last step back while nothing has left the house because of it.

    Raises RuleBroken when a reviewer has answered or the case is on an agenda.
    """
    application = lock(application)
    check_may(by, Verb.UNDO, application)
    if application.state == CaseState.IN_REVIEW:
        if application.assessments.exclude(state=AssessmentState.OPEN).exists():
            raise RuleBroken(_("En vurdering er afgivet, så skridtet kan ikke fortrydes."))
        application.assessments.all().delete()
        target = CaseState.SUBMITTED
    else:
        if application.agenda_items.filter(outcome=ItemOutcome.PENDING).exists():
            raise RuleBroken(_("Sagen er på en dagsorden. Tag den af mødet først."))
        application.recommendations.filter(is_current=True).update(is_current=False)
        target = CaseState.REVIEWED
    return move(application, Verb.UNDO, by=by, at=at, to=target, due_on=application.due_on)


def _check(
    application: Application,
    amount_kr: Decimal,
    grounds: Sequence[Ground],
    phrases: Sequence[Phrase],
    consent: str,
) -> None:
    check_amount(application, amount_kr)
    check_length(application, amount_kr, consent)
    check_carried(application, amount_kr, grounds, phrases)


def check_amount(application: Application, amount_kr: Decimal) -> None:
    """Refuse an amount that the application or its pool does not allow. Raises RuleBroken."""
    asked = application.requested_kr or Decimal(0)
    if amount_kr < 0:
        raise RuleBroken(_("Beløbet kan ikke være negativt."))
    if amount_kr > asked:
        raise RuleBroken(_("Der kan højst indstilles det, der er søgt om."))
    ceiling = application.version.ceiling_kr
    if ceiling is not None and amount_kr > ceiling:
        raise RuleBroken(_("Beløbet er over puljens loft."))
    check_meets_rule(application, amount_kr)


def check_length(application: Application, amount_kr: Decimal, consent: str) -> None:
    """Refuse a grant over three years without a consent (rules/commitment.py)."""
    if not amount_kr or consent.strip():
        return
    if needs_consent(application.starts_on, application.ends_on):
        raise RuleBroken(
            _(
                "Projektet løber i mere end tre år. Så langt et tilsagn kræver samtykke fra "
                "Ankestyrelsen (lånebekendtgørelsen § 13). Skriv, hvornår det er givet."
            )
        )


def _shares(
    application: Application, amount_kr: Decimal, lines: Mapping[int, Decimal]
) -> list[tuple[BudgetLine, Decimal]]:
    """The budget's lines with their kr.; refuses what is over a line or not the amount in all."""
    if not lines:
        return []
    rows = application.budget_lines.filter(kind=LineKind.EXPENSE).order_by("position")
    budget = {row.position: row for row in rows}
    if lines.keys() - budget.keys():
        raise RuleBroken(_("Ansøgers budget er ændret. Genindlæs siden, og fordel beløbet igen."))
    for position, kr in lines.items():
        if not 0 <= kr <= budget[position].amount_kr:
            most = kr_text(budget[position].amount_kr)
            raise RuleBroken(
                _("”%(post)s” er budgetteret til %(most)s Posten kan ikke få mere.")
                % {"post": budget[position].text, "most": most}
            )
    total = sum(lines.values(), Decimal(0))
    if total != amount_kr:
        raise RuleBroken(
            _("Posterne giver i alt %(total)s, men der er indstillet %(amount)s")
            % {"total": kr_text(total), "amount": kr_text(amount_kr)}
        )
    return [(row, lines[position]) for position, row in budget.items() if position in lines]


def _keep(
    proposal: Recommendation,
    grounds: Sequence[Ground],
    shares: Sequence[tuple[BudgetLine, Decimal]],
) -> None:
    """The lines are copies: the applicant's own may be rewritten when the case is sent back."""
    proposal.save()
    proposal.grounds.set(grounds)
    RecommendationLine.objects.bulk_create(
        RecommendationLine(
            recommendation=proposal,
            position=line.position,
            text=line.text,
            budget_kr=line.amount_kr,
            amount_kr=kr,
        )
        for line, kr in shares
    )


def _told(proposal: Recommendation, consent: str) -> dict[str, object]:
    """What the journal keeps."""
    said: dict[str, object] = {"recommendation": proposal.pk, "amount_kr": str(proposal.amount_kr)}
    return said | ({"consent": consent} if consent else {})
