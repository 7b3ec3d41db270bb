"""One case of a meeting on one page, for those who read it and for those who decide."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pulje.actions import decision
from pulje.actions import meeting as meeting_actions
from pulje.errors import PuljeError
from pulje.forms.meeting import RulingForm
from pulje.models import Meeting
from pulje.queries.assessment import panel_of
from pulje.queries.casework import budget_of, earlier_support
from pulje.queries.committee import Agenda, AgendaRow, agenda_of
from workflow.hands import carry_out
from workflow.views.access import meeting_or_404, told
from workflow.views.meetings import rights_at


def item(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """One case of the meeting on one page, and the decision on it."""
    found = meeting_or_404(request, pk)
    agenda = agenda_of(found, request.user)
    row = next((row for row in agenda.rows if row.item.position == position), None)
    if row is None:
        raise Http404
    form = RulingForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid() and _ruled(request, found, row, form):
        return _onwards(agenda, row)
    context = {"agenda": agenda, "row": row, "form": form, "next": _neighbour(agenda, row, 1)}
    context |= {"previous": _neighbour(agenda, row, -1)} | rights_at(request.user, found)
    if not row.is_mine_conflict:
        context |= {
            "panel": panel_of(row.case, request.user),
            "budget": budget_of(row.case),
            "earlier": earlier_support(row.case),
        }
    return render(request, "workflow/meeting_case.html", context)


def _ruled(request: HttpRequest, meeting: Meeting, row: AgendaRow, form: RulingForm) -> bool:
    try:
        if form.is_postponed:
            remark = form.cleaned_data["reasons"][:500]
            meeting_actions.postpone(row.item, by=request.user, remark=remark)
            messages.success(request, f"{row.case.number} er udsat.")
        else:
            carry_out(decision.decide, row.case, by=request.user, meeting=meeting, **form.facts())
            messages.success(request, f"{row.case.number} er besluttet.")
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True


def _onwards(agenda: Agenda, row: AgendaRow) -> HttpResponse:
    """To the next case without a decision, else to the table."""
    left = [r for r in agenda.pending if r is not row]
    later = [r for r in left if r.item.position > row.item.position] or left
    if not later:
        return redirect("staff:meeting", agenda.meeting.pk)
    return redirect("staff:agenda_item", agenda.meeting.pk, later[0].item.position)


def _neighbour(agenda: Agenda, row: AgendaRow, step: int) -> AgendaRow | None:
    place = agenda.rows.index(row) + step
    return agenda.rows[place] if 0 <= place < len(agenda.rows) else None
