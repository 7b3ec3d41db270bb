"""The report: what came of the money. Saved at any time, also by itself, sent when it is whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from pulje.actions.digest import digests
from pulje.actions.grant import report as actions
from pulje.enums import SignatureKind
from pulje.errors import PuljeError
from pulje.forms.grant.report import ReportForm
from pulje.models import Application
from pulje.permissions import check_may
from pulje.queries.application.signature import others_who_may_sign, signatures
from pulje.queries.grant.report import LINES, report_draft, report_values, rest_of
from pulje.rules.reporting import Demand
from pulje.states import CaseState, Verb
from pulje.templatetags.words import tid
from pulje.views.typed import typed_before
from workflow.reporting import sign_or_send_report
from workflow.signing import without_mail
from workflow.told import check_told
from workflow.views.applicant.cases import own_case_or_404, store, tell_of_same
from workflow.views.applicant.draft import as_text
from workflow.views.applicant.former import saves_the_text
from workflow.views.person import PersonRequest

DEMANDS = {
    Demand.STORY: _lazy("Ved mindre tilskud er historien nok. Udfyld gerne regnskabet alligevel."),
    Demand.ACCOUNT: _lazy("Skriv, hvad hver post endte med at koste."),
    Demand.BOARD_SIGNED: _lazy("Vedlæg også regnskabet med bestyrelsens underskrift."),
    Demand.AUDITED: _lazy("Vedlæg også regnskabet, set igennem af jeres egen revisor."),
    Demand.REGISTERED_AUDITOR: _lazy("Vedlæg også regnskabet, set af en registreret revisor."),
}


@saves_the_text
def report(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if request.method == "POST" and case.state == CaseState.REPORT_SUBMITTED:
        return redirect("applicant:case", case.pk)  # sent twice: the first one counts
    try:
        check_told(case)
        check_may(request.user, Verb.SUBMIT_REPORT, case)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    if request.method == "POST":
        return _keep_and_go_on(request, case)
    typed = typed_before(request, request.path)  # when the log-in ended while writing
    base = _base(typed) if typed else digests(report_values(case))
    return _page(request, case, _form(case, typed), base, was_logged_off=typed is not None)


def _form(case: Application, data: QueryDict | None, files: Any = None) -> ReportForm:
    saved = report_draft(case)
    return ReportForm(
        data,
        files,
        report=saved.report,
        lines=saved.lines,
        one=case.applicant.is_one_person,
        sending=data is not None and "send" in data,
    )


def _base(data: QueryDict) -> dict[str, str]:
    """What the page was built on: the digest of each value, sent along by the form."""
    return dict(pair.rsplit(":", 1) for pair in data.get("base", "").split() if ":" in pair)


def _keep_and_go_on(request: PersonRequest, case: Application) -> HttpResponse:
    now, form = timezone.now(), _form(case, request.POST, request.FILES)
    is_valid, base, theirs = form.is_valid(), _base(request.POST), {}
    try:
        kept = _keep(request, case, form, base, now)
        base, theirs = kept.base, kept.theirs
        if request.headers.get("HX-Request"):
            return _saved(request, case, form, base, theirs)
        if is_valid and form.sending and not theirs:
            return _send(request, case, now)
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
        is_valid = False
    if is_valid and not theirs:
        messages.success(request, _("Kladden er gemt %s.") % tid(now))
        return redirect("applicant:mine" if "luk" in request.POST else request.path)
    # both texts have been on the page: the next time one's own is meant
    base |= digests(theirs)
    return _page(request, case, form, base, theirs)


@transaction.atomic
def _keep(
    request: PersonRequest,
    case: Application,
    form: ReportForm,
    base: Mapping[str, str],
    now: datetime,
) -> actions.ReportKept:
    """Everything that can be kept. Saving locks the case, so a double click waits here."""
    kept = actions.keep_report(
        case, by=request.user, fields=form.said(), lines=form.lines(), base=base
    )
    tell_of_same(request, store(case, form.uploads(), by=request.user, at=now))
    return kept


def _send(request: PersonRequest, case: Application, now: datetime) -> HttpResponse:
    if sign_or_send_report(case, by=request.user, at=now) is None:
        messages.success(
            request,
            _("Du har skrevet under. Rapporten er sendt, når en mere har skrevet under."),
        )
        for sentence in without_mail(others_who_may_sign(case, request.user)):
            messages.warning(request, sentence)
        return redirect(request.path)
    messages.success(request, _("Tak! Rapporten er sendt."))
    return redirect("applicant:case", case.pk)


def _saved(
    request: PersonRequest,
    case: Application,
    form: ReportForm,
    base: Mapping[str, str],
    theirs: Mapping[str, object],
) -> HttpResponse:
    """The answer to an autosave: the line, what the page now builds on, what is left."""
    context = _line(case, form, base, theirs) | {"oob": True}
    return render(request, "workflow/applicant/report_saved.html", context)


def _line(
    case: Application, form: ReportForm, base: Mapping[str, str], theirs: Mapping[str, object]
) -> dict[str, Any]:
    spent, income = form.expense_sums()["actual"], form.income_sums()["actual"]
    return {
        "case": case,
        "one": case.applicant.is_one_person,
        "saved_at": tid(timezone.now()) if form.is_bound else "",
        "base": " ".join(f"{name}:{digest}" for name, digest in sorted(base.items())),
        "rest": rest_of(case, spent, income),
        "theirs": [(_label(form, name), _words(name, theirs[name])) for name in theirs],
    }


def _label(form: ReportForm, name: str) -> str:
    return _("Regnskab") if name == LINES else str(form[name].label)


def _words(name: str, value: Any) -> str:
    """Somebody else's value, to be read and copied."""
    if name == LINES:
        return "\n".join(f"{text}: {amount.replace('.', ',')}" for text, amount in value)
    return as_text(value)


def _page(
    request: PersonRequest,
    case: Application,
    form: ReportForm,
    base: Mapping[str, str],
    theirs: Mapping[str, object] | None = None,
    *,
    was_logged_off: bool = False,
) -> HttpResponse:
    demand = actions.demand(case)
    decided = case.decisions.filter(is_current=True).values_list("decided_at", flat=True)
    two = case.applicant.two_must_sign
    context = _line(case, form, base, theirs or {}) | {
        "form": form,
        "report": report_draft(case).report,
        "needs_accounts": demand != Demand.STORY,
        "demand_text": DEMANDS[Demand(demand)],
        "files": list(case.attachments.filter(uploaded_at__gte=decided[:1]).order_by("pk")),
        "two_must_sign": two,
        "signed": signatures(case, SignatureKind.REPORT) if two else [],
        "was_logged_off": was_logged_off,
    }
    return render(request, "workflow/applicant/report.html", context)
