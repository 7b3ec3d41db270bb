"""Letters that are sent together: looked through, let go, followed, paused, taken back, fetched."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from letters import actions, batches, bundle
from letters.access import case_worker
from letters.forms.batch import FilterForm, PickedForm
from letters.models import Channel, Letter, LetterBatch
from letters.queries import failed as queries_failed
from letters.queries.batches import letters_of, progress_of
from letters.queries.sending import sort_out
from letters.queries.waiting import MOST, letters_in
from pulje.actions.meeting.reading import note_readings
from pulje.errors import PuljeError
from pulje.models import User
from pulje.permissions import hidden_from
from pulje.templatetags.words import dato_tid

BUNDLES: dict[str, tuple[Callable[..., Any], str]] = {
    "zip": (bundle.zip_of, "application/zip"),
    "pdf": (bundle.print_file_of, "application/pdf"),
}
NONE_ON_PAPER = "Ingen af brevene, du må læse, går på papir. Hent dem som zip i stedet."
NONE_TO_FETCH = "Der er ingen breve at hente. De er ikke lavet endnu, eller du må ikke læse dem."


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """What would leave and what stands in the way of the rest; nothing is sent yet."""
    user = case_worker(request)
    if request.method != "POST":  # back from log-in, which the sending of them had run into
        return redirect("letters:all")
    form = PickedForm(request.POST)
    context: dict[str, Any] = {
        "back": _back(request),
        "name": request.POST.get("navn", "")[:200],
    }
    if not form.is_valid():
        context["refusal"] = form.sentence()
        return render(request, "letters/batch_refused.html", context, status=422)
    context["sorted"] = sort_out(form.cleaned_data["letters"], user, form.read())
    context["now"] = timezone.now()
    return render(request, "letters/batch_check.html", context)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Let these letters go, as one batch; the same twice leads to the same batch."""
    user = case_worker(request)
    form = PickedForm(request.POST)
    context = {"back": _back(request), "name": request.POST.get("navn", "")[:200]}
    if form.is_valid():
        now, said = timezone.now(), form.cleaned_data
        name = said["navn"] or f"Forsendelse {dato_tid(now)}"
        told = {"name": name, "read": form.read(), "shown_at": said["vist"]}
        try:
            batch = batches.make_batch(said["letters"], by=user, at=now, **told)
        except PuljeError as refusal:
            context["refusal"] = refusal.sentence
        else:
            return redirect("letters:batch", batch.uuid)
    else:
        context["refusal"] = form.sentence()
    return render(request, "letters/batch_refused.html", context, status=422)


@require_POST
def remake(request: HttpRequest) -> HttpResponse:
    """Make these letters anew: today's date and facts, all the days; back to the list."""
    user = case_worker(request)
    form = PickedForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.sentence())
        return redirect(_back(request))
    try:
        found = actions.remake_many(form.cleaned_data["letters"], by=user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        count = "1 brev laves" if len(found) == 1 else f"{len(found)} breve laves"
        messages.success(request, f"{count} igen. De er klar om lidt og venter så på denne side.")
    return redirect(_back(request))


@require_safe
def batch(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it has come; 204 while a screen shows it as it stands."""
    user = case_worker(request)
    found = get_object_or_404(LetterBatch.objects.select_related("made_by", "paused_by"), uuid=uuid)
    progress = progress_of(found)
    is_polled = bool(request.headers.get("HX-Request"))
    if is_polled and request.GET.get("set") == progress.mark:
        return HttpResponse(status=204)
    rows = list(letters_of(found)[:MOST])
    hidden = hidden_from(user, [letter.application for letter in rows])
    context = {
        "batch": found,
        "progress": progress,
        "failures": queries_failed.count(),
        "letters": [letter for letter in rows if letter.application_id not in hidden],
        "is_shut_out": bool(hidden),
    }
    return render(request, f"letters/{'_batch' if is_polled else 'batch'}.html", context)


@require_POST
def steer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Pause, go on, or take back what has not left."""
    user = case_worker(request)
    found = get_object_or_404(LetterBatch, uuid=uuid)
    try:
        if told := _steered(found, request.POST.get("trin", ""), user):
            messages.success(request, told)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("letters:batch", found.uuid)


def _steered(found: LetterBatch, step: str, user: User) -> str:
    """What is not seen from the page itself."""
    now = timezone.now()
    if step == "pause":
        batches.pause(found, by=user, at=now)
        return ""
    if step == "fortsaet":
        count = batches.resume(found, by=user, at=now)
        why = "stoppet, da tjekket ikke længere går igennem,"
    elif step == "fortryd":
        count, why = batches.take_back(found, by=user, at=now), "taget tilbage"
    else:
        return "Der er ikke ændret noget."
    told = "1 brev er" if count == 1 else f"{count} breve er"
    return f"{told} {why} og venter igen på siden Breve." if count else ""


@require_http_methods(["GET", "POST"])
def together(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The letters that are ticked, else all that the filters find, as one zip or print file; noted
    down as a reading of each case."""
    user = case_worker(request)
    make_file, content_type = BUNDLES[kind]
    if request.method == "POST":
        form = PickedForm(request.POST)
        if not form.is_valid():
            context = {"back": _back(request), "name": "", "refusal": form.sentence()}
            return render(request, "letters/batch_refused.html", context, status=422)
        found = form.cleaned_data["letters"]
    else:
        found = letters_in(FilterForm(request.GET).wanted(), request.GET.get("forsendelse", ""))
    asked = list(found.select_related("application").order_by("application__number", "pk")[:MOST])
    hidden = hidden_from(user, [letter.application for letter in asked])
    shown = [one for one in asked if one.application_id not in hidden and one.sha256]
    if not shown:
        refusal = NONE_ON_PAPER if request.GET.get("kanal") == Channel.PRINT else NONE_TO_FETCH
        context = {"back": _back(request), "name": "", "refusal": refusal}
        return render(request, "letters/batch_refused.html", context, status=422)
    note_readings((one.application_id for one in shown), by=user, at=timezone.now())
    name = slugify(f"breve {timezone.localdate():%Y-%m-%d} {len(shown)}")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "private, no-store",
    }
    rows = Letter.objects.filter(pk__in=[one.pk for one in shown])
    rows = rows.order_by("application__number", "pk")
    return StreamingHttpResponse(make_file(rows), content_type=content_type, headers=headers)


def _back(request: HttpRequest) -> str:
    """Where one came from, among the letters' pages."""
    asked = request.POST.get("tilbage", request.GET.get("tilbage", ""))
    home = reverse("letters:all")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours and asked.startswith(home) else home
