"""Step 3: the budget."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from pulje.actions.application import save_draft
from pulje.forms.budget import Budget, without_row
from pulje.models import Application, User
from workflow.views.draft import StepPage, show
from workflow.views.person import PersonRequest


class BudgetPage(StepPage):
    name: ClassVar[str] = "budget"
    template: ClassVar[str] = "workflow/applicant/draft/budget.html"
    parts: ClassVar[frozenset[str]] = frozenset({"budget"})

    def build(self) -> None:
        data = self.data
        if data is not None and "slet" in data:
            data = without_row(data, data["slet"])
        lines = self.case.budget_lines.order_by("position") if data is None else ()
        self.budget = Budget(data, lines)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return list(self.budget.parts.values())

    def saved(self, application: Application) -> Mapping[str, Any]:
        names = ("kind", "text", "amount_kr", "funding_status")
        return {
            "lines": [
                list(row)
                for row in application.budget_lines.order_by("position").values_list(*names)
            ]
        }

    def typed(self) -> Mapping[str, Any]:
        return {
            "lines": [[x.kind, x.text, x.amount_kr, x.funding_status] for x in self.budget.lines()]
        }

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None:
        asked = {"requested_kr": self.budget.asked_kr or None}
        save_draft(application, by=by, at=at, fields=asked, lines=self.budget.lines())

    def label(self, name: str) -> str:
        return _("Budget")

    def context(self) -> dict[str, Any]:
        return {"budget": self.budget, "version": self.case.version}


def budget(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, BudgetPage)
