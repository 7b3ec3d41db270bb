"""Step 3: the budget. Rows come and go; what the pool's rules say of it is told while it grows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from pulje.actions.application.application import save_draft
from pulje.enums import LineKind
from pulje.forms.application.budget import Budget, in_words, with_row, without_row
from pulje.models import Application, User
from pulje.queries.application.budget import (
    bounds_of,
    posts,
    rules_in_words,
    what_is_good,
    what_is_wrong,
)
from workflow.views.applicant.draft import StepPage, show
from workflow.views.person import PersonRequest

REDRAWS = ("tilfoej", "slet", "beregn")  # buttons that change the page, and stay on it


class BudgetPage(StepPage):
    name: ClassVar[str] = "budget"
    template: ClassVar[str] = "workflow/applicant/draft/budget.html"
    parts: ClassVar[frozenset[str]] = frozenset({"budget"})
    fresh: ClassVar[str] = "workflow/applicant/draft/_budget_sum.html"

    def build(self) -> None:
        data = self.data
        if data is not None:
            self.stays = any(name in data for name in REDRAWS)
            data = with_row(data, data["tilfoej"]) if "tilfoej" in data else data
            data = without_row(data, data["slet"]) if "slet" in data else data
        self.bounds = bounds_of(self.case.version)
        self.budget = Budget(
            data,
            self.case.budget_lines.order_by("position") if data is None else (),
            with_categories=bool(self.bounds.most_percent),
            calm=self.stays,
        )
        self._put_cursor()

    def _put_cursor(self) -> None:
        """In the new row; after one is gone, in the last of its list."""
        if self.data is None or not ("tilfoej" in self.data or "slet" in self.data):
            return
        kind = self.data.get("tilfoej") or self.data["slet"].rpartition("-")[0]
        rows = self.budget.parts[LineKind(kind)].forms if kind in LineKind else []
        for last in rows[-1:]:  # none, when the number of rows did not come along
            last.fields["text"].widget.attrs["autofocus"] = True

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return list(self.budget.parts.values())

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {"lines": in_words(application.budget_lines.order_by("position"))}

    def typed(self) -> Mapping[str, Any]:
        return {"lines": in_words(self.budget.lines())}

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None:
        asked = {"requested_kr": self.budget.asked_kr or None}
        save_draft(application, by=by, at=at, fields=asked, lines=self.budget.lines())

    def label(self, name: str) -> str:
        return _("Budget")

    def context(self) -> dict[str, Any]:
        found = posts(self.budget.lines())
        return {
            "budget": self.budget,
            "is_empty": not found,
            "wrong": what_is_wrong(found, self.bounds),
            "good": what_is_good(found, self.bounds),
            "pool_rules": rules_in_words(self.bounds),
        }


def budget(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, BudgetPage)
