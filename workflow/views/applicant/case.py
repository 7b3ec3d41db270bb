"""The applicant's own case: where it is, what happens next, and how one answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from letters.kinds.appeal import AppealLate, AppealUpheld
from letters.models import Letter
from letters.texts.chosen import part_of
from letters.texts.parts import TERMS
from pulje.actions.application.partner import UNDECIDED
from pulje.actions.casework import clarification
from pulje.actions.grant.control import asked_control
from pulje.actions.state import came_from
from pulje.enums import AppealState, ChangeState, PaymentState
from pulje.errors import PuljeError
from pulje.forms.applicant.answer import AnswerForm, TextForm
from pulje.models import Application
from pulje.permissions import check_may, why_not
from pulje.queries.applicant.applicant import CaseFile, case_file
from pulje.queries.grant.change import CHANGEABLE
from pulje.queries.grant.control import Control
from pulje.rules.payments import earliest_days
from pulje.states import GRANTED, STATES, STEPS, CaseState, Verb
from pulje.templatetags.pulje import Steps, milestone_steps
from pulje.templatetags.words import dato
from pulje.views.typed import typed_before
from workflow.hands import carry_out
from workflow.talk import say
from workflow.told import DECIDING, Telling, check_told, shown_state, telling
from workflow.views.applicant.cases import (
    answer_note,
    own_case_or_404,
    sent_letters,
    store,
    tell_of_same,
)
from workflow.views.applicant.former import saves_the_text
from workflow.views.person import PersonRequest

S = CaseState
FORMS = {"answer": AnswerForm, "papers": AnswerForm, "remarks": TextForm, "message": TextForm}
POSTED = {
    "answer": "applicant:answer_information",
    "papers": "applicant:answer_control",
    "remarks": "applicant:answer_hearing",
    "message": "applicant:write_message",
}
NOT_SENT = _lazy("Her er det, du skrev, før du blev logget af. Det er ikke sendt endnu.")
# where an applicant's verb may be worth a link; an award has a no of its own
WITHDRAWABLE = STEPS[Verb.WITHDRAW].sources - {S.APPROVED}
WITH_PLAN = GRANTED - {S.APPROVED}
REPORTABLE = STEPS[Verb.SUBMIT_REPORT].sources
# where a payment after the report has a day of its own
AFTER_REPORT = frozenset({S.REPORTED, S.CLOSED})
ENDED_EARLY = (S.WITHDRAWN, S.LAPSED)
# where each part that we ask about is mended
PAGES = {
    "idea": ("applicant:draft_idea", _lazy("Ret idéen")),
    "dates": ("applicant:draft_idea", _lazy("Ret datoerne")),
    "budget": ("applicant:draft_budget", _lazy("Ret budgettet")),
    "attachments": ("applicant:draft_attachments", _lazy("Ret bilagene")),
    "contact": ("applicant:draft_who", _lazy("Ret kontaktoplysningerne")),
}


@require_safe
def case(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if case.state == S.DRAFT:
        return redirect("applicant:edit", case.pk)
    return _show(request, case, **_before_log_in(request, case))


def _before_log_in(request: PersonRequest, case: Application) -> dict[str, Any]:
    """The form somebody was filling in when their log-in ended."""
    for name, page in POSTED.items():
        typed = typed_before(request, reverse(page, args=[case.pk]))
        if typed is not None:
            messages.info(request, NOT_SENT)
            return {name: FORMS[name](typed, prefix=name)}
    return {}


@require_POST
@saves_the_text
def answer_information(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = AnswerForm(request.POST, request.FILES, prefix="answer")
    try:
        check_told(case)
        check_may(request.user, Verb.ANSWER_INFORMATION, case)
        if form.is_valid():
            at, said = timezone.now(), form.cleaned_data
            tell_of_same(request, store(case, said["attachments"], by=request.user, at=at))
            carry_out(
                clarification.answer_information, case, by=request.user, at=at, answer=said["text"]
            )
            return _done(request, case, _("Tak. Svaret er sendt, og sagen går videre."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, answer=form)


@require_POST
@saves_the_text
def answer_hearing(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = TextForm(request.POST, prefix="remarks")
    try:
        check_told(case)
        check_may(request.user, Verb.ANSWER_HEARING, case)
        if form.is_valid():
            answer = form.cleaned_data["text"]
            carry_out(clarification.answer_hearing, case, by=request.user, answer=answer)
            return _done(request, case, _("Tak. Bemærkningerne er med i sagen."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, remarks=form)


@require_POST
@saves_the_text
def answer_control(request: PersonRequest, pk: int) -> HttpResponse:
    """The vouchers of a stikprøve, with a message that tells the case worker of them."""
    case = own_case_or_404(request, pk)
    form = AnswerForm(request.POST, request.FILES, prefix="papers")
    try:
        control = asked_control(case)
        if form.is_valid():
            _send_papers(request, case, control, form.cleaned_data)
            return _done(request, case, _("Tak. Det ligger på sagen nu."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, papers=form)


def _send_papers(
    request: PersonRequest, case: Application, control: Control, said: dict[str, Any]
) -> None:
    at, names = timezone.now(), ", ".join(upload.name for upload in said["attachments"])
    text = said["text"] or _("Bilag til stikprøven: %s") % names
    with transaction.atomic():
        same = store(case, said["attachments"], by=request.user, at=at, since=control.asked_at)
        say(case, by=request.user, at=at, text=text)
    tell_of_same(request, same)


@require_POST
@saves_the_text
def write_message(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = TextForm(request.POST, prefix="message")
    try:
        if form.is_valid():
            say(case, by=request.user, at=timezone.now(), text=form.cleaned_data["text"])
            return _done(request, case, _("Beskeden er sendt."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, message=form)


def _done(request: PersonRequest, case: Application, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("applicant:case", case.pk)


def _show(request: PersonRequest, case: Application, **typed: Any) -> HttpResponse:
    """The page; ``typed`` is a form that came back, so that nothing in it is lost."""
    forms = {name: form(prefix=name) for name, form in FORMS.items()} | typed
    told, state = telling(case), shown_state(case)
    file = case_file(case, may_see_decision=told == Telling.TOLD)
    context = forms | {
        "file": file,
        "case": case,
        "state": state,
        "one": case.applicant.is_one_person,
        "form": next(iter(typed.values()), None),
        "is_unopened": told == Telling.UNOPENED,
        "timeline": [] if state in ENDED_EARLY else timeline(file, told),
        "is_granted": file.decision is not None and file.decision.amount_kr > 0,
        "acceptance": getattr(file.decision, "acceptance", None),
        "has_plan": state in WITH_PLAN or bool(file.payments),
        "paid_kr": sum(row.amount_kr for row in file.payments if row.confirmed_at),
        "pays_from": pays_from(case),
        "is_good_news": state in (S.APPROVED, S.ACCEPTED),
        "may_withdraw": told == Telling.TOLD and state in WITHDRAWABLE,
        "may_report": state in REPORTABLE,
        "may_change": _may_change(file, state),
        "why_not_accept": why_not(request.user, Verb.ACCEPT, case) if state == S.APPROVED else "",
        "parts": [PAGES[part] for part in file.request.parts] if file.request else [],
        "budget_lines": list(case.budget_lines.order_by("position")),
        "partners": list(case.partners.order_by("position")),
        "may_ask": case.state in UNDECIDED,
    }
    context |= _letters(case, told, state)
    context["appeal_is_told"] = _appeal_is_told(file, told, context["letters"])
    return render(request, "workflow/applicant/case.html", context)


def pays_from(case: Application) -> date | None:
    """The day of the plan's first payment, when a yes alone does not bring it on."""
    days = earliest_days(case.version.payment_plan, case.starts_on, timezone.localdate())
    return next(iter(days), None)


def _appeal_is_told(file: CaseFile, told: Telling, letters: Iterable[Letter]) -> bool:
    """The answer to a complaint is shown when its letter has left, or the new decision is read."""
    if file.appeal is None or file.appeal.answered_at is None:
        return False
    if file.appeal.state == AppealState.CHANGED:
        return told == Telling.TOLD
    kinds = {AppealUpheld.code, AppealLate.code}
    return any(row.kind in kinds and row.queued_at >= file.appeal.answered_at for row in letters)


def _may_change(file: CaseFile, state: CaseState) -> bool:
    waits = file.change is not None and file.change.state == ChangeState.REQUESTED
    return state in CHANGEABLE and not waits


def _letters(case: Application, told: Telling, state: CaseState) -> dict[str, object]:
    """The letters that have left; the decision's own when it is opened, and its terms."""
    letters = list(sent_letters(case).select_related("entry").defer("facts"))
    decision = next((letter for letter in letters if tells_a_decision(letter)), None)
    if told == Telling.UNOPENED:
        letters = [letter for letter in letters if letter != decision]
    shows_terms = state == S.APPROVED and decision is not None and "report" in decision.facts
    return {
        "letters": letters,
        "decision_letter": decision,
        # the very words of the letter: what is said yes to is what was sent
        "terms": part_of(decision, TERMS) if shows_terms and decision else "",
    }


def tells_a_decision(letter: Letter) -> bool:
    return letter.entry is not None and letter.entry.event in DECIDING


def timeline(file: CaseFile, told: Telling) -> Steps:
    """The five steps with a small text under each, as far as the applicant has been told."""
    case, state = file.application, shown_state(file.application)
    if state == S.IN_HEARING and case.granted_kr:
        state = came_from(case)  # heard about what is granted, it does not go back
    steps = milestone_steps(state, notes(file, state))
    if told == Telling.UNOPENED:
        said = ["done", "done", "current", "todo", "todo"]
        steps = [(name, note, now) for (name, note, _was), now in zip(steps, said, strict=True)]
        steps = [(name, "" if now == "current" else note, now) for name, note, now in steps]
    if case.state in (S.RETURNED, S.IN_HEARING):
        waits = (
            _("Vi mangler et svar fra dig")
            if case.applicant.is_one_person
            else _("Vi mangler et svar fra jer")
        )
        steps = [(name, waits if now == "current" else note, now) for name, note, now in steps]
    return steps


def notes(file: CaseFile, state: CaseState) -> dict[int, str]:
    """The small text under each of the five steps."""
    case, said = file.application, {}
    if case.submitted_at:
        said[1] = dato(case.submitted_at)
    if file.decision is not None:
        day = dato(file.decision.decided_at)
        said[3] = _("Ja! %s") % day if file.decision.amount_kr and not file.claim else day
    elif case.round.answer_on and STATES[state].milestone in (1, 2):
        said[3] = answer_note(case.round.answer_on)
    said[4] = _payment_note(file)
    if state in REPORTABLE and case.due_on:
        said[5] = _("Frist %s") % dato(case.due_on)
    return said


def _payment_note(file: CaseFile) -> str:
    paid = [payment for payment in file.payments if payment.state == PaymentState.CONFIRMED]
    waiting = [payment for payment in file.payments if payment.state != PaymentState.CONFIRMED]
    if file.application.state not in AFTER_REPORT:
        waiting = [payment for payment in waiting if not payment.after_report]
    if waiting:
        return _("Ventes %s") % dato(waiting[0].due_on)
    return dato(paid[-1].confirmed_at) if paid else ""
