"""The second signer's page: read it all, then sign and send, or send it back with a comment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.link import read_token
from pulje.errors import PuljeError, RuleBroken
from pulje.forms.application.review import SignForm
from pulje.models import Application
from pulje.permissions import is_member
from pulje.queries.applicant.applicant import my_case
from pulje.queries.application.signature import signatures, waits_for_another
from pulje.states import CaseState
from workflow.signing import give_back, sign_or_send
from workflow.views.applicant.draft_answers import answers
from workflow.views.applicant.draft_review import missing
from workflow.views.links import closed
from workflow.views.person import PersonRequest


def sign(request: PersonRequest, token: str) -> HttpResponse:
    try:
        case = _case(request, read_token("signature", token))
    except RuleBroken as refusal:
        return closed(request, refusal)
    if case.state != CaseState.DRAFT:
        return redirect("applicant:receipt", case.pk)
    form = SignForm(
        request.POST if request.method == "POST" else None, giving_back="retur" in request.POST
    )
    if form.is_bound and form.is_valid():
        try:
            return _do(request, case, form)
        except PuljeError as refusal:
            case.refresh_from_db()
            if case.state != CaseState.DRAFT:  # signed twice: the first one counts
                return redirect("applicant:receipt", case.pk)
            form.add_error(None, refusal.sentence)
    return _show(request, case, form)


def _case(request: PersonRequest, pk: int) -> Application:
    """The case of the link for somebody who may bind its applicant; else 403 with the sentence."""
    case = my_case(request.user, pk)
    if case is None or not is_member(request.user, case, binding=True):
        raise PermissionDenied(
            _("Linket er til en anden, der må skrive under. Log ind som den person.")
        )
    return case


def _do(request: PersonRequest, case: Application, form: SignForm) -> HttpResponse:
    by, now = request.user, timezone.now()
    if form.giving_back:
        give_back(case, by=by, at=now, comment=form.cleaned_data["comment"])
        messages.success(request, _("Ansøgningen er sendt tilbage med din kommentar."))
        return redirect("applicant:mine")
    if sign_or_send(case, by=by, at=now) is None:
        messages.success(request, _("Du har skrevet under. Der mangler en underskrift mere."))
        return redirect("applicant:draft_review", case.pk)
    return redirect("applicant:receipt", case.pk)


def _show(request: PersonRequest, case: Application, form: SignForm) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "signed": signatures(case),
        "is_first": waits_for_another(case, request.user),
        "is_identified": request.user.identities.exists(),
        "missing": missing(case),
    }
    return render(request, "workflow/applicant/draft/sign.html", context | answers(case))
