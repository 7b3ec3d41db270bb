"""Lists one wants back to: kept under a name, opened from over the table, deleted again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from pulje.actions.casework.saved_view import MOST_VIEWS, delete_view, save_view
from pulje.errors import PuljeError
from pulje.forms.casework.inbox import ViewForm
from pulje.queries.casework.inbox import read_filters
from workflow.views.access import allow, told


def saved_views(request: HttpRequest) -> HttpResponse:
    """One's own views; a POST keeps the list one comes from under a name."""
    allow(request.user, "see_case")
    form, query = ViewForm(), ""
    if request.method == "POST":
        form, query = ViewForm(request.POST), request.POST.get("filtre", "")
        filters = read_filters(QueryDict(query))
        name = "staff:inbox" if filters.folder else "staff:all_cases"
        if form.is_valid():
            said = {"name": form.cleaned_data["navn"], "query": filters.query}
            try:
                view = save_view(request.user, path=reverse(name), **said)
            except PuljeError as refusal:
                told(form, refusal)
            else:
                messages.success(request, f"Visningen ”{view.name}” er gemt.")
                return redirect(f"{view.path}?{view.query}")
    views = list(request.user.saved_views.order_by("name", "pk"))
    context = {"views": views, "most": MOST_VIEWS, "form": form, "query": query}
    return render(request, "workflow/casework/saved_views.html", context)


def delete_saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then forget the view; one that is gone is gone."""
    allow(request.user, "see_case")
    if request.method == "POST":
        if view := request.user.saved_views.filter(pk=pk).first():
            delete_view(view)
            messages.success(request, f"Visningen ”{view.name}” er slettet.")
        return redirect("staff:saved_views")
    view = get_object_or_404(request.user.saved_views, pk=pk)
    return render(request, "workflow/casework/saved_view_delete.html", {"view": view})
