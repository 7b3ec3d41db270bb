"""The tabs of a case beside its own page: all its papers, and its whole journal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pulje.exports.table import csv_response
from pulje.queries.casework import journal as read
from workflow import documents as papers
from workflow.post import post_of
from workflow.views.access import may_do
from workflow.views.opened import free_case, open_case

NEWEST = 5  # exports shown


@require_safe
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything in and out, filtered and sorted by what stands in the address."""
    case, _standing = open_case(request, pk)
    context = {
        "case": case,
        "tab": "documents",
        "papers": papers.documents_of(case, **_chosen(request)),
        "directions": papers.DIRECTIONS.items(),
        "orders": papers.ORDERS.items(),
        "exports": case.exports.order_by("-pk")[:NEWEST],
        "has_esdh": bool(settings.ESDH_ADAPTER),
        "may_read_letters": may_do(request.user, "see_letters"),
        **_chosen(request),
    }
    return render(request, "workflow/casework/documents.html", context)


@require_safe
def documents_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list as a public register has it: nothing internal or exempt, no file's own name."""
    case, _standing = free_case(request, pk)
    found = papers.documents_of(case, order="aeldste")
    rows = [
        (paper.at, paper.direction_name, paper.kind, paper.title)
        for paper in found
        if paper.direction != papers.INTERNAL and not paper.is_exempt
    ]
    return csv_response(f"dokumenter-{case.number}", ("Dato", "Retning", "Art", "Titel"), rows)


@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """Letters and mails in the case, to whom, and whether they arrived."""
    case, _standing = open_case(request, pk)
    context = {
        "case": case,
        "tab": "post",
        "lines": post_of(case),
        "may_retry": may_do(request.user, "approve_letter"),
    }
    return render(request, "workflow/casework/post.html", context)


@require_safe
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what and who saw what, the newest first."""
    case, _standing = open_case(request, pk)
    context = {
        "case": case,
        "tab": "journal",
        "lines": read.lines_of(case, _kind(request)),
        "kinds": read.KINDS.items(),
        "kind": _kind(request),
    }
    return render(request, "workflow/casework/journal.html", context)


@require_safe
def journal_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The lines of the journal's page as a file."""
    case, _standing = free_case(request, pk)
    rows = [
        (line.at, line.words, line.who, read.KINDS[line.kind])
        for line in read.lines_of(case, _kind(request))
    ]
    headings = ("Tidspunkt", "Hændelse", "Hvem", "Art")
    return csv_response(f"journal-{case.number}", headings, rows)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What the address asks for, as far as it is there."""
    direction, order = request.GET.get("vis", ""), request.GET.get("orden", "")
    return {
        "direction": direction if direction in papers.DIRECTIONS else "",
        "order": order if order in papers.ORDERS else "nyeste",
    }


def _kind(request: HttpRequest) -> str:
    kind = request.GET.get("vis", "")
    return kind if kind in read.KINDS else ""
