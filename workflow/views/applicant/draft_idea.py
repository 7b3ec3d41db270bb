"""Step 2: the idea, its time, the pool's own questions, and who it is done with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application.application import save_draft
from pulje.actions.application.idea import keep_partners
from pulje.forms.application.idea import IdeaForm, partners_formset, row_of
from pulje.forms.questions import PREFIX, answers_from
from pulje.models import Application, User
from pulje.queries.application.questions import questions_of
from pulje.queries.pool.form import newer_version
from workflow.views.applicant.draft import StepPage, show
from workflow.views.person import PersonRequest

PARTNERS = "partners"


class IdeaPage(StepPage):
    name: ClassVar[str] = "idea"
    template: ClassVar[str] = "workflow/applicant/draft/idea.html"
    parts: ClassVar[frozenset[str]] = frozenset({"idea", "dates"})

    def build(self) -> None:
        self.questions = questions_of(self.case.version)
        self.rows = list(self.case.partners.order_by("position"))
        self.form = IdeaForm(
            self.data, application=self.case, questions=self.questions, opened=self.opened
        )
        self.has_partners = self.opened is None or "idea" in self.opened
        bound = self.data if self.has_partners else None
        self.partners = partners_formset(bound, self.rows)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form, self.partners] if self.partners.is_bound else [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        open_fields = [n for n, field in self.form.fields.items() if not field.disabled]
        rows = [row_of(row) for row in application.partners.order_by("position")]
        return {name: _saved(application, name) for name in open_fields} | (
            {PARTNERS: rows} if self.has_partners else {}
        )

    def typed(self) -> Mapping[str, Any]:
        said = self.form.said()
        answers = answers_from(self.form)
        for name in said:
            if name.startswith(PREFIX):
                said[name] = answers.get(name.removeprefix(PREFIX), "")
        if self.partners.is_bound and self.partners.is_valid():
            said[PARTNERS] = self.partners.rows()
        return said

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None:
        fields = dict(values)
        rows = fields.pop(PARTNERS, None)
        names = [name for name in fields if name.startswith(PREFIX)]
        answers = {name.removeprefix(PREFIX): fields.pop(name) for name in names}
        if answers:
            kept = application.answers | answers
            fields["answers"] = {key: answer for key, answer in kept.items() if answer}
        save_draft(application, by=by, at=at, fields=fields)
        if rows is not None:
            keep_partners(application, rows, by=by)

    def label(self, name: str) -> str:
        if name == PARTNERS:
            one = self.case.applicant.is_one_person
            return _("Gør du det sammen med nogen?") if one else _("Gør I det sammen med nogen?")
        return super().label(name)

    def context(self) -> dict[str, Any]:
        rows = zip_longest(self.partners, self.rows[: len(self.partners.forms)])
        newer = newer_version(self.case, timezone.localdate())
        found = {"idea": self.form, "partners": list(rows), "partners_form": self.partners}
        return found | {"newer": newer if self.opened is None else None}


def _saved(application: Application, name: str) -> Any:
    if name.startswith(PREFIX):
        return application.answers.get(name.removeprefix(PREFIX), "")
    return getattr(application, name)


def idea(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, IdeaPage)
