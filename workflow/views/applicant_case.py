"""The applicant's own case: where it is, what happens next, and the applicant's verbs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from letters.models import Letter
from pulje.actions import application as actions
from pulje.actions import award, clarification, document
from pulje.enums import PaymentState
from pulje.errors import PuljeError
from pulje.forms.answer import AnswerForm, DeclineForm, TextForm
from pulje.models import Application
from pulje.permissions import check_may, why_not
from pulje.queries.applicant import CaseFile, case_file
from pulje.states import GRANTED, STATES, STEPS, CaseState, Verb
from pulje.templatetags.words import dato
from workflow.hands import carry_out
from workflow.views.applicant import own_case_or_404, sent_letters, store
from workflow.views.person import PersonRequest

S = CaseState
FORMS = {"answer": AnswerForm, "remarks": TextForm, "message": TextForm}
# where an applicant's verb may be worth a link
WITHDRAWABLE = STEPS[Verb.WITHDRAW].sources - {S.APPROVED, S.ACCEPTED}
DECIDING = (Verb.DECIDE, Verb.REDECIDE, Verb.REJECT_FORMALLY)
WITH_PLAN = GRANTED - {S.APPROVED}
REPORTABLE = STEPS[Verb.SUBMIT_REPORT].sources


@require_safe
def case(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    if case.state == S.DRAFT:
        return redirect("applicant:edit", case.pk)
    return _show(request, case)


@require_POST
def answer_information(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = AnswerForm(request.POST, request.FILES, prefix="answer")
    try:
        check_may(request.user, Verb.ANSWER_INFORMATION, case)
        if form.is_valid():
            at, said = timezone.now(), form.cleaned_data
            store(case, said["attachments"], by=request.user, at=at)
            carry_out(
                clarification.answer_information, case, by=request.user, at=at, answer=said["text"]
            )
            return _done(request, case, _("Tak. Svaret er sendt, og sagen går videre."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, answer=form)


@require_POST
def answer_hearing(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = TextForm(request.POST, prefix="remarks")
    try:
        check_may(request.user, Verb.ANSWER_HEARING, case)
        if form.is_valid():
            answer = form.cleaned_data["text"]
            carry_out(clarification.answer_hearing, case, by=request.user, answer=answer)
            return _done(request, case, _("Tak. Bemærkningerne er med i sagen."))
    except PuljeError as refusal:
        form.add_error(None, refusal.sentence)
    return _show(request, case, remarks=form)


@require_POST
def write_message(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = TextForm(request.POST, prefix="message")
    if form.is_valid():
        text = form.cleaned_data["text"]
        document.write_message(case, by=request.user, at=timezone.now(), text=text)
        return _done(request, case, _("Beskeden er sendt."))
    return _show(request, case, message=form)


@require_POST
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    try:
        carry_out(award.accept, case, by=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    return _done(request, case, _("Tak for svaret. Pengene bliver udbetalt efter planen."))


def decline(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    try:
        check_may(request.user, Verb.DECLINE, case)
        if form.is_valid():
            carry_out(award.decline, case, by=request.user, reason=form.cleaned_data["reason"])
            return _done(request, case, _("Svaret er sendt. Pengene går tilbage til puljen."))
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    return render(request, "workflow/applicant/decline.html", {"case": case, "form": form})


def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    was_draft = case.state == S.DRAFT
    try:
        check_may(request.user, Verb.WITHDRAW, case)
        if request.method == "POST":
            carry_out(actions.withdraw, case, by=request.user)
            done = _("Kladden er slettet.") if was_draft else _("Ansøgningen er trukket tilbage.")
            messages.success(request, done)
            return redirect("applicant:mine")
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    return render(request, "workflow/applicant/withdraw.html", {"case": case})


def _done(request: PersonRequest, case: Application, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("applicant:case", case.pk)


def _show(request: PersonRequest, case: Application, **typed: Any) -> HttpResponse:
    """The page; ``typed`` is a form that came back, so that nothing in it is lost."""
    forms = {name: form(prefix=name) for name, form in FORMS.items()} | typed
    file = case_file(case)
    letters = list(sent_letters(case).select_related("entry").defer("facts"))
    context = forms | {
        "file": file,
        "case": case,
        "one": case.applicant.is_one_person,
        "form": next(iter(typed.values()), None),
        "notes": notes(file),
        "is_granted": file.decision is not None and file.decision.amount_kr > 0,
        "has_plan": case.state in WITH_PLAN,
        "is_good_news": case.state == S.ACCEPTED,
        "may_withdraw": case.state in WITHDRAWABLE,
        "may_report": case.state in REPORTABLE,
        "why_not_accept": _why_not_accept(request, case),
        "letters": letters,
        "decision_letter": next((letter for letter in letters if tells_a_decision(letter)), None),
        "budget_lines": list(case.budget_lines.order_by("position")),
    }
    return render(request, "workflow/applicant/case.html", context)


def tells_a_decision(letter: Letter) -> bool:
    return letter.entry is not None and letter.entry.event in DECIDING


def _why_not_accept(request: PersonRequest, case: Application) -> str:
    if case.state != S.APPROVED:
        return ""
    return why_not(request.user, Verb.ACCEPT, case)


def notes(file: CaseFile) -> dict[int, str]:
    """The small text under each of the five steps."""
    case, said = file.application, {}
    if case.submitted_at:
        said[1] = dato(case.submitted_at)
    if case.state in (S.RETURNED, S.IN_HEARING):
        said[2] = _("Vi venter på svar")
    if file.decision is not None:
        said[3] = dato(file.decision.decided_at)
    elif case.round.answer_on and STATES[CaseState(case.state)].milestone in (1, 2):
        said[3] = _("Senest %s") % dato(case.round.answer_on)
    said[4] = _payment_note(file)
    if case.state in REPORTABLE and case.due_on:
        said[5] = _("Frist %s") % dato(case.due_on)
    return said


def _payment_note(file: CaseFile) -> str:
    paid = [payment for payment in file.payments if payment.state == PaymentState.CONFIRMED]
    waiting = [payment for payment in file.payments if payment.state != PaymentState.CONFIRMED]
    if waiting:
        return _("Ventes %s") % dato(waiting[0].due_on)
    return dato(paid[-1].confirmed_at) if paid else ""
