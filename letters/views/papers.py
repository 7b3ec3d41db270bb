"""The letters' page for case workers, and a letter as a PDF or pictures for those who may."""

from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from letters import actions
from letters.access import case_worker, check_person, check_reader
from letters.forms.batch import FilterForm
from letters.kinds.registry import Receipt
from letters.models import Letter, Paper
from letters.queries import batches as queries_batches
from letters.queries import failed as queries_failed
from letters.queries.waiting import (
    Page,
    Row,
    Standing,
    Wanted,
    order_of,
    page_of,
    readable,
    rows_of,
)
from letters.questions import facts_of, version_shown
from pulje.exports.preview import PAGE_TYPE, Drawn, page_of_pdf
from pulje.models import PoolVersion, User
from pulje.templatetags.pulje import SOON_DAYS
from pulje.templatetags.words import dato, days_until

PATIENCE_SECONDS, ASKED_SECONDS = 4, 120
# these are told apart by the gate alone: the whole list must be asked about
GATED = (Standing.READY.code, Standing.CHECK.code, Standing.HELD.code)
PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Pick, check, preview and send: what waits for a person, and what was sent before."""
    user = case_worker(request)
    form = FilterForm(request.GET or None)
    wanted = form.wanted()
    if request.headers.get("HX-Request") and wanted.status not in GATED:
        return render(request, "letters/_preview.html", _beside(request, wanted, user))
    page = page_of(wanted, user)
    first = next((row.letter.uuid for row in page.rows if row.may_pick), "")
    shown = _place(request, [row.letter.uuid for row in page.rows], str(first))
    row = None if shown is None else page.rows[shown]
    context = _seen([row.letter.uuid for row in page.rows], shown, row) | {"page": page}
    if request.headers.get("HX-Request"):
        return render(request, "letters/_preview.html", context)
    rest: dict[str, Any] = {
        "title": heading_of(wanted),
        "name": heading_of(wanted) if wanted.meeting or wanted.round else "",
        "form": form,
        "is_narrowed": wanted != Wanted(),
        "is_open": wanted != Wanted(meeting=wanted.meeting, round=wanted.round),
        "is_to_do": wanted.status not in (Standing.MOVING.code, Standing.SENT.code),
        "may_send": any(row.may_pick for row in page.rows),
        "failures": queries_failed.count(),
        "batches": [] if wanted.meeting or wanted.round else queries_batches.newest(),
        "counts": {one.name: page.counts.get(one, 0) for one in Standing},
    } | _nearness(page)
    return render(request, "letters/page.html", context | rest)


def _nearness(page: Page) -> dict[str, bool]:
    days = days_until(page.promised_on) if page.promised_on else SOON_DAYS + 1
    return {"is_late": days < 0, "is_soon": 0 <= days <= SOON_DAYS}


def heading_of(wanted: Wanted) -> str:
    """What the list is a list of; of a meeting or a pool also the name of what is sent from it."""
    if wanted.meeting is not None:
        return f"Breve efter mødet {dato(wanted.meeting.held_at)}"
    if wanted.round is not None:
        return f"Breve i {wanted.round.pool.name} {wanted.round.pool.year}"
    return {"sendt": "Sendte breve", "paa-vej": "Breve på vej", "fejl": "Breve med fejl"}.get(
        wanted.status, "Breve, der venter"
    )


def _beside(request: HttpRequest, wanted: Wanted, user: User) -> dict[str, Any]:
    """Only the letter pointed at is asked about; of the others, the order."""
    uuids = order_of(wanted)
    place = _place(request, uuids)
    if place is None:
        return _seen(uuids, None, None)
    letters = readable().filter(uuid=uuids[place]).order_by("pk")
    return _seen(uuids, place, next(rows_of(letters, user), None))


def _place(request: HttpRequest, uuids: Sequence[UUID], else_at: str = "") -> int | None:
    """Of the letter pointed at, else of the one given, else of the first."""
    asked = request.GET.get("brev") or else_at
    places = (n for n, uuid in enumerate(uuids) if str(uuid) == asked)
    return next(places, 0 if uuids else None)


def _seen(uuids: Sequence[UUID], place: int | None, row: Row | None) -> dict[str, Any]:
    """The preview beside the list: the letter's pages as pictures, and its neighbours."""
    if place is None or row is None:
        return {"row": None}
    return {
        "row": row,
        "pages": range(1, _drawn(row, 1).pages + 1),
        "before": uuids[place - 1] if place else None,
        "after": uuids[place + 1] if place + 1 < len(uuids) else None,
        "place": place + 1,
        "count": len(uuids),
    }


def _drawn(row: Row, number: int) -> Drawn:
    if row.is_hidden or not row.letter.sha256:
        return Drawn()
    return _page_of(row.letter, number)


def _page_of(letter: Letter, number: int) -> Drawn:
    """The page; the PDF is read only when it has not been drawn lately."""
    return page_of_pdf(letter.sha256, lambda: bytes(Paper.objects.get(pk=letter.pk).pdf), number)


@require_safe
def picture(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """A page of a letter as pixels, for those who may open it."""
    rows = Letter.objects.select_related("application", "paper").defer("facts", "paper__pdf")
    letter = get_object_or_404(rows, uuid=uuid)
    if check_reader(request, letter) and letter.opened_at is None:
        raise Http404  # its pages are shown to the house; who it is written to opens it first
    drawn = _page_of(letter, number)
    if not drawn.picture or number > drawn.pages:
        raise Http404
    headers = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(drawn.picture, content_type=PAGE_TYPE, headers=headers)


@require_safe
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF, for the house and, once sent, for those it is written to; `?hent` downloads.

    A GET writes nothing: to who comes straight to an unread letter it is a button (views/read.py).
    """
    letter = get_object_or_404(Letter.objects.select_related("application", "paper"), uuid=uuid)
    if check_reader(request, letter) and letter.opened_at is None:
        return render(request, "papers/unopened.html", {"letter": letter})
    title = slugify(letter.title.casefold().translate(PLAIN))
    return _pdf(request, letter.paper.pdf, f"{title}-{letter.application.number}.pdf")


@require_safe
def application_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as it was sent; made by a worker some seconds after, till then a page."""
    receipts = Letter.objects.filter(application=pk, kind=Receipt.code).order_by("pk")
    receipt = receipts.select_related("application", "enclosure").defer("facts").first()
    if receipt is None:
        raise Http404
    is_theirs = check_person(request, receipt.application)
    if not hasattr(receipt, "enclosure"):
        context = {"base": "base.html" if is_theirs else "base_staff.html"}
        return render(request, "papers/wait.html", context, status=202)
    return _pdf(request, receipt.enclosure.pdf, f"ansoegning-{receipt.application.number}.pdf")


@login_not_required
@require_safe
def questions_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """A pool's questions to print. The first to ask after a change waits a moment for a worker."""
    now = timezone.now()
    version = version_shown(slug, now)
    if version is None:
        raise Http404
    key = actions.questions_key(facts_of(version, now))
    found = cache.get(key) or _asked_for(version, key)
    if found is None:
        return render(request, "papers/wait.html", {"base": "base.html"}, status=202)
    headers = {"Content-Disposition": f'inline; filename="spoergsmaal-{slug}.pdf"'}
    return HttpResponse(found, content_type="application/pdf", headers=headers)


def _asked_for(version: PoolVersion, key: str) -> bytes | None:
    """Have the paper made, once for all who ask now; None when it takes longer than PATIENCE."""
    if cache.add(f"{key}:asked", True, ASKED_SECONDS):
        current_app.send_task("letters.tasks.make_questions", [version.pk], expires=ASKED_SECONDS)
    end = monotonic() + PATIENCE_SECONDS
    while monotonic() < end:
        sleep(0.1)
        found: bytes | None = cache.get(key)
        if found:
            return found
    return None


def _pdf(request: HttpRequest, pdf: bytes, name: str) -> HttpResponse:
    how = "attachment" if "hent" in request.GET else "inline"
    return HttpResponse(
        bytes(pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'{how}; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
