"""The complaint over a case's decision, and until when one may come."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from pulje.enums import DecidedBy
from pulje.models import Appeal, AppealGuidance, Application, Decision, User
from pulje.queries.clock import APPEAL_IS_OPEN
from pulje.queries.meeting.committee import visible
from pulje.queries.told import decision_told
from pulje.rules.appeals import last_day, names_deadline

DECISION_LETTERS = ("AWARD", "AWARD_CONDITIONS", "PARTIAL_AWARD", "REJECTION")


def open_appeal(application: Application) -> Appeal | None:
    """The complaint that is not answered, with the decision it is about."""
    return (
        Appeal.objects.filter(decision__application=application, state__in=APPEAL_IS_OPEN)
        .select_related("decision")
        .first()
    )


def appeals_of(application: Application) -> list[Appeal]:
    """Every complaint in the case, the newest first: one query."""
    rows = Appeal.objects.filter(decision__application=application)
    people = ("decision__meeting__committee", "assessed_by", "answered_by", "new_decision")
    return list(rows.select_related(*people).order_by("-received_at", "-pk"))


def last_day_to_appeal(application: Application, decision: Decision) -> date | None:
    """The deadline from the day the decision's letter could be read; None where it told none.

    Source: rules/appeals.py (last_day, names_deadline).
    """
    told = decision_told(application, DECISION_LETTERS, decision.decided_at)
    last = last_day(decision.legal_basis, timezone.localdate(told.at) if told else None)
    if told is None or last is None:
        return None
    carried = AppealGuidance.objects.filter(
        legal_basis=decision.legal_basis, version=told.data.get("guidance")
    ).first()
    return last if carried is not None and names_deadline(carried.text) else None


def open_at_committees(user: User) -> QuerySet[Appeal]:
    """Complaints nobody has answered over what the committees this person sees have decided."""
    seen = visible(user).order_by()
    at_meetings = Q(decision__meeting__in=seen.values("pk"))
    between = Q(
        decision__body=DecidedBy.CHAIR,
        decision__application__pool__committee__in=seen.values("committee"),
    )
    mine = Appeal.objects.filter(at_meetings | between, state__in=APPEAL_IS_OPEN)
    related = (
        "decision__application__applicant",
        "decision__application__pool__committee",
        "assessed_by",
    )
    versions = ("decision__application__version", "decision__meeting__committee")
    return mine.select_related(*related, *versions)
