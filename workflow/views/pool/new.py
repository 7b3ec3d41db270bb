"""A new pool: from nothing, last year's once more, or the real one of a test pool."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from pulje.actions.pool.publish import TEST_CODE, TEST_NAME, copy_pool, make_pool
from pulje.errors import PuljeError
from pulje.forms.pool.new import CopyForm, NewPoolForm
from pulje.models import Pool
from pulje.queries.pool.form import newest_of_each_code
from workflow.views.access import allow, told
from workflow.views.pool.setup import VERB


def new(request: HttpRequest) -> HttpResponse:
    """From nothing, or with ?fra=<slug> a copy of that pool."""
    allow(request.user, VERB)
    slug = request.GET.get("fra", "")
    source = get_object_or_404(Pool, slug=slug) if slug else None
    form = _form(request, source)
    if form.is_valid():
        facts = {"by": request.user, "at": timezone.now(), **form.facts()}
        try:
            pool = copy_pool(source, **facts) if source else make_pool(**facts)
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{pool.name} {pool.year} er oprettet. Ingen andre ser den.")
            return redirect("staff:pool_setup", pool.slug)
    context: dict[str, Any] = {"form": form, "source": source}
    context["pools"] = [] if source else newest_of_each_code()
    return render(request, "workflow/pool/new.html", context, status=422 if form.is_bound else 200)


def _form(request: HttpRequest, source: Pool | None) -> CopyForm:
    typed: Any = request.POST if request.method == "POST" else None
    if source is None:
        return NewPoolForm(typed, initial={"year": timezone.localdate().year + 1})
    is_test_made_real = source.is_test
    return CopyForm(
        typed,
        initial={
            "name": source.name.removeprefix(TEST_NAME),
            "code": source.code.removeprefix(TEST_CODE),
            "year": source.year + (0 if is_test_made_real else 1),
        },
    )
