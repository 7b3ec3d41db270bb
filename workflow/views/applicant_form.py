"""The application on one page: started, saved, sent. What can be kept is always kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions import application as actions
from pulje.actions.applicant import register
from pulje.enums import ApplicantKind
from pulje.errors import PuljeError
from pulje.forms.application import ApplicantForm, ApplicationForm
from pulje.forms.budget import Budget, without_row
from pulje.models import Application, Pool, PoolVersion, Round, User
from pulje.queries.applicant import my_applicants, my_case, open_request
from pulje.queries.completeness import lacks
from pulje.queries.public import OPEN, PublicPool, public_pool
from pulje.states import CaseState
from pulje.templatetags.words import tid
from workflow.hands import carry_out
from workflow.views.applicant import own_case_or_404, store
from workflow.views.person import PersonRequest

ONE_DAY = 24 * 60 * 60


@dataclass
class Page:
    """What may be applied for, what is typed, and who applies while that is open."""

    pool: Pool
    version: PoolVersion
    round: Round
    form: ApplicationForm
    budget: Budget
    case: Application | None = None
    who: ApplicantForm | None = None
    key: str = ""

    def check(self) -> bool:
        """True when nothing is wrong; finds all errors at once."""
        return all([self.form.is_valid(), self.budget.is_valid()])


def new(request: PersonRequest, slug: str) -> HttpResponse:
    shown = public_pool(slug, timezone.now())
    if shown is None:
        raise Http404
    if shown.state != OPEN and request.method != "POST":  # closed while writing: keep what is typed
        return redirect("pulje:pool", slug)
    page = _page(request, shown)
    page.key = _key(request)
    page.who = ApplicantForm(
        page.form.data if page.form.is_bound else None,
        applicants=my_applicants(request.user),
        kinds=shown.version.applicant_kinds,
        prefix="hvem",
    )
    if request.method != "POST":
        return _show(request, page)
    page.check()
    try:
        page.case = _draft_once(request, page, page.who) if page.who.is_valid() else None
    except PuljeError as refusal:
        page.who.add_error("cvr", refusal.sentence)
    return _keep_and_go_on(request, page, page.case) if page.case else _show(request, page)


def edit(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if case.state not in (CaseState.DRAFT, CaseState.RETURNED):
        was_sent_twice = _wants_to_send(request) and case.state == CaseState.SUBMITTED
        return redirect("applicant:receipt" if was_sent_twice else "applicant:case", case.pk)
    page = _page(request, case)
    return _keep_and_go_on(request, page, case) if page.form.is_bound else _show(request, page)


def _page(request: PersonRequest, of: Application | PublicPool) -> Page:
    """The forms, as saved or as typed."""
    case = of if isinstance(of, Application) else None
    data = request.POST if request.method == "POST" else None
    if data is not None and "slet" in data:
        data = without_row(data, data["slet"])
    form = ApplicationForm(
        data,
        request.FILES if data is not None else None,
        user=request.user,
        application=case,
        sending=_wants_to_send(request),
        parts=_parts(case),
    )
    lines = case.budget_lines.order_by("position") if case and data is None else ()
    return Page(of.pool, of.version, of.round, form, Budget(data, lines), case)


def _wants_to_send(request: PersonRequest) -> bool:
    return request.method == "POST" and "send" in request.POST


def _parts(case: Application | None) -> list[str] | None:
    """What may be changed: None is all (a draft), else the parts that we asked about."""
    if case is None or case.state != CaseState.RETURNED:
        return None
    request = open_request(case)
    return list(request.parts) if request else []


def _key(request: PersonRequest) -> str:
    """The form's own key: the same form sent twice makes one draft."""
    try:
        return UUID(request.POST.get("noegle", "")).hex
    except ValueError:
        return uuid4().hex


@transaction.atomic
def _draft_once(request: PersonRequest, page: Page, who: ApplicantForm) -> Application:
    """The form's draft: made the first time, found again when the form comes twice."""
    User.objects.select_for_update().get(pk=request.user.pk)  # a double click waits here
    name, now = f"kladde:{request.user.pk}:{page.key}", timezone.now()
    known = my_case(request.user, cache.get(name) or 0)
    if known is not None:
        return known
    said = who.cleaned_data
    applicant = who.known or register(
        by=request.user,
        at=now,
        kind=ApplicantKind(said["kind"]),
        name=said["name"],
        cvr=said["cvr"],
    )
    draft = actions.start_draft(page.round, applicant, by=request.user, at=now, title="")
    cache.set(name, draft.pk, ONE_DAY)
    return draft


def _keep_and_go_on(request: PersonRequest, page: Page, case: Application) -> HttpResponse:
    """Save what can be saved; send when that was asked and nothing is wrong."""
    now = timezone.now()
    is_valid = page.check()
    try:
        _keep(request, page, case, now)
        if is_valid and page.form.sending:
            carry_out(actions.submit, case, by=request.user, at=now)
            return redirect("applicant:receipt", case.pk)
    except PuljeError as refusal:
        case.refresh_from_db()
        if case.state == CaseState.SUBMITTED:  # sent twice: the first one counts
            return redirect("applicant:receipt", case.pk)
        for sentence in _why(case, now) or [refusal.sentence]:
            page.form.add_error(None, sentence)
        is_valid = False
    return _saved(request, case, now) if is_valid else _show(request, page)


@transaction.atomic
def _keep(request: PersonRequest, page: Page, case: Application, now: datetime) -> None:
    """Everything that can be kept. Saving locks the case, so a double click waits here."""
    parts, said, lines = _parts(case), page.form.said(), None
    if parts is None or "budget" in parts:
        lines = page.budget.lines()
        said["requested_kr"] = page.budget.asked_kr or None
    actions.save_draft(case, by=request.user, fields=said, lines=lines)
    store(case, page.form.uploads(), by=request.user, at=now)


def _why(case: Application, now: datetime) -> list[str]:
    """Each thing that is missing or against the pool's rules, one sentence each."""
    if case.state != CaseState.DRAFT:
        return []
    return [lack.sentence for lack in lacks(case, timezone.localdate(now))]


def _saved(request: PersonRequest, case: Application, now: datetime) -> HttpResponse:
    if case.state == CaseState.RETURNED:
        messages.success(request, _("Rettelserne er gemt. Send svaret, når alt er med."))
        return redirect("applicant:case", case.pk)
    messages.success(request, _("Kladden er gemt %s.") % tid(now))
    if "luk" in request.POST:
        return redirect("applicant:mine")
    return redirect("applicant:edit", case.pk)


def _show(request: PersonRequest, page: Page) -> HttpResponse:
    case = page.case
    context: dict[str, Any] = {
        "page": page,
        "case": case,
        "form": page.form,
        "budget": page.budget,
        "files": list(case.attachments.order_by("pk")) if case else [],
        "parts": _parts(case),
    }
    return render(request, "workflow/applicant/application.html", context)
