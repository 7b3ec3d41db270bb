"""Inhabilitet at a meeting: one's own, somebody else's, and the committee's answer."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from pulje.actions.meeting.conflict import declare_disqualified, raise_conflict, settle_conflict
from pulje.errors import PuljeError
from pulje.forms.meeting.conflict import ConflictForm, RaiseForm, SettleForm
from pulje.models import Application, ConflictQuestion, Meeting
from pulje.queries.meeting.attendance import attendance_of, open_questions
from pulje.queries.meeting.conflict import conflict_rows, statements
from workflow.hands import Action, carry_out_at
from workflow.views.access import allow, base_for, may_do, meeting_or_404, status_of, told

DOUBT = "tvivl"


def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Every case on one line, before any of them is opened: in which is one disqualified?"""
    found = meeting_or_404(request, pk)
    rows = conflict_rows(found, request.user)
    data = request.POST if request.method == "POST" else None
    form = ConflictForm(data, rows=rows, chosen=request.GET.get("sag", ""))
    if form.is_valid():
        is_doubt = request.POST.get("svar") == DOUBT
        facts = {"meeting": found, "reason": form.cleaned_data["reason"]}
        if is_doubt:
            facts["person"] = request.user
        do = raise_conflict if is_doubt else declare_disqualified
        if _carried_out(request, form, found, do, form.cases(), facts):
            number = _cases(len(form.cases()))
            asked = f"Udvalget tager stilling til din habilitet i {number}."
            messages.success(request, asked if is_doubt else f"Du er meldt inhabil i {number}.")
            return redirect("staff:meeting", pk)
    context = {
        "meeting": found,
        "form": form,
        "said": [row for row in rows if row.is_out],
        "registered": any(row.ties for row in rows),
        "questions": open_questions(found),
        "statements": statements(found),
    }
    context |= _rights(request)
    return render(request, "workflow/meeting/conflict.html", context, status=status_of(form))


def raise_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a member is disqualified; or take back what one has said oneself."""
    found = meeting_or_404(request, pk)
    allow(request.user, "raise_conflict")
    items = found.items.select_related("application__applicant").order_by("position")
    attendance = attendance_of(found, [])
    people = [seat.user for seat in attendance.seats]
    asked = {"person": request.GET.get("person"), "sag": request.GET.get("sag")}
    data = request.POST if request.method == "POST" else None
    form = RaiseForm(data, people=people, items=list(items), initial=asked)
    if form.is_valid():
        facts = form.cleaned_data | {"meeting": found}
        case = form.cases[facts.pop("sag")]
        if _carried_out(request, form, found, raise_conflict, [case], facts):
            messages.success(request, "Spørgsmålet er rejst. Udvalget tager stilling på mødet.")
            return redirect("staff:conflict", pk)
    takes_back = asked["person"] == str(request.user.pk)
    context = {"meeting": found, "form": form, "takes_back": takes_back}
    context |= _rights(request)
    return render(request, "workflow/meeting/conflict_raise.html", context, status=status_of(form))


def settle(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Chair or secretary writes down what the committee answered."""
    found = meeting_or_404(request, pk)
    allow(request.user, "settle_conflict")
    asked = _question_or_404(found, question)
    data = request.POST if request.method == "POST" else None
    form = SettleForm(data, name=asked.person.name)
    if form.is_valid():
        facts = {
            "question": asked,
            "is_disqualified": form.is_disqualified,
            "reason": form.cleaned_data["reason"],
        }
        if _carried_out(request, form, found, settle_conflict, [asked.application], facts):
            messages.success(request, "Udvalgets beslutning er ført til protokol.")
            return redirect("staff:conflict", pk)
    attendance = attendance_of(found, found.items.filter(application=asked.application))
    context = {"meeting": found, "form": form, "question": asked, "attendance": attendance}
    context |= _rights(request)
    return render(request, "workflow/meeting/conflict_settle.html", context, status=status_of(form))


def _question_or_404(meeting: Meeting, pk: int) -> ConflictQuestion:
    questions = ConflictQuestion.objects.filter(meeting=meeting)
    related = questions.select_related(
        "meeting__committee", "person", "raised_by", "application__applicant"
    )
    return get_object_or_404(related, pk=pk)


def _carried_out(
    request: HttpRequest,
    form: Form,
    meeting: Meeting,
    do: Action,
    cases: Sequence[Application],
    facts: dict[str, object],
) -> bool:
    """All of the cases, or none and the sentence on the form."""
    try:
        carry_out_at(meeting, do, cases, by=request.user, **facts)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True


def _cases(number: int) -> str:
    return f"{number} sag" if number == 1 else f"{number} sager"


def _rights(request: HttpRequest) -> dict[str, object]:
    return base_for(request.user) | {
        "may_raise": may_do(request.user, "raise_conflict"),
        "may_settle": may_do(request.user, "settle_conflict"),
    }
