"""What an applicant who cannot log in has answered on paper or by phone, keyed in for them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pulje.actions.ledger import outstanding_kr, paid_kr
from pulje.errors import NotAllowed, PuljeError, RuleBroken
from pulje.forms.casework.on_behalf import KeyedForm
from pulje.models import Application
from pulje.permissions import check_other
from pulje.states import Verb
from workflow.keyed import check_key_in
from workflow.keying import key_in
from workflow.views.access import refused, status_of, to_case, told
from workflow.views.casework.keyed_parts import PARTS, Part
from workflow.views.opened import free_case
from workflow.views.verbs import KEYED_ACTIONS

GIVES_BACK = (Verb.WITHDRAW, Verb.DECLINE)
PAID = "Der er udbetalt penge. De skal kræves tilbage, hvis projektet ikke bliver til noget."


def key_in_answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """One of the applicant's verbs: its form, and what was keyed in."""
    try:
        check_other(request.user, "key_in")
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    if answer not in KEYED_ACTIONS:
        raise Http404
    case, _standing = free_case(request, pk)
    try:
        check_key_in(answer, case, request.user)
        if answer in GIVES_BACK and paid_kr(case):
            raise RuleBroken(PAID)
    except PuljeError as refusal:
        return refused(request, refusal, case)
    part, form_class = PARTS.get(answer, Part)(request, case), KEYED_ACTIONS[answer].form
    if part.stays:
        form = form_class(case=case, initial=request.POST.dict())
        return _show(request, case, answer, form, part)
    form = form_class(request.POST or None, files=request.FILES or None, case=case)
    if request.method == "POST" and _is_kept(request, case, answer, form, part):
        messages.success(request, KEYED_ACTIONS[answer].done)
        return to_case(request, pk)
    return _show(request, case, answer, form, part)


def _is_kept(
    request: HttpRequest, case: Application, answer: str, form: KeyedForm, part: Part
) -> bool:
    """False when something is refused, with every sentence on its form."""
    if all([form.is_valid(), part.is_valid()]):
        facts: dict[str, Any] = {**form.facts(), **part.facts(), "keyed": form.keyed()}
        uploads = [*form.uploads(), *part.uploads()]
        who = {"by": request.user, "at": timezone.now()}
        try:
            key_in(case, answer, KEYED_ACTIONS[answer].do, uploads=uploads, **who, **facts)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            return True
    form.ask_for_files_again()
    return False


def _show(
    request: HttpRequest, case: Application, answer: str, form: KeyedForm, part: Part
) -> HttpResponse:
    context = {
        "case": case,
        "verb": answer,
        "action": KEYED_ACTIONS[answer],
        "form": form,
        "part": part,
        "asked": "",
        "forms": [form, *part.forms()],
        "free_kr": outstanding_kr(case) if answer in GIVES_BACK else 0,
        **part.context(),
    }
    return render(request, "workflow/casework/keyed.html", context, status=status_of(form))
