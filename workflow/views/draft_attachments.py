"""Step 4: the attachments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse

from pulje.forms.application import UploadsForm
from pulje.models import Application, User
from workflow.views.applicant import store
from workflow.views.draft import StepPage, show
from workflow.views.person import PersonRequest


class AttachmentsPage(StepPage):
    name: ClassVar[str] = "attachments"
    template: ClassVar[str] = "workflow/applicant/draft/attachments.html"
    parts: ClassVar[frozenset[str]] = frozenset({"attachments"})

    def build(self) -> None:
        self.form = UploadsForm(self.data, self.files)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {}

    def typed(self) -> Mapping[str, Any]:
        return {}

    def after(self, *, by: User, at: datetime) -> None:
        store(self.case, self.form.uploads(), by=by, at=at)

    def context(self) -> dict[str, Any]:
        return {"uploads": self.form, "files": list(self.case.attachments.order_by("pk"))}


def attachments(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, AttachmentsPage)
