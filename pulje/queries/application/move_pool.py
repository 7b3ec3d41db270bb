"""Where a case could be moved, and what is in the way of the other pools: two queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.models import Application, PoolVersion, Round
from pulje.queries.application.completeness import broken_rules
from pulje.templatetags.words import kr_text


@dataclass(frozen=True)
class Way:
    """A round of another pool: why the case cannot go there, and what must be mended there."""

    round: Round
    hindrances: Sequence[str]
    note: str


def ways_of(case: Application, now: datetime) -> list[Way]:
    """The rounds that have opened and had not closed when the case came in, by pool."""
    assert case.submitted_at is not None
    today, received_on = timezone.localdate(now), timezone.localdate(case.submitted_at)
    rounds = (
        Round.objects.filter(opens_at__lte=now, pool__is_test=case.pool.is_test)
        .filter(Q(closes_at=None) | Q(closes_at__gte=case.submitted_at))
        .exclude(pool=case.pool)
        .select_related("pool")
        .order_by("pool__name", "-pool__year", "pk")
    )
    versions = PoolVersion.objects.filter(
        pool__in={round.pool_id for round in rounds}, valid_from__lte=today
    )
    in_force = {version.pool_id: version for version in versions.order_by("number")}
    return [
        Way(round, broken_rules(case, version, received_on), _note(case, version))
        for round in rounds
        if (version := in_force.get(round.pool_id))
    ]


def _note(case: Application, version: PoolVersion) -> str:
    asked, ceiling = case.requested_kr or 0, version.ceiling_kr
    if ceiling is not None and asked > ceiling:
        return _("der kan højst søges %s") % kr_text(ceiling)
    if asked < version.min_kr:
        return _("der skal søges mindst %s") % kr_text(version.min_kr)
    return ""
