"""A change request beside what stands now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pulje.enums import ChangeState, LineKind
from pulje.models import Application, ChangeRequest


@dataclass(frozen=True)
class ChangedAmount:
    """A line of the budget: as it is and as it is wanted, in kr; None where it is not there."""

    kind: LineKind
    text: str
    old_kr: Decimal | None
    new_kr: Decimal | None

    @property
    def is_same(self) -> bool:
        return self.old_kr == self.new_kr


@dataclass(frozen=True)
class Change:
    """What is asked for, and the budget's lines side by side (empty: as it is)."""

    request: ChangeRequest
    days: list[tuple[str, date | None, date]]
    amounts: list[ChangedAmount]


def open_change(application: Application) -> Change | None:
    """The change that waits for an answer, beside the application as it stands."""
    waiting = application.change_requests.filter(state=ChangeState.REQUESTED)
    request = waiting.select_related("asked_by").first()
    if request is None:
        return None
    wanted = {"Begynder": request.starts_on, "Slutter": request.ends_on}
    now = {"Begynder": application.starts_on, "Slutter": application.ends_on}
    days = [(name, now[name], day) for name, day in wanted.items() if day]
    return Change(request, days, _amounts(application, request))


def _amounts(application: Application, request: ChangeRequest) -> list[ChangedAmount]:
    if not request.lines:
        return []
    rows = application.budget_lines.order_by("position")
    old = {(line.kind, line.text): line.amount_kr for line in rows}
    new = {(row["kind"], row["text"]): Decimal(row["amount_kr"]) for row in request.lines}
    names = [*old, *(name for name in new if name not in old)]
    return [
        ChangedAmount(LineKind(kind), text, old.get((kind, text)), new.get((kind, text)))
        for kind, text in names
    ]
