"""The versions of a pool's rules, and the places of rows in their lists.

A version that an application has been submitted under stands as it is: what comes after is the next
version. Drafts keep the version they were begun under.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import Criterion, Gate, Pool, PoolVersion, Question, User
from pulje.permissions import check_other
from pulje.queries.application.questions import questions_of
from pulje.queries.pool.form import is_frozen
from pulje.rules.deadlines import add_months

# what a copy does not take over
OWN_TO_A_VERSION = ("id", "pool", "number", "valid_from", "created_by", "created_at")


MOST_MONTHS_AHEAD = 60


@transaction.atomic
def new_version(version: PoolVersion, *, by: User, valid_from: date, today: date) -> PoolVersion:
    """The pool's next version, a copy of this one with everything that belongs to it.

    Raises RuleBroken when the version is not the latest, or would begin before today.
    """
    check_other(by, "edit_form")
    Pool.objects.select_for_update().get(pk=version.pool_id)
    latest = version.pool.versions.order_by("-number")[0]
    if latest != version:
        raise RuleBroken(_("Version %d er allerede begyndt.") % latest.number)
    if today < version.valid_from and valid_from < version.valid_from:
        raise RuleBroken(
            _("Version %(number)d gælder først fra %(day)s. Flyt den til en tidligere dag først.")
            % {"number": version.number, "day": f"{version.valid_from:%d-%m-%Y}"}
        )
    _check_begins(valid_from, today)
    return copy_version(
        version, version.pool, number=version.number + 1, valid_from=valid_from, by=by
    )


def copy_version(
    version: PoolVersion,
    pool: Pool,
    *,
    number: int,
    valid_from: date,
    by: User,
    changed: Mapping[str, object] | None = None,
) -> PoolVersion:
    """A version of ``pool`` with all parts of this one; ``changed`` are settings that differ."""
    copied: dict[str, Any] = {
        field.attname: getattr(version, field.attname)
        for field in PoolVersion._meta.concrete_fields
        if field.name not in OWN_TO_A_VERSION
    }
    own = {"pool": pool, "number": number, "valid_from": valid_from, "created_by": by}
    made = PoolVersion.objects.create(**copied | dict(changed or {}) | own)
    _copy_parts(version, made)
    return made


def _copy_parts(version: PoolVersion, made: PoolVersion) -> None:
    criteria = _copied(made, version.criteria.order_by("position"))
    _copied(made, version.gates.all())
    _copied(made, version.line_rules.all())
    grounds = _copied(made, version.grounds.order_by("pk"), criterion=criteria)
    _copied(made, version.phrases.order_by("pk"), ground=grounds)
    copies: dict[int | None, Question] = {}
    for question in questions_of(version):  # each stands after the one it hangs on
        was = question.pk
        question.pk, question.version = None, made
        question.shown_if = copies.get(question.shown_if_id)
        question.save(force_insert=True)
        copies[was] = question


def _copied(made: PoolVersion, rows: Any, **hangs_on: Mapping[int, Any]) -> dict[int, Any]:
    """The rows' copies by the old id; ``hangs_on`` gives the copies of what a row points at."""
    copies = {}
    for row in rows:
        was = row.pk
        row.pk, row.version = None, made
        for name, known in hangs_on.items():
            setattr(row, name, known.get(getattr(row, f"{name}_id") or 0))
        row.save(force_insert=True)
        copies[was] = row
    return copies


@transaction.atomic
def set_valid_from(version: PoolVersion, *, by: User, valid_from: date, today: date) -> PoolVersion:
    """Move the day a coming version begins. Raises RuleBroken when it has begun."""
    check_other(by, "edit_form")
    version = PoolVersion.objects.select_for_update().get(pk=version.pk)
    if version.valid_from <= today:
        raise RuleBroken(_("Version %d gælder allerede.") % version.number)
    _check_begins(valid_from, today)
    version.valid_from = valid_from
    version.save(update_fields=["valid_from"])
    return version


def _check_begins(valid_from: date, today: date) -> None:
    if valid_from < today:
        raise RuleBroken(_("Den nye version kan tidligst gælde fra i dag."))
    last = add_months(today, MOST_MONTHS_AHEAD)
    if valid_from > last:
        raise RuleBroken(_("Den nye version kan senest gælde fra %s.") % f"{last:%d-%m-%Y}")


def open_version(version_id: int, *, by: User, verb: str = "edit_pool") -> PoolVersion:
    """The version, locked, to somebody who may do the verb.

    Raises RuleBroken when an application has been submitted under it.
    """
    check_other(by, verb)
    version = PoolVersion.objects.select_for_update().get(pk=version_id)
    if is_frozen(version):
        raise RuleBroken(
            _("Der er sendt en ansøgning efter version %d. Begynd på den næste version først.")
            % version.number
        )
    return version


# --- places in a list ---

Row = TypeVar("Row", Question, Gate, Criterion)


def next_position(rows: Any) -> int:
    """The place after the last of these rows."""
    last = rows.order_by("-position").first()
    return last.position + 1 if last else 1


def swapped(rows: list[Row], moved: Row, *, up: bool) -> list[Row]:
    """Swap ``moved`` with its neighbour in ``rows``; gives the two with their new positions."""
    at = next((n for n, row in enumerate(rows) if row.pk == moved.pk), None)
    if at is None:
        return []
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return []
    rows[at], rows[to] = rows[to], rows[at]
    rows[at].position, rows[to].position = rows[to].position, rows[at].position
    return [rows[at], rows[to]]


def save_positions(pair: Sequence[Question] | Sequence[Gate] | Sequence[Criterion]) -> None:
    """Positions are unique at every moment, so the first goes aside while the second moves."""
    if not pair:
        return
    first, second = pair
    wanted, first.position = first.position, 0
    first.save(update_fields=["position"])
    second.save(update_fields=["position"])
    first.position = wanted
    first.save(update_fields=["position"])
