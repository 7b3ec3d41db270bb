"""One case of a meeting on one page, for those who read it and for those who decide."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.meeting import note as notes
from pulje.actions.meeting.reading import note_reading
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.meeting.reading import MemberNoteForm, MemberQuestionForm
from pulje.forms.meeting.ruling import RulingForm
from pulje.models import AgendaItem, Meeting, User
from pulje.queries.meeting.committee import agenda_of
from pulje.queries.meeting.reading import Reading, reading_of, version_of
from pulje.queries.meeting.ruling import OPEN
from pulje.queries.meeting.table import Agenda, AgendaRow
from pulje.templatetags.words import dato
from workflow import meeting_questions
from workflow.views.access import allow, may_do, meeting_or_404, told
from workflow.views.meeting.table import live, rights_at


@require_safe
def item(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """One case of the meeting on one page; meeting_rule.rule records what is decided."""
    agenda, row = row_or_404(request, meeting_or_404(request, pk), position)
    return item_page(request, agenda, row, RulingForm(row=row))


def row_or_404(request: HttpRequest, meeting: Meeting, position: int) -> tuple[Agenda, AgendaRow]:
    """The agenda as this person sees it, and one row of it."""
    agenda = agenda_of(meeting, request.user)
    row = agenda.row(str(position))
    if row is None:
        raise Http404
    return agenda, row


def item_page(
    request: HttpRequest, agenda: Agenda, row: AgendaRow, form: RulingForm, **typed: BaseForm
) -> HttpResponse:
    """The page with the ruling's form, and ``typed``, as they are, filled or refused.

    To whoever takes no part in the case nothing of it is given but its name.
    """
    context: dict[str, Any] = {"agenda": agenda, "row": row, "form": form}
    context["came_back"] = list(typed.values())
    context |= {"next": _neighbour(agenda, row, 1), "previous": _neighbour(agenda, row, -1)}
    number = len(agenda.rows)
    context["all_cases"] = f"Alle {number} sager" if number > 1 else "Alle sager"
    context |= rights_at(request.user, agenda.meeting)
    if not row.is_mine_conflict:
        note_reading(row.case, by=request.user, at=timezone.now())
        reading = reading_of(row.item, request.user)
        context |= {"reading": reading, "panel": reading.panel, "budget": reading.budget}
        context["read"] = min(reading.read, agenda.readable)
        context |= live(agenda, row) | {"then": agenda.then(row)}
        context |= {"why_not_yet": _why_not_yet(agenda, row)}
        context |= _own(request.user, agenda, reading) | typed
    refused = any(sent.is_bound for sent in (form, *typed.values()))
    return render(request, "workflow/meeting/case.html", context, status=422 if refused else 200)


def _own(user: User, agenda: Agenda, reading: Reading) -> dict[str, object]:
    """The forms of who sits in the committee; questions end with the meeting, notes do not."""
    is_seated = any(seat.user == user for seat in agenda.attendance.seats)
    may_note = is_seated and may_do(user, "write_member_note")
    may_ask = is_seated and may_do(user, "ask_administration") and agenda.meeting.state in OPEN
    return {
        "note_form": MemberNoteForm.of(reading.own, reading.base) if may_note else None,
        "question_form": MemberQuestionForm() if may_ask else None,
    }


@require_POST
def save_note(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """The reader's own note: as it is typed, or by the button."""
    found = item_or_404(request, pk, position)
    form, saved = MemberNoteForm(request.POST), None
    if form.is_valid():
        try:
            saved = notes.save_note(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.sentence) from refusal
    if "HX-Request" in request.headers:
        context = {"saved": saved, "form": form, "base": version_of(saved.note) if saved else ""}
        line = render(request, "workflow/meeting/_note_saved.html", context)
        line["HX-Retarget"] = "#gemt"  # it comes from another address than the page's
        return line
    if saved is None:
        return _again(request, found, note_form=form)
    if saved.before:
        messages.info(request, "Du har også skrevet på en anden enhed. Begge tekster står i noten.")
    messages.success(request, "Din note er gemt.")
    return redirect(_page_of(found) + "#note")


@require_POST
def ask(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """A question to the administration."""
    allow(request.user, "ask_administration")
    found, form = item_or_404(request, pk, position), MemberQuestionForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["question"]
        try:
            meeting_questions.ask(found, by=request.user, at=timezone.now(), text=text)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Dit spørgsmål er sendt til forvaltningen.")
            return redirect(_page_of(found) + "#spoerg")
    return _again(request, found, question_form=form)


def item_or_404(request: HttpRequest, pk: int, position: int) -> AgendaItem:
    """A case on the agenda of a meeting this person may read."""
    found = meeting_or_404(request, pk)
    items = found.items.select_related("application", "meeting__committee")
    return get_object_or_404(items, position=position)


def _again(request: HttpRequest, found: AgendaItem, **typed: BaseForm) -> HttpResponse:
    """The page with what was typed and the sentence that refuses it."""
    agenda, row = row_or_404(request, found.meeting, found.position)
    return item_page(request, agenda, row, RulingForm(row=row), **typed)


def _page_of(found: AgendaItem) -> str:
    return reverse("staff:agenda_item", args=[found.meeting_id, found.position])


def _why_not_yet(agenda: Agenda, row: AgendaRow) -> str:
    """Why nothing can be recorded in the case now; empty when it can, or the meeting is over."""
    day = timezone.localdate(agenda.meeting.held_at)
    if agenda.meeting.state not in OPEN:
        return ""
    if timezone.localdate() < day:
        return f"Mødet er den {dato(day)}. Beslutninger føres til protokol på mødet."
    if not agenda.attendance.voters:
        return "Fremmødet er ikke ført til protokol endnu, så sagen kan ikke besluttes."
    if not row.is_quorate:
        return "For få deltager i sagen, så udvalget kan ikke beslutte den."
    return ""


def _neighbour(agenda: Agenda, row: AgendaRow, step: int) -> AgendaRow | None:
    place = agenda.rows.index(row) + step
    return agenda.rows[place] if 0 <= place < len(agenda.rows) else None
