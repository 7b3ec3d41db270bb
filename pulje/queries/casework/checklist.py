"""The screening of a case, point by point: what must be in order before it is assessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from pulje.enums import ApplicantKind, AttachmentReview
from pulje.models import Application, Attachment, CheckMark, Gate

WHO, RIGHT, IDEA, BUDGET, ATTACHMENTS, LEGAL = (
    "who",
    "right",
    "idea",
    "budget",
    "attachments",
    "legal",
)
STATE_AID = "state_aid"
GATE = "gate:"


@dataclass(frozen=True)
class Point:
    """One thing to look at: where it stands on the page, what must be true, what was found.

    ``part`` is what the applicant can be asked to mend (actions/casework/clarification.py, PARTS).
    ``is_fine`` is None as long as nobody has said.
    """

    key: str
    section: str
    name: str
    statement: str
    part: str = ""
    is_fine: bool | None = None
    note: str = ""

    @property
    def is_gate(self) -> bool:
        return self.key.startswith(GATE)

    @property
    def anchor(self) -> str:
        """Where it is on the page."""
        return f"punkt-{self.key.replace(':', '-')}"


# Source of the three legal points: domain.md B (kommunalfuldmagten; kommunestyrelsesloven § 8;
# a grant is no pay for work the municipality must do). State aid: (EU) 2023/2831, de minimis.
STANDING = (
    Point(WHO, WHO, "Ansøgeren", "Puljen er for ansøgeren, og kontaktpersonen kan nås.", "contact"),
    Point(
        RIGHT,
        RIGHT,
        "Ret til at søge",
        "Den, der har sendt ansøgningen, må binde ansøgeren.",
        "attachments",
    ),
    Point(
        IDEA,
        IDEA,
        "Idéen",
        "Man kan forstå, hvad pengene skal bruges til, for hvem, hvor og hvornår.",
        "idea",
    ),
    Point(
        BUDGET,
        BUDGET,
        "Budgettet",
        "Udgifter og indtægter hænger sammen, og beløbet passer med puljen.",
        "budget",
    ),
    Point(
        ATTACHMENTS,
        ATTACHMENTS,
        "Bilagene",
        "Det, puljen beder om, er her og kan læses.",
        "attachments",
    ),
    Point(
        "interest",
        LEGAL,
        "Kommunal interesse",
        "Det er til gavn for borgere i kommunen og ikke for en enkelt person eller virksomhed.",
        "idea",
    ),
    Point(
        "core_task",
        LEGAL,
        "Ikke en kerneopgave",
        "Det erstatter ikke lønnet arbejde og er ikke en opgave, kommunen har pligt til at løse.",
        "idea",
    ),
    Point(
        "not_started",
        LEGAL,
        "Ikke gået i gang",
        "Det er ikke begyndt og begynder ikke, før der kan være et svar.",
        "dates",
    ),
    Point(
        STATE_AID,
        LEGAL,
        "Statsstøtte",
        "Ansøgeren er ikke økonomisk aktiv, eller støtten holder sig inden for de minimis.",
        "idea",
    ),
)


# what a query on Application must bring along for ``points``
COLUMNS = {
    "marks": ArraySubquery(
        CheckMark.objects.filter(application=OuterRef("pk"))
        .order_by("pk")
        .values(said=JSONObject(key="key", is_fine="is_fine", note="note"))
    ),
    "gates": ArraySubquery(
        Gate.objects.filter(version=OuterRef("version"))
        .order_by("position")
        .values(said=JSONObject(position="position", statement="statement"))
    ),
}


def checklist_of(case: Application) -> list[Point]:
    """Every point of the case's screening with what has been said of it, in order: one query."""
    row = Application.objects.filter(pk=case.pk).annotate(**COLUMNS).values(*COLUMNS).get()
    return points(case, **row)


def points(
    case: Application, *, marks: Sequence[dict[str, Any]], gates: Sequence[dict[str, Any]]
) -> list[Point]:
    """The points from the rows of COLUMNS; no query."""
    found = {mark["key"]: mark for mark in marks}
    wanted = [*_standing(case), *(_of_gate(gate) for gate in gates)]
    return [_with_mark(point, found.get(point.key)) for point in wanted]


def _standing(case: Application) -> Iterable[Point]:
    """State aid is asked of those who may be economically active: they have a CVR number."""
    applicant = case.applicant
    may_trade = applicant.cvr and applicant.kind != ApplicantKind.MUNICIPAL_INSTITUTION
    return (point for point in STANDING if point.key != STATE_AID or may_trade)


def _of_gate(gate: dict[str, Any]) -> Point:
    key = f"{GATE}{gate['position']}"
    return Point(key, LEGAL, f"Puljens betingelse {gate['position']}", gate["statement"], "idea")


def _with_mark(point: Point, mark: dict[str, Any] | None) -> Point:
    return replace(point, is_fine=mark["is_fine"], note=mark["note"]) if mark else point


def unmarked(points: Iterable[Point]) -> list[Point]:
    """Those nobody has said anything of."""
    return [point for point in points if point.is_fine is None]


def not_fine(points: Iterable[Point]) -> list[Point]:
    """Those that are not in order."""
    return [point for point in points if point.is_fine is False]


def names(points: Iterable[Point]) -> str:
    """The points by name, for a sentence."""
    return ", ".join(point.name for point in points)


def sections(points: Iterable[Point]) -> dict[str, list[Point]]:
    """The points by the section of the page they stand beside; every section is there."""
    found: dict[str, list[Point]] = {
        name: [] for name in (WHO, RIGHT, IDEA, BUDGET, ATTACHMENTS, LEGAL)
    }
    for point in points:
        found[point.section].append(point)
    return found


# --- where a point that is not in order leads ---------------------------------------------------


def to_ask_about(
    points: Sequence[Point], attachments: Iterable[Attachment], parts: Iterable[str]
) -> dict[str, object]:
    """What the request for information begins with: the parts, and what was remarked of them."""
    wanted = [part for part in parts if part]
    found = [point for point in not_fine(points) if point.part in wanted]
    lines = [point.note for point in found if point.note]
    if ATTACHMENTS in wanted:
        again = [a for a in attachments if a.review == AttachmentReview.ASKED_AGAIN]
        lines += [f"{attachment.name}: {attachment.review_note}" for attachment in again]
    return {"parts": wanted, "message": "\n".join(lines)}


def to_reject_by(points: Iterable[Point], key: str) -> dict[str, object]:
    """What a formal rejection begins with: the condition that is not met, and the remark."""
    point = next((one for one in not_fine(points) if one.key == key), None)
    if point is None:
        return {}
    text = f"Puljens betingelse er: ”{point.statement}” {point.note}"
    return {"section": point.name, "reasons": text.strip()}
