"""Step 5: everything read once more, what is missing, and the sending."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.errors import PuljeError
from pulje.forms.application.review import ReviewForm
from pulje.models import Application, User
from pulje.permissions import is_member
from pulje.queries.application.completeness import lacks
from pulje.queries.application.signature import (
    last_return,
    others_who_may_sign,
    signatures,
    waits_for_another,
)
from pulje.states import CaseState
from workflow.signing import ask_to_sign, sign_or_send, without_mail
from workflow.views.applicant.draft import STEPS, StepPage, show
from workflow.views.applicant.draft_answers import answers
from workflow.views.person import PersonRequest


class ReviewPage(StepPage):
    name: ClassVar[str] = "review"
    template: ClassVar[str] = "workflow/applicant/draft/review.html"

    def build(self) -> None:
        sending = "send" in self.request.POST
        self.form = ReviewForm(self.data, application=self.case, sending=sending)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {"may_publish": application.may_publish}

    def typed(self) -> Mapping[str, Any]:
        return {"may_publish": self.form.cleaned_data["may_publish"]}

    def onward(self, *, at: datetime) -> HttpResponse | None:
        if not {"send", "bed"} & self.request.POST.keys():
            return None
        if lacks(self.case, timezone.localdate(at)):
            self.refusal = _("Der mangler noget, før ansøgningen kan sendes. Det står herunder.")
            return None
        return self._ask(at) if "bed" in self.request.POST else self._send(at)

    def _ask(self, at: datetime) -> HttpResponse | None:
        people = self._chosen()
        ask_to_sign(self.case, people, at=at)
        names = ", ".join(person.get_short_name() for person in people if person.has_mail)
        if names:
            messages.success(self.request, _("Vi har sendt et link til %s.") % names)
        self._tell_of_unreached(people)
        return None

    def _tell_of_unreached(self, people: Sequence[User]) -> None:
        for sentence in without_mail(people):
            messages.warning(self.request, sentence)

    def _chosen(self) -> list[User]:
        """Whom to mail the link: the chosen one, or all others who may sign."""
        chosen = self.request.POST.get("underskriver", "")
        people = others_who_may_sign(self.case, self.request.user)
        return [person for person in people if chosen in ("", str(person.pk))]

    def _send(self, at: datetime) -> HttpResponse | None:
        chosen = self._chosen()
        try:
            entry = sign_or_send(self.case, by=self.request.user, at=at, ask=chosen)
        except PuljeError as refusal:
            self.case.refresh_from_db()
            if self.case.state != CaseState.SUBMITTED:  # sent twice: the first one counts
                self.refusal = refusal.sentence
                return None
        else:
            if entry is None:
                messages.success(
                    self.request,
                    _("Du har skrevet under. Ansøgningen er sendt, når en mere har skrevet under."),
                )
                self._tell_of_unreached(chosen)
                return None
        return redirect("applicant:receipt", self.case.pk)

    def context(self) -> dict[str, Any]:
        user, case = self.request.user, self.case
        signed = signatures(case) if case.applicant.two_must_sign else []
        return answers(case) | {
            "may_bind": is_member(user, case, binding=True),
            "is_identified": user.identities.exists(),
            "signers": others_who_may_sign(case, user),
            "signed": signed,
            "is_first": waits_for_another(case, user) if case.applicant.two_must_sign else False,
            "has_signed": any(row.user_id == user.pk for row in signed),
            "returned": last_return(case),
            "missing": missing(case),
        }


def missing(case: Application) -> list[dict[str, str]]:
    """What is missing, each with the place where it is mended."""
    urls = {step.name: step.link(case) for step in STEPS}
    return [
        {
            "url": urls[lack.step] + (f"#{lack.field}" if lack.field else ""),
            "text": lack.sentence,
        }
        for lack in lacks(case, timezone.localdate())
    ]


def review(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, ReviewPage)
