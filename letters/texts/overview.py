"""Every text the letters need: which is in force, what waits, what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from letters.kinds.kind import Kind
from letters.kinds.registry import KINDS
from letters.models import LetterText, TypedText
from letters.texts.fields import CODES, title_of
from letters.texts.parts import PARTS
from pulje.actions.decision.appeal_guidance import NEEDS_LAWYER
from pulje.enums import LegalBasis
from pulje.models import AppealGuidance, User

SOON = timedelta(days=60)
OTHER, SHARED = "Andre breve", "Afsnit, som flere breve deler"
# the stage of a case's life follows from the module a kind stands in
STAGES = {
    "letters.kinds.case": "Ansøgning og sag",
    "letters.kinds.decision": "Afgørelse",
    "letters.kinds.grant": "Penge og rapport",
    "letters.kinds.appeal": "Klage",
}


@dataclass(frozen=True)
class Standing:
    """How the text of a kind or part stands, for all cases or for those of one legal basis."""

    code: str
    title: str
    legal_basis: str
    versions: tuple[LetterText, ...]  # newest first
    day: date

    @property
    def in_force(self) -> LetterText | None:
        """As LetterText.objects.in_force, of rows that are read already."""
        newest = self._newest_begun
        return None if newest is None or _is_over(newest, self.day) else newest

    @property
    def _newest_begun(self) -> LetterText | None:
        approved = (row for row in self.versions if row.approved_at is not None)
        return next((row for row in approved if row.valid_from <= self.day), None)

    @property
    def since(self) -> date | None:
        """The day its text came into use."""
        used = self.in_force
        if used is None or used.approved_at is None:
            return None
        return max(used.valid_from, localdate(used.approved_at))

    @property
    def coming(self) -> LetterText | None:
        """Approved and not begun."""
        approved = (row for row in self.versions if row.approved_at is not None)
        return next((row for row in approved if row.valid_from > self.day), None)

    @property
    def waiting(self) -> LetterText | None:
        """A draft newer than all that is approved."""
        newest = self.versions[0] if self.versions else None
        return newest if newest is not None and newest.approved_at is None else None

    @property
    def ended(self) -> LetterText | None:
        """The last one that was in force, when none is."""
        return None if self.in_force else self._newest_begun

    @property
    def is_missing(self) -> bool:
        """No letter can be made of it; one for a legal basis falls back on the one for all."""
        return self.in_force is None and not self.legal_basis

    @property
    def is_standard(self) -> bool:
        shown = self.in_force or self.waiting
        return shown is not None and shown.written_by_id is None

    @property
    def ends_soon(self) -> bool:
        last = self.in_force.valid_until if self.in_force else None
        return last is not None and last <= self.day + SOON

    @property
    def basis_name(self) -> str:
        return str(LegalBasis(self.legal_basis).label) if self.legal_basis else ""


@dataclass(frozen=True)
class Stage:
    title: str
    rows: tuple[Standing, ...]


def _is_over(text: LetterText, day: date) -> bool:
    return text.valid_until is not None and text.valid_until < day


def overview(day: date, search: str = "") -> list[Stage]:
    """Every kind and part by stage of the case's life; two queries, the second for a search."""
    rows = LetterText.objects.defer("body", "english").select_related("written_by", "approved_by")
    versions: dict[tuple[str, str], list[LetterText]] = defaultdict(list)
    for row in rows.order_by("-version", "pk"):
        versions[row.kind, row.legal_basis].append(row)
    found = _found(search)
    stages: dict[str, list[Standing]] = {title: [] for title in (*STAGES.values(), OTHER, SHARED)}
    for code, stage in _codes():
        if found is not None and code not in found:
            continue
        stages[stage] += _standings(code, versions, day)
    return [Stage(title, tuple(held)) for title, held in stages.items() if held]


def _standings(
    code: str, versions: dict[tuple[str, str], list[LetterText]], day: date
) -> Iterable[Standing]:
    """The text for all, and those of the legal bases that have their own."""
    for basis in ("", *LegalBasis.values):
        held = tuple(versions.get((code, basis), ()))
        if held or not basis:
            yield Standing(code, title_of(code), basis, held, day)


def _codes() -> Iterable[tuple[str, str]]:
    for code, kind in KINDS.items():
        yield code, _stage_of(kind)
    for code in PARTS:
        yield code, SHARED


def _stage_of(kind: type[Kind]) -> str:
    return STAGES.get(kind.__module__, OTHER)


def _found(search: str) -> set[str] | None:
    """The codes whose title or words hold what is searched for; None when nothing is."""
    wanted = search.strip().casefold()
    if not wanted:
        return None
    said = Q(heading__icontains=wanted) | Q(body__icontains=wanted) | Q(english__icontains=wanted)
    codes = set(LetterText.objects.filter(said).order_by("kind").values_list("kind", flat=True))
    titled = {code for code, _stage in _codes() if wanted in title_of(code).casefold()}
    return titled | codes


def standing(code: str, basis: str, day: date) -> Standing:
    """How the text of one kind and legal basis stands, with the words of all its versions."""
    rows = LetterText.objects.filter(kind=code, legal_basis=basis)
    held = rows.select_related("written_by", "approved_by").order_by("-version")
    return Standing(code, title_of(code), basis, tuple(held), day)


def typed_by(user: User, code: str, basis: str) -> TypedText | None:
    """What this person was writing and has not made a draft; one query."""
    return TypedText.objects.filter(written_by=user, kind=code, legal_basis=basis).first()


def unapproved_standard() -> list[LetterText]:
    """The texts that came with the system, that nobody has approved or replaced; one query."""
    rows = LetterText.objects.filter(written_by=None, approved_at=None)
    waiting = [row for row in rows.order_by("kind", "pk") if row.kind in CODES]
    order = [code for code, _stage in _codes()]
    return sorted(waiting, key=lambda row: order.index(row.kind))


@dataclass(frozen=True)
class Guidance:
    """How the appeal guidance of a legal basis stands."""

    legal_basis: LegalBasis
    in_force: AppealGuidance | None
    waiting: AppealGuidance | None
    versions: tuple[AppealGuidance, ...]  # newest first

    @property
    def name(self) -> str:
        return str(self.legal_basis.label)

    @property
    def needs_lawyer(self) -> bool:
        return self.legal_basis in NEEDS_LAWYER


def guidances() -> list[Guidance]:
    """Every legal basis, also one without a text; one query."""
    rows = AppealGuidance.objects.select_related("written_by", "approved_by").order_by("-version")
    held = list(rows)
    return [
        _guidance(basis, [row for row in held if row.legal_basis == basis]) for basis in LegalBasis
    ]


def _guidance(basis: LegalBasis, rows: Sequence[AppealGuidance]) -> Guidance:
    approved = next((row for row in rows if row.approved_at is not None), None)
    waiting = rows[0] if rows and rows[0].approved_at is None else None
    return Guidance(basis, approved, waiting, tuple(rows))
