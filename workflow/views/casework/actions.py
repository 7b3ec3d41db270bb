"""Every verb the house does on the case page: a form, one call, and back to the case."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions import document
from pulje.actions.casework.clarification import PARTS
from pulje.errors import NotAllowed, PuljeError, WrongState
from pulje.forms import case as forms
from pulje.forms.meeting.reading import MemberAnswerForm
from pulje.models import Application, MemberQuestion, User
from pulje.permissions import check_may, check_other
from pulje.queries.appeal import appeals_of
from pulje.queries.casework.assessment import meets_rule
from pulje.queries.casework.case import find_case, verbs_of
from pulje.queries.casework.checklist import checklist_of, to_ask_about, to_reject_by
from pulje.queries.grant.change import open_change
from pulje.states import OTHER_VERBS, Verb
from workflow import meeting_questions, talk
from workflow.hands import Action, carry_out
from workflow.peek import letter_before
from workflow.views.access import as_pdf, refused, to_case, told
from workflow.views.opened import free_case
from workflow.views.verbs import ACTIONS, CaseAction, V


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb: its form on a page of its own, or what was sent from the case page."""
    if verb not in ACTIONS:
        raise Http404
    case, standing = free_case(request, pk)
    action = ACTIONS[verb]
    form_class = action.whole or action.form
    if request.method != "POST":
        if verb not in verbs_of(request.user, case, standing):
            return refused(request, _why_not(request.user, verb, case), case)
        form = form_class(case=case, initial=_begins_with(request, case, verb))
        form.prefill(request.GET)
        return _ask(request, case, action, form)
    form = form_class(request.POST, case=case)
    if "se_brevet" in request.POST and form.is_valid():
        return _letter(request, case, action, form)
    if form.is_valid() and _done(request, case, action.do, form, form.facts()):
        messages.success(request, action.done)
        return to_case(request, pk)
    return _ask(request, case, action, form, status=_status(request, case, verb, form))


def _letter(
    request: HttpRequest, case: Application, action: CaseAction, form: forms.CaseForm
) -> HttpResponse:
    """The letter as it would be sent, in a window of its own; or the form with the refusal."""
    try:
        pdf = letter_before(action.do, case, by=request.user, **form.facts())
    except PuljeError as refusal:
        told(form, refusal)
        return _ask(request, case, action, form)
    return as_pdf(pdf)


def _begins_with(request: HttpRequest, case: Application, verb: str) -> dict[str, object]:
    """What was found at the screening leads on: to a question, or to a rejection."""
    if verb == V.ASK_FOR_INFORMATION and "dele" in request.GET:
        parts = [part for part in request.GET["dele"].split(",") if part in PARTS]
        return to_ask_about(checklist_of(case), case.attachments.order_by("pk"), parts)
    if verb == V.REJECT_FORMALLY and "punkt" in request.GET:
        return to_reject_by(checklist_of(case), request.GET["punkt"])
    if verb == V.RECOMMEND and (rule := meets_rule(case)) and not rule.is_met:
        return {"amount_kr": 0}
    return {}


def _status(request: HttpRequest, case: Application, verb: str, form: forms.CaseForm) -> int:
    """409 when somebody has moved the case meanwhile, 403 without the role; the form says so."""
    found = find_case(case.pk, request.user)
    assert found is not None
    try:
        if verb in Verb.values:
            check_may(request.user, Verb(verb), found[0])
        elif verb in OTHER_VERBS:
            check_other(request.user, verb)
        if verb in verbs_of(request.user, *found):
            return 200
        status, sentence = 409, NOT_NOW
    except WrongState as refusal:
        status, sentence = 409, refusal.sentence
    except NotAllowed as refusal:
        status, sentence = 403, refusal.sentence
    if not form.non_field_errors():
        form.add_error(None, sentence)
    return status


@require_POST
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    """An internal note."""
    case, _standing = free_case(request, pk)
    return _write(request, case, document.write_note, forms.NoteForm(request.POST, case=case), NOTE)


@require_POST
def write_message(request: HttpRequest, pk: int) -> HttpResponse:
    """A message to the applicant."""
    case, _standing = free_case(request, pk)
    form = forms.MessageForm(request.POST, case=case, prefix="besked")
    return _write(request, case, talk.say, form, MESSAGE)


@require_POST
def answer_member(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """The answer to a member of the committee."""
    case, _standing = free_case(request, pk)
    asked = get_object_or_404(MemberQuestion, pk=question, item__application=case)
    form = MemberAnswerForm(request.POST, case=case, prefix=f"svar-{question}")

    def do(_case: Application, **facts: Any) -> None:
        meeting_questions.answer(asked, **facts)

    return _write(request, case, do, form, _answer_to(asked))


def _answer_to(asked: MemberQuestion) -> CaseAction:
    done = "Svaret er givet til udvalget."
    return CaseAction(talk.say, "Svar udvalget", "Send svar", done, text=asked.text)


NOT_NOW = "Det kan ikke gøres, som sagen står nu."
NOTE = CaseAction(document.write_note, "Skriv en note", "Gem note", "Noten er gemt.")
MESSAGE = CaseAction(talk.say, "Skriv til ansøger", "Send besked", "Beskeden er sendt.")


def _write(
    request: HttpRequest, case: Application, do: Any, form: forms.CaseForm, words: CaseAction
) -> HttpResponse:
    if form.is_valid():
        try:
            do(case, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, words.done)
            return to_case(request, case.pk)
    return _ask(request, case, words, form)


def _done(
    request: HttpRequest,
    case: Application,
    do: Action,
    form: forms.CaseForm,
    facts: Mapping[str, Any],
) -> bool:
    try:
        carry_out(do, case, by=request.user, **facts)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True


def _ask(
    request: HttpRequest,
    case: Application,
    action: CaseAction,
    form: forms.CaseForm,
    *,
    status: int = 200,
) -> HttpResponse:
    is_about_appeal = action in (ACTIONS["assess_appeal"], ACTIONS["answer_appeal"])
    context = {
        "case": case,
        "action": action,
        "form": form,
        "change": open_change(case) if action == ACTIONS["answer_change"] else None,
        "appeals": appeals_of(case) if is_about_appeal else [],
    }
    return render(request, "workflow/casework/action.html", context, status=status)


def _why_not(user: User, verb: str, case: Application) -> PuljeError:
    try:
        if verb in Verb.values:
            check_may(user, Verb(verb), case)
    except PuljeError as refusal:
        return refusal
    return WrongState(NOT_NOW)
