"""The register of posts and ties: everybody's own, and all of it for a leader."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from pulje.actions.casework.tie import end_tie, tell_tie
from pulje.enums import Role
from pulje.errors import PuljeError
from pulje.forms.casework.impartiality import EndTieForm, TieFilterForm, TieForm
from pulje.queries.casework.impartiality import register
from workflow.views.access import allow, base_for, told

PER_PAGE = 50


def ties(request: HttpRequest) -> HttpResponse:
    """What one has told, and a form to tell more; a leader sees and writes everybody's."""
    allow(request.user, "tell_tie")
    is_leader = request.user.has_role(Role.LEADER)
    data = request.POST if request.method == "POST" else None
    form = TieForm(data, by=request.user, for_anybody=is_leader)
    if form.is_valid():
        said = {"user": request.user} | form.cleaned_data
        try:
            tie = tell_tie(by=request.user, **said)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{tie.relation}, {tie.name}, er skrevet i registret.")
            return redirect("staff:ties")
    words, sort = request.GET.get("q", ""), request.GET.get("orden", "person")
    rows = register(None if is_leader else request.user, words=words, sort=sort)
    context = {
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("side")),
        "filter_form": TieFilterForm({"q": words, "orden": sort}),
        "is_leader": is_leader,
        "is_filtered": bool(words),
        "today": timezone.localdate(),
    }
    return render(request, "workflow/casework/ties.html", context | base_for(request.user))


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """When one tie ended or ends; nothing else of it can be changed."""
    allow(request.user, "tell_tie")
    is_leader = request.user.has_role(Role.LEADER)
    tie = get_object_or_404(register(None if is_leader else request.user), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = EndTieForm(data, initial={"until": tie.until})
    if form.is_valid():
        try:
            end_tie(tie, by=request.user, until=form.cleaned_data["until"])
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, "Slutdatoen er gemt.")
            return redirect("staff:ties")
    context = {"tie": tie, "form": form, "is_own": tie.user == request.user}
    return render(request, "workflow/casework/tie_end.html", context | base_for(request.user))
