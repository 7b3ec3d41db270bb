"""Which grants wait for a yes that nobody need say: silence takes nothing away."""

from django.db.models import Exists, OuterRef, Q

from pulje.enums import PaymentState
from pulje.models import Application, AwardAcceptance, Payment


def is_kept() -> Q:
    """Decisions of grants that do not lapse unanswered.

    Something is paid, or the applicant has said yes to an earlier decision that gave as much or
    less: the new one, for instance after a complaint, is no worse.
    Source: rules/appeals.py (is_better); states.md, "Always true" 5.
    """
    yes = AwardAcceptance.objects.filter(
        is_accepted=True,
        decision__application=OuterRef("application"),
        decision__pk__lt=OuterRef("pk"),
        decision__amount_kr__lte=OuterRef("amount_kr"),
    )
    paid = Payment.objects.filter(application=OuterRef("application"), state=PaymentState.CONFIRMED)
    return Q(Exists(yes), replaces__isnull=False) | Q(Exists(paid))


def is_kept_grant(application: Application) -> bool:
    """The case's grant is such a one."""
    return application.decisions.filter(is_kept(), is_current=True).exists()
