"""A change request beside what stands now."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from pulje.enums import ChangeState, LineKind
from pulje.models import Application, ChangeRequest, JournalEntry
from pulje.states import GRANTED, CaseState

CHANGEABLE = GRANTED - {CaseState.REPORTED}
CHANGE_REQUESTED = "change_requested"


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
    """What is asked for, and the budget's lines side by side (empty: as it is).

    ``on_behalf_of``: who asked on paper, when the house has keyed it in.
    """

    request: ChangeRequest
    on_behalf_of: str
    days: list[tuple[str, date | None, date]]
    amounts: list[ChangedAmount]


def open_change(application: Application) -> Change | None:
    """The change that waits for an answer, beside the application as it stands."""
    about = Cast(KeyTextTransform("change", "data"), BigIntegerField())
    lines = JournalEntry.objects.filter(application=OuterRef("application"), event=CHANGE_REQUESTED)
    asked = lines.annotate(about=about).filter(about=OuterRef("pk"))
    waiting = application.change_requests.filter(state=ChangeState.REQUESTED)
    waiting = waiting.annotate(of=Subquery(asked.values("on_behalf_of")[:1]))
    request = waiting.select_related("asked_by").first()
    if request is None:
        return None
    wanted = {"Begynder": request.starts_on, "Slutter": request.ends_on}
    now = {"Begynder": application.starts_on, "Slutter": application.ends_on}
    days = [(name, now[name], day) for name, day in wanted.items() if day]
    return Change(request, request.of or "", days, _amounts(application, request))


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
