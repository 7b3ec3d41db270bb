"""Set up a pool without code: the hub of its parts, publishing, versions, preview, trial."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.pool import publish as actions
from pulje.errors import PuljeError
from pulje.forms.pool.form import VersionForm
from pulje.models import Pool, PoolVersion
from pulje.queries.pool.cards import cards
from pulje.queries.pool.form import latest_version
from pulje.queries.pool.history import changes, versions_of
from pulje.queries.pool.public import preview_of
from pulje.queries.pool.setup import setup_of
from pulje.views.public import page
from workflow.trial import make_trial_cases
from workflow.views.access import allow, may_do

VERB = "edit_pool"


def version_or_404(request: HttpRequest, slug: str) -> PoolVersion:
    """The newest version of a pool's rules, to somebody who may edit them."""
    allow(request.user, VERB)
    version = latest_version(get_object_or_404(Pool.objects.select_related("committee"), slug=slug))
    if version is None:
        raise Http404
    return version


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Every part of the pool, what is missing, and whether the public may see it."""
    allow(request.user, VERB)
    pool = get_object_or_404(Pool.objects.select_related("committee", "published_by"), slug=slug)
    setup = setup_of(pool, timezone.now())
    if setup is None:
        raise Http404
    begins = setup.version.valid_from if setup.is_coming else timezone.localdate()
    context = {
        "pool": pool,
        "version": setup.version,
        "shown": setup,
        "cards": cards(setup),
        "form": VersionForm(initial={"valid_from": begins}),
        "may_publish": may_do(request.user, "publish_pool"),
        "may_try": pool.is_test and may_do(request.user, "check_case"),
    }
    return render(request, "workflow/pool/setup.html", context)


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the pool to the public, or take it off again."""
    allow(request.user, VERB)
    pool = get_object_or_404(Pool, slug=slug)
    do = actions.unpublish if "skjul" in request.POST else actions.publish
    try:
        pool = do(pool, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        told = "Puljen er offentlig." if pool.is_public else "Puljen er ikke længere offentlig."
        messages.success(request, told)
    return redirect("staff:pool_setup", slug)


@require_POST
def try_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Ten invented applications in a test pool."""
    allow(request.user, VERB)
    pool = get_object_or_404(Pool, slug=slug)
    try:
        made = make_trial_cases(pool, by=request.user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("staff:pool_setup", slug)
    messages.success(request, f"{len(made)} prøveansøgninger er kommet ind, fx {made[0].number}.")
    return redirect("staff:pool_setup", slug)


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Who made which version, from when, and what changed from one to another."""
    version = version_or_404(request, slug)
    found = versions_of(version.pool)
    by_number = {str(each.number): each for each in found}
    new = by_number.get(request.GET.get("til", ""), found[0])
    before = by_number.get(str(new.number - 1), new)
    old = by_number.get(request.GET.get("fra", ""), before)
    context = {
        "pool": version.pool,
        "versions": found,
        "old": old,
        "new": new,
        "changes": changes(old, new) if old != new else [],
    }
    return render(request, "workflow/pool/versions.html", context)


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The pool's public page as it will be with the newest rules; nobody else sees it."""
    version = version_or_404(request, slug)
    shown = preview_of(version, timezone.now())
    return render(request, "workflow/pool/preview.html", page(shown) | {"setup_pool": version.pool})
