"""What a case worker needs to key in an application: rounds, applicants, and what is in already."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from pulje.enums import LineKind
from pulje.models import Applicant, Application, BudgetLine, LineRule, PoolVersion, Round, User
from pulje.queries.application.budget import bounds_of, posts, what_is_wrong
from pulje.queries.application.completeness import broken_rules
from pulje.queries.search import applicants
from pulje.rules.budget import Bounds, Post
from pulje.states import Verb

LATELY_DAYS = 60
MOST_APPLICANTS = 10
MOST_ALIKE = 5


def rounds_to_choose(now: datetime) -> list[Round]:
    """The rounds that are open, and those that closed lately; the first deadline first.

    ``has_types`` says whether the pool's rules of today are about types of expense.
    """
    versions = PoolVersion.objects.filter(pool=OuterRef("pool"), valid_from__lte=localdate(now))
    newest = Subquery(versions.order_by("-number").values("pk")[:1])
    rules = LineRule.objects.filter(version=OuterRef("newest"))
    begun = Round.objects.filter(opens_at__lte=now).select_related("pool")
    begun = begun.annotate(newest=newest).annotate(has_types=Exists(rules))
    lately = Q(closes_at=None) | Q(closes_at__gte=now - timedelta(days=LATELY_DAYS))
    return list(begun.filter(lately).order_by("closes_at", "pool__name", "pk"))


def applicants_like(typed: str) -> list[Applicant]:
    """Those we know with such a name or CVR number."""
    return list(applicants(typed)[:MOST_APPLICANTS])


def against_the_rules(
    round: Round, case: Application, lines: Sequence[BudgetLine], received_on: date
) -> list[str]:
    """The rules of the pool that a case not kept yet would break: said, not refused.

    Without a budget only the least and the most are looked at.
    """
    versions = PoolVersion.objects.filter(pool=round.pool_id, valid_from__lte=received_on)
    version = versions.order_by("number").last() or round.pool.versions.order_by("number").first()
    if version is None:
        return []
    bounds, found = bounds_of(version), posts(lines)
    if not any(post.kind == LineKind.EXPENSE for post in found):
        bounds = Bounds(bounds.min_kr, bounds.ceiling_kr)
        found = [Post(LineKind.EXPENSE, case.requested_kr or Decimal(0))]
    broken = broken_rules(case, version, received_on)
    return broken + what_is_wrong(found, bounds, case.requested_kr)


def perhaps_here(*words: str) -> list[Applicant]:
    """Those we know with nearly that name, or with that e-mail or telephone number."""
    found = {one.pk: one for said in words if said for one in applicants(said)[:MOST_ALIKE]}
    return list(found.values())[:MOST_APPLICANTS]


def registered_with(token: str, *, by: User, since: datetime) -> Application | None:
    """The case this person keyed in on the page with the token."""
    own = Application.objects.filter(submitted_by=by, created_at__gte=since)
    keyed = own.filter(journal__event=Verb.REGISTER_ON_BEHALF, journal__data__token=token)
    return keyed.order_by("pk").first()
