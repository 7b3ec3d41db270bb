"""What a case is scored on, the grounds the rules carry, and the phrases that go with them."""

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.pool.version import next_position, open_version, save_positions, swapped
from pulje.enums import PhraseKind
from pulje.errors import RuleBroken
from pulje.models import Criterion, Ground, Phrase, PoolVersion, User

# --- criteria ---


@transaction.atomic
def save_criterion(
    version: PoolVersion,
    criterion: Criterion | None,
    *,
    by: User,
    name: str,
    question: str,
    weight: int,
) -> Criterion:
    """Add a criterion at the end, or change one. Raises RuleBroken for a name that is there."""
    version = open_version(version.pk, by=by)
    saved = criterion or Criterion(version=version, position=next_position(version.criteria))
    _check_own(version.criteria, saved.pk)
    if version.criteria.filter(name__iexact=name).exclude(pk=saved.pk).exists():
        raise RuleBroken(_("Der er allerede et kriterium med det navn."))
    saved.name, saved.question, saved.weight = name, question, weight
    saved.save()
    return saved


@transaction.atomic
def move_criterion(criterion: Criterion, *, by: User, up: bool) -> None:
    """Change places with the neighbour; at the end of the list nothing happens."""
    version = open_version(criterion.version_id, by=by)
    save_positions(swapped(list(version.criteria.order_by("position")), criterion, up=up))


@transaction.atomic
def delete_criterion(criterion: Criterion, *, by: User) -> None:
    """Remove a criterion.

    Raises RuleBroken while a ground is of it, or the rules ask for more criteria than are left.
    """
    version = open_version(criterion.version_id, by=by)
    if criterion.grounds.exists():
        raise RuleBroken(_("Der hører begrundelser til kriteriet. Slet eller flyt dem først."))
    if version.criteria.exclude(pk=criterion.pk).count() < version.needs_criteria:
        raise RuleBroken(_("Reglen om, hvor mange kriterier der skal opfyldes, kræver det."))
    Criterion.objects.filter(pk=criterion.pk).delete()


# --- grounds ---


@transaction.atomic
def save_ground(
    version: PoolVersion,
    ground: Ground | None,
    *,
    by: User,
    section: str,
    text: str,
    criterion: Criterion | None,
    is_favourable: bool,
) -> Ground:
    """Add a reason that the adopted rules carry, or change one."""
    version = open_version(version.pk, by=by)
    saved = ground or Ground(version=version)
    _check_own(version.grounds, saved.pk)
    if criterion is not None:
        _check_own(version.criteria, criterion.pk)
    saved.section, saved.text = section, text
    saved.criterion, saved.is_favourable = criterion, is_favourable
    saved.save()
    return saved


@transaction.atomic
def delete_ground(ground: Ground, *, by: User) -> None:
    """Remove a ground. Raises RuleBroken while phrases belong to it."""
    open_version(ground.version_id, by=by)
    if ground.phrases.exists():
        raise RuleBroken(
            _("Der hører standardtekster til begrundelsen. Slet eller flyt dem først.")
        )
    Ground.objects.filter(pk=ground.pk).delete()


# --- phrases ---


@transaction.atomic
def save_phrase(
    version: PoolVersion,
    phrase: Phrase | None,
    *,
    by: User,
    kind: PhraseKind,
    name: str,
    text: str,
    days: int | None,
    ground: Ground | None,
) -> Phrase:
    """Add a text to the library, or change one.

    Raises RuleBroken for a name that is there, and for a reason that no adopted ground carries.
    """
    version = open_version(version.pk, by=by)
    saved = phrase or Phrase(version=version)
    _check_own(version.phrases, saved.pk)
    if ground is not None:
        _check_own(version.grounds, ground.pk)
    if kind == PhraseKind.REASONS and ground is None:
        raise RuleBroken(_("Vælg, hvilken af puljens begrundelser teksten hører til."))
    if version.phrases.filter(kind=kind, name__iexact=name).exclude(pk=saved.pk).exists():
        raise RuleBroken(_("Der er allerede en standardtekst med det navn."))
    saved.kind, saved.name, saved.text = kind, name, text
    saved.days, saved.ground = days, ground
    saved.save()
    return saved


@transaction.atomic
def delete_phrase(phrase: Phrase, *, by: User) -> None:
    """Remove a text from the library; letters that used it keep their words."""
    open_version(phrase.version_id, by=by)
    Phrase.objects.filter(pk=phrase.pk).delete()


def _check_own(rows: object, pk: int | None) -> None:
    """The row is still one of these."""
    if pk is not None and not rows.filter(pk=pk).exists():  # type: ignore[attr-defined]
        raise RuleBroken(_("Rækken er slettet i mellemtiden. Genindlæs siden."))
