"""Who is away, and who sees their tasks meanwhile."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions.casework.absence import end_absence, set_absence
from pulje.enums import Role
from pulje.errors import NotAllowed, PuljeError
from pulje.forms.casework.inbox import AbsenceForm
from pulje.models import Absence
from pulje.queries.casework.colleagues import colleagues
from workflow.views.access import allow, told


def absence(request: HttpRequest) -> HttpResponse:
    """One's own absence; a leader sees and sets everybody's."""
    allow(request.user, "assign")
    is_leader = request.user.has_role(Role.LEADER)
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    form = AbsenceForm(data, by=request.user, people=colleagues(today), for_anybody=is_leader)
    if form.is_valid():
        said = {"user": request.user} | form.cleaned_data
        try:
            row = set_absence(said.pop("user"), by=request.user, at=timezone.now(), **said)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(
                request, f"Fraværet er skrevet. {row.substitute.name} ser opgaverne imens."
            )
            return redirect("staff:absence")
    rows = Absence.objects.filter(until_on__gte=today).select_related("user", "substitute")
    shown = rows if is_leader else rows.filter(user=request.user.pk)
    context = {
        "form": form,
        "rows": list(shown.order_by("from_on", "pk")),
        "stands_in": list(rows.filter(substitute=request.user.pk).order_by("from_on", "pk")),
        "is_leader": is_leader,
    }
    return render(request, "workflow/casework/absence.html", context)


@require_POST
def absence_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The person is back, or the days were wrong; one that is gone is gone."""
    allow(request.user, "assign")
    if row := Absence.objects.filter(pk=pk).select_related("user").first():
        try:
            end_absence(row, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"Fraværet for {row.user.name} er slettet.")
    return redirect("staff:absence")
