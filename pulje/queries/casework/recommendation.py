"""What a recommendation may be made of: the grounds and phrases of the case's own version."""

from collections.abc import Mapping, Sequence

from django.db.models import F

from pulje.enums import PhraseKind
from pulje.models import Ground, Phrase, PoolVersion

Groups = Mapping[str, Sequence[Ground]]


def grounds_of(version: PoolVersion) -> list[Ground]:
    """The adopted grounds with their criteria, in the criteria's order; one query."""
    rows = version.grounds.select_related("criterion")
    return list(rows.order_by(F("criterion__position").asc(nulls_last=True), "section", "pk"))


def phrases_of(version: PoolVersion) -> list[Phrase]:
    """The phrases for reasons and terms, by name; one query."""
    kinds = (PhraseKind.REASONS, PhraseKind.CONDITIONS)
    rows = version.phrases.filter(kind__in=kinds).select_related("ground")
    return list(rows.order_by("name", "pk"))


def by_criterion(grounds: Sequence[Ground]) -> Groups:
    """The grounds under the name of their criterion; an empty name holds those of none."""
    groups: dict[str, list[Ground]] = {}
    for ground in grounds:
        name = ground.criterion.name if ground.criterion else ""
        groups.setdefault(name, []).append(ground)
    return groups
