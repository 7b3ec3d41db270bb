"""What an applicant who cannot log in has answered on paper or by phone, keyed in for them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pulje.actions.grant.report import demand
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.casework.on_behalf import KeyedForm
from pulje.forms.grant.report import ReportForm
from pulje.models import Application
from pulje.permissions import check_may, check_other
from pulje.queries.grant.report import report_draft
from pulje.rules.reporting import Demand
from pulje.states import Verb
from workflow.keying import key_in
from workflow.views.access import refused, status_of, to_case, told
from workflow.views.opened import free_case
from workflow.views.verbs import KEYED_ACTIONS


def key_in_answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """One of the applicant's verbs: its form, and what was keyed in."""
    try:
        check_other(request.user, "key_in")
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    if answer not in KEYED_ACTIONS:
        raise Http404
    case, _standing = free_case(request, pk)
    verb = Verb(answer)
    try:
        check_may(request.user, verb, case)
    except PuljeError as refusal:
        return refused(request, refusal.sentence, case)
    form_class = KEYED_ACTIONS[verb].form
    form = form_class(request.POST or None, files=request.FILES or None, case=case)
    report = _report_form(request, case) if verb == Verb.SUBMIT_REPORT else None
    if request.method == "POST" and _is_kept(request, case, verb, form, report):
        messages.success(request, KEYED_ACTIONS[verb].done)
        return to_case(request, pk)
    return _show(request, case, verb, form, report)


def _report_form(request: HttpRequest, case: Application) -> ReportForm:
    saved = report_draft(case)
    return ReportForm(
        request.POST or None,
        request.FILES or None,
        report=saved.report,
        lines=saved.lines,
        one=case.applicant.is_one_person,
        sending=True,
    )


def _is_kept(
    request: HttpRequest, case: Application, verb: Verb, form: KeyedForm, report: ReportForm | None
) -> bool:
    """False when something is refused, with every sentence on its form."""
    is_whole = all([form.is_valid(), report is None or report.is_valid()])
    if is_whole:
        try:
            _key_in(request, case, verb, form, report)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            return True
    form.ask_for_files_again()
    return False


def _key_in(
    request: HttpRequest, case: Application, verb: Verb, form: KeyedForm, report: ReportForm | None
) -> None:
    uploads, facts = form.uploads(), dict(form.facts())
    if report is not None:
        uploads += report.uploads()
        facts |= {"fields": report.said(), "lines": report.lines()}
    who: dict[str, Any] = {"by": request.user, "at": timezone.now(), "keyed": form.keyed()}
    key_in(case, verb, KEYED_ACTIONS[verb].do, uploads=uploads, **who, **facts)


def _show(
    request: HttpRequest, case: Application, verb: Verb, form: KeyedForm, report: ReportForm | None
) -> HttpResponse:
    context = {
        "case": case,
        "verb": verb,
        "action": KEYED_ACTIONS[verb],
        "form": form,
        "report": report,
        "needs_accounts": report is not None and demand(case) != Demand.STORY,
    }
    return render(request, "workflow/casework/keyed.html", context, status=status_of(form))
