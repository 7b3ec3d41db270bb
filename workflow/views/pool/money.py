"""A pool's frame: raised, lowered and moved, with a reason; every line of its money."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pulje.actions import ledger as actions
from pulje.errors import PuljeError
from pulje.forms.pool.new import FrameForm, TransferForm
from pulje.models import Pool
from pulje.queries.pool.money import frame_lines, money_of
from workflow.views.access import may_do, told
from workflow.views.pool.setup import version_or_404

PER_PAGE = 50
DONE = {"ramme": "Rammen er ændret.", "flyt": "Pengene er flyttet."}
AGAIN = "Det er allerede gjort. Rammen er ikke ændret igen."


def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Raise or lower the frame."""
    return _page(request, slug, posted="ramme")


def transfer(request: HttpRequest, slug: str) -> HttpResponse:
    """Move frame to another pool."""
    return _page(request, slug, posted="flyt")


def _page(request: HttpRequest, slug: str, *, posted: str) -> HttpResponse:
    pool = version_or_404(request, slug).pool
    others = list(
        Pool.objects.filter(is_test=pool.is_test, year__gte=pool.year)
        .exclude(pk=pool.pk)
        .order_by("-year", "name", "pk")
    )
    key = {"key": uuid.uuid4()}
    typed: dict[str, Any] = {posted: request.POST} if request.method == "POST" else {}
    frame_form = FrameForm(typed.get("ramme"), initial=key, auto_id="ramme_%s")
    move_form = TransferForm(typed.get("flyt"), initial=key, pools=others, auto_id="flyt_%s")
    form: FrameForm | TransferForm = frame_form if posted == "ramme" else move_form
    if form.is_valid():
        do = actions.set_frame if posted == "ramme" else actions.transfer
        try:
            done = do(pool, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, DONE[posted] if done else AGAIN)
            return redirect("staff:pool_frame", slug)
    context = {
        "pool": pool,
        "money": money_of([pool])[pool.pk],
        "page": Paginator(frame_lines(pool), PER_PAGE).get_page(request.GET.get("side")),
        "form": frame_form,
        "move_form": move_form,
        "others": others,
        "may_frame": may_do(request.user, "set_frame"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workflow/pool/frame.html", context, status=status)
