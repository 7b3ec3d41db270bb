"""What an application said when it was submitted, and what of it reads otherwise now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from pulje.models import Application, Attachment, BudgetLine
from pulje.templatetags.words import kr_text

FIELDS = (
    "title",
    "summary",
    "description",
    "learning",
    "target_group",
    "area",
    "starts_on",
    "ends_on",
    "participants",
    "volunteers",
    "contact_name",
    "contact_email",
    "contact_phone",
    "requested_kr",
)
BUDGET, PARTNERS, FILES, ANSWER = "budget", "partners", "files", "answer:"
NOTHING = "ingenting"


@dataclass(frozen=True)
class Change:
    """What stood before, and the day it was last written in (None: not known)."""

    before: str
    on: date | None


def said_now(case: Application) -> dict[str, Any]:
    """The application as it stands, for the snapshot: three queries."""
    return said_by(
        case,
        lines=case.budget_lines.order_by("position"),
        partners=case.partners.order_by("position").values("name", "contribution"),
        files=case.attachments.order_by("pk"),
    )


def said_by(
    case: Application,
    *,
    lines: Iterable[BudgetLine],
    partners: Iterable[Mapping[str, Any]],
    files: Iterable[Attachment],
) -> dict[str, Any]:
    """Everything the applicant has said, as texts by field; files are names by fingerprint."""
    said = {name: _text(getattr(case, name)) for name in FIELDS}
    said |= {f"{ANSWER}{key}": _text(answer) for key, answer in case.answers.items()}
    said[BUDGET] = "\n".join(f"{line.text}: {kr_text(line.amount_kr)}" for line in lines)
    said[PARTNERS] = "\n".join(
        " – ".join(filter(None, (one["name"], one["contribution"]))) for one in partners
    )
    return said | {FILES: {file.sha256: file.name for file in files}}


def changes_since(
    case: Application, then: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> dict[str, Change | None]:
    """Each field with what stood before, None where it is as it was.

    ``then`` is the snapshot's words; None for a case older than snapshots: nothing is said.
    """
    edited = case.edited_at if _is_later(case.edited_at, case.submitted_at) else None
    on = timezone.localdate(edited) if edited else None
    texts = {name: text for name, text in now.items() if name != FILES}
    return {name: _change(then, name, text, on) for name, text in texts.items()}


def new_files(then: Mapping[str, Any] | None, now: Mapping[str, Any]) -> set[str]:
    """The fingerprints of the files that have come since."""
    return set(now[FILES]) - set(then[FILES]) if then else set()


def _change(then: Mapping[str, Any] | None, name: str, text: str, on: date | None) -> Change | None:
    if then is None or then.get(name, "") == text:
        return None
    return Change(then.get(name, "") or NOTHING, on)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _is_later(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment > than
