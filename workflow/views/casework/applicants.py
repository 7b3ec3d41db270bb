"""Applicants as the house sees them: the list, one with all its cases, two made into one."""

from collections.abc import Set
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from letters.models import Letter
from pulje.actions.applicant.merge import check_one_and_the_same, merge_applicants
from pulje.errors import PuljeError
from pulje.forms.applicant.applicants import ApplicantFilterForm, MergeForm
from pulje.models import Applicant, User
from pulje.permissions import hidden_from
from pulje.queries.applicant import applicants as read
from workflow.views.access import allow, may_do, told

PER_PAGE = 25
# heading, order, whether it is a number
COLUMNS = (
    ("Navn", "navn", False),
    ("Type", "", False),
    ("CVR-nr.", "", False),
    ("By", "by", False),
    ("Sager", "sager", True),
    ("Bevilget i alt", "bevilget", True),
)


@require_safe
def applicants(request: HttpRequest) -> HttpResponse:
    """Everybody who has applied, to search and sort."""
    allow(request.user, "see_case")
    filters = read.read_filters(request.GET)
    page = Paginator(read.listed(filters), PER_PAGE).get_page(request.GET.get("side"))
    context = {
        "form": ApplicantFilterForm({"q": filters.search, "type": filters.kind}),
        "filters": filters,
        "page": page,
        "rows": read.with_numbers(list(page), request.user),
        "columns": [_column(filters, *column) for column in COLUMNS],
        "is_filtered": bool(filters.query),
    }
    return render(request, "workflow/casework/applicants.html", context)


def _column(filters: read.Filters, name: str, order: str, is_number: bool) -> dict[str, Any]:
    """A heading; a second click on it turns the order around."""
    sort = {order: "ascending", f"-{order}": "descending"}.get(filters.order, "") if order else ""
    if is_number and sort:  # the largest first is what one asks for
        sort = "descending" if sort == "ascending" else "ascending"
    turned = f"-{order}" if order and filters.order == order else order
    return {"name": name, "order": turned, "sort": sort, "is_number": is_number}


@require_safe
def applicant(request: HttpRequest, pk: int) -> HttpResponse:
    """One applicant: data, people, cases, support by year, reports owed, possible doubles."""
    allow(request.user, "see_case")
    rows = Applicant.objects.select_related("board_confirmed_by", "person_number")
    found = get_object_or_404(rows.defer("person_number__sealed"), pk=pk)
    if found.merged_into_id is not None:
        return redirect("staff:applicant", found.merged_into_id)
    hidden = hidden_from(request.user, read.cases_of(found))
    years = read.years_of(found, hidden=hidden)
    context = {
        "applicant": found,
        "seats": read.seats_of(found),
        "page": Paginator(read.cases_of(found), PER_PAGE).get_page(request.GET.get("side")),
        "hidden": hidden,
        "years": years,
        "granted_kr": sum(year.granted_kr for year in years),
        "owed": read.reports_owed(found),
        "doubles": read.doubles_of(found),
        "merged": list(found.merged.order_by("merged_at", "pk")),
        "may_merge": may_do(request.user, "merge_applicants"),
        "may_correct": may_do(request.user, "correct_contact"),
        "failed": _failed(request.user, found, hidden),
        "may_reach": may_do(request.user, "write_person_number"),
        "today": timezone.localdate(),
    }
    return render(request, "workflow/casework/applicant_file.html", context)


def _failed(user: User, applicant: Applicant, hidden: Set[int]) -> int:
    """How many letters to them could not be sent, for those who can try again."""
    if not may_do(user, "approve_letter"):
        return 0
    failed = Letter.objects.failed().filter(application__applicant=applicant)
    return failed.exclude(application__in=hidden).count()


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other, see the two side by side, choose the one that stays."""
    allow(request.user, "merge_applicants")
    one = get_object_or_404(Applicant, pk=pk)
    said = request.POST if request.method == "POST" else request.GET
    key = said.get("med", "")
    other = Applicant.objects.filter(pk=int(key)).first() if _is_key(key) else None
    if one.merged_into_id is not None and request.method != "POST":
        return redirect("staff:applicant", one.merged_into_id)
    if other is None or other == one:
        return _find_other(request, one)
    form = MergeForm(request.POST if request.method == "POST" else None, one=one, other=other)
    if form.is_valid():
        keep, drop = form.chosen()
        try:
            merge_applicants(keep, drop, by=request.user, at=timezone.now())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, f"{drop.name} er lagt sammen med {keep.name}.")
            return redirect("staff:applicant", keep.pk)
    context = {"applicant": one, "other": other, "form": form, "sides": _sides(one, other)}
    context["why_not"] = _why_not(one, other)
    return render(request, "workflow/casework/merge.html", context)


def _find_other(request: HttpRequest, one: Applicant) -> HttpResponse:
    filters = read.read_filters({"q": request.GET.get("q", "")})
    found = read.listed(filters).exclude(pk=one.pk)[:PER_PAGE] if filters.search else []
    context = {
        "applicant": one,
        "search": filters.search,
        "rows": read.with_numbers(list(found), request.user),
        "doubles": read.doubles_of(one),
    }
    return render(request, "workflow/casework/merge_find.html", context)


def _sides(one: Applicant, other: Applicant) -> list[tuple[str, object, object]]:
    """The two side by side, with what goes along when the one is dropped."""
    first, second = (_side(row) for row in (one, other))
    return [(name, said, second[name]) for name, said in first.items()]


def _side(applicant: Applicant) -> dict[str, object]:
    moves = read.what_moves(applicant)
    return {
        "Type": applicant.get_kind_display(),
        "CVR-nr.": applicant.cvr,
        "Adresse": _address(applicant),
        "E-mail": applicant.email,
        "Telefon": applicant.phone,
        "Sager og kladder": moves["cases"],
        "Personer": moves["people"],
        "Ubesvarede invitationer": moves["invitations"],
    }


def _address(applicant: Applicant) -> str:
    place = f"{applicant.postcode} {applicant.town}".strip()
    return ", ".join(part for part in (applicant.street, place) if part)


def _why_not(one: Applicant, other: Applicant) -> str:
    """The sentence when they cannot be merged, whichever stays."""
    sentence = ""
    for keep, drop in ((one, other), (other, one)):
        try:
            check_one_and_the_same(keep, drop)
        except PuljeError as refusal:
            sentence = refusal.sentence
        else:
            return ""
    return sentence


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
