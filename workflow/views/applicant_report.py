"""The report: what came of the money. Saved at any time, sent when it is whole."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from pulje.actions import report as actions
from pulje.errors import PuljeError
from pulje.forms.report import ReportForm
from pulje.models import Application, Report
from pulje.permissions import check_may
from pulje.queries.applicant import report_draft
from pulje.rules.reporting import Demand
from pulje.states import CaseState, Verb
from pulje.templatetags.words import tid
from workflow.hands import carry_out
from workflow.views.applicant import own_case_or_404, store
from workflow.views.person import PersonRequest

DEMANDS = {
    Demand.STORY: _lazy("Ved mindre tilskud er historien nok. Udfyld gerne regnskabet alligevel."),
    Demand.ACCOUNT: _lazy("Skriv, hvad hver post endte med at koste."),
    Demand.BOARD_SIGNED: _lazy("Vedlæg også regnskabet med bestyrelsens underskrift."),
    Demand.AUDITED: _lazy("Vedlæg også regnskabet, set igennem af foreningens revisor."),
    Demand.REGISTERED_AUDITOR: _lazy("Vedlæg også regnskabet, set af en registreret revisor."),
}


def report(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if request.method == "POST" and case.state == CaseState.REPORT_SUBMITTED:
        return redirect("applicant:case", case.pk)  # sent twice: the first one counts
    try:
        check_may(request.user, Verb.SUBMIT_REPORT, case)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    saved = report_draft(case)
    form = ReportForm(
        *([request.POST, request.FILES] if request.method == "POST" else []),
        report=saved.report,
        lines=saved.lines,
        sending="send" in request.POST,
    )
    if request.method == "POST":
        return _keep_and_go_on(request, case, form, saved.report)
    return _show(request, case, form, saved.report)


def _keep_and_go_on(
    request: PersonRequest, case: Application, form: ReportForm, saved: Report | None
) -> HttpResponse:
    now = timezone.now()
    is_valid = form.is_valid()
    facts = {"fields": form.said(), "lines": form.lines()}
    try:
        _keep(request, case, form, now)
        if is_valid and form.sending:
            carry_out(actions.submit_report, case, by=request.user, at=now, **facts)
            messages.success(request, _("Tak! Rapporten er sendt."))
            return redirect("applicant:case", case.pk)
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
        is_valid = False
    if not is_valid:
        return _show(request, case, form, saved)
    messages.success(request, _("Kladden er gemt %s.") % tid(now))
    return redirect("applicant:mine" if "luk" in request.POST else request.path)


@transaction.atomic
def _keep(request: PersonRequest, case: Application, form: ReportForm, now: datetime) -> None:
    """Everything that can be kept. Saving locks the case, so a double click waits here."""
    actions.save_report(case, by=request.user, fields=form.said(), lines=form.lines())
    store(case, form.uploads(), by=request.user, at=now)


def _show(
    request: PersonRequest, case: Application, form: ReportForm, saved: Report | None
) -> HttpResponse:
    demand = actions.demand(case)
    context = {
        "case": case,
        "one": case.applicant.is_one_person,
        "form": form,
        "report": saved,
        "needs_accounts": demand != Demand.STORY,
        "demand_text": DEMANDS[Demand(demand)],
    }
    return render(request, "workflow/applicant/report.html", context)
