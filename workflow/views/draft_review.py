"""Step 5: everything read once more, what is missing, and the sending."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions import application as actions
from pulje.errors import PuljeError
from pulje.forms.review import ReviewForm
from pulje.models import Application
from pulje.queries.completeness import lacks
from pulje.states import CaseState
from workflow.hands import carry_out
from workflow.views.draft import StepPage, show
from workflow.views.person import PersonRequest


class ReviewPage(StepPage):
    name: ClassVar[str] = "review"
    template: ClassVar[str] = "workflow/applicant/draft/review.html"

    def build(self) -> None:
        self.form = ReviewForm(
            self.data, application=self.case, sending="send" in self.request.POST
        )

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {"may_publish": application.may_publish}

    def typed(self) -> Mapping[str, Any]:
        return {"may_publish": self.form.cleaned_data["may_publish"]}

    def onward(self, *, at: datetime) -> HttpResponse | None:
        if "send" not in self.request.POST:
            return None
        if lacks(self.case, timezone.localdate(at)):
            self.refusal = _("Der mangler noget, før ansøgningen kan sendes.")
            return None
        try:
            carry_out(actions.submit, self.case, by=self.request.user, at=at)
        except PuljeError as refusal:
            self.case.refresh_from_db()
            if self.case.state != CaseState.SUBMITTED:  # sent twice: the first one counts
                self.refusal = refusal.sentence
                return None
        return redirect("applicant:receipt", self.case.pk)


def review(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, ReviewPage)
