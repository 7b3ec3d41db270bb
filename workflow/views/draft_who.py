"""Step 1: who applies, and whom we can ask. A draft begins here."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import transaction
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions import application as actions
from pulje.actions.applicant import register
from pulje.enums import ApplicantKind
from pulje.errors import PuljeError
from pulje.forms.application import ApplicantForm, ContactForm
from pulje.models import Application, Round, User
from pulje.queries.applicant import my_applicants, my_case
from pulje.queries.public import OPEN, public_pool
from workflow.views.draft import StepPage, show
from workflow.views.person import PersonRequest

ONE_DAY = 24 * 60 * 60


class WhoPage(StepPage):
    name: ClassVar[str] = "who"
    template: ClassVar[str] = "workflow/applicant/draft/who.html"
    parts: ClassVar[frozenset[str]] = frozenset({"contact"})

    def build(self) -> None:
        self.form = ContactForm(self.data, application=self.case, opened=self.opened)

    def forms(self) -> Sequence[BaseForm | BaseFormSet]:
        return [self.form]

    def saved(self, application: Application) -> Mapping[str, Any]:
        return {name: getattr(application, name) for name in self.form.fields}

    def typed(self) -> Mapping[str, Any]:
        return self.form.said()

    def context(self) -> dict[str, Any]:
        return {"contact": self.form}


def who(request: PersonRequest, pk: int) -> HttpResponse:
    return show(request, pk, WhoPage)


def new(request: PersonRequest, slug: str) -> HttpResponse:
    """Begin: choose who applies. The draft is made once, however often the form comes."""
    shown = public_pool(slug, timezone.now())
    if shown is None:
        raise Http404
    if shown.state != OPEN:
        return redirect("pulje:pool", slug)
    form = ApplicantForm(
        request.POST if request.method == "POST" else None,
        applicants=my_applicants(request.user),
        kinds=shown.version.applicant_kinds,
        prefix="hvem",
    )
    key = _key(request)
    if form.is_bound and form.is_valid():
        try:
            draft = _draft_once(request, shown.round, form, key)
        except PuljeError as refusal:
            form.add_error("cvr", refusal.sentence)
        else:
            return redirect("applicant:draft_idea", draft.pk)
    context = {"pool": shown.pool, "round": shown.round, "form": form, "key": key}
    return render(request, "workflow/applicant/draft/new.html", context)


def _key(request: PersonRequest) -> str:
    """The form's own key: the same form sent twice makes one draft."""
    try:
        return UUID(request.POST.get("noegle", "")).hex
    except ValueError:
        return uuid4().hex


@transaction.atomic
def _draft_once(request: PersonRequest, round: Round, form: ApplicantForm, key: str) -> Application:
    """The form's draft: made the first time, found again when the form comes twice."""
    user = User.objects.select_for_update().get(pk=request.user.pk)  # a double click waits here
    name, now = f"kladde:{user.pk}:{key}", timezone.now()
    known = my_case(user, cache.get(name) or 0)
    if known is not None:
        return known
    said = form.cleaned_data
    applicant = form.known or register(
        by=user,
        at=now,
        kind=ApplicantKind(said["kind"]),
        name=said["name"],
        cvr=said["cvr"],
    )
    draft = actions.start_draft(round, applicant, by=user, at=now, title="")
    contact = {
        "contact_name": user.name,
        "contact_email": user.email,
        "contact_phone": user.phone,
    }
    actions.save_draft(draft, by=user, fields=contact)
    cache.set(name, draft.pk, ONE_DAY)
    return draft
