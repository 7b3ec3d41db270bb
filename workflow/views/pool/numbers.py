"""Pools in numbers: all pools, one pool and its rounds, the statistics of all years."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.models import Meeting, Pool, Round
from pulje.models.application import ApplicationQuerySet
from pulje.permissions import hidden_from
from pulje.queries.pool import dashboard, periods
from pulje.queries.pool import statistics as read
from pulje.queries.pool.money import money_of
from pulje.queries.pool.statistics import Numbers, Scope
from pulje.templatetags.words import dato
from workflow.views.access import allow, may_do

PER_PAGE = 25
TOWNS = 8
WHOLE_POOL = "alle"


@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """Every pool, newest year first: status, money, cases by state, what is late."""
    if not may_do(request.user, "edit_pool"):  # an administrator sets up, and sees no case
        allow(request.user, "see_case")
    years = dashboard.years()
    year = _year(request, years)
    context = {
        "pools": dashboard.overview(timezone.now(), year=year),
        "years": years,
        "year": year,
        "may_see": may_do(request.user, "see_case"),
        "may_edit": may_do(request.user, "edit_pool"),
        "may_share_out": may_do(request.user, "make_scenario"),
    }
    return render(request, "workflow/pool/pools.html", context)


@require_safe
def pool(request: HttpRequest, slug: str) -> HttpResponse:
    """One round of a pool: frame, key figures, charts, cases and how long they took."""
    allow(request.user, "see_case")
    shown = get_object_or_404(Pool.objects.select_related("committee"), slug=slug)
    rounds = list(shown.rounds.order_by("number"))
    round = _round(request, rounds)
    period = periods.period_of(round)
    cases = dashboard.cases_of(shown, round)
    hidden = hidden_from(request.user, cases)
    scope = Scope((shown.pk,), round.pk if round else None, frozenset(hidden))
    numbers = read.count(scope, period=period)
    speed, _by_pool = read.speed(scope, timezone.localdate())
    money = money_of([shown])[shown.pk]
    context = {
        "pool": shown,
        "status": dashboard.pool_status(shown, rounds, timezone.now()),
        "rounds": rounds,
        "round": round,
        "where": round.name.lower() if round and len(rounds) > 1 else "puljen",
        "numbers": numbers,
        "towns": read.gathered(numbers.towns, TOWNS, "Andre byer"),
        "kr_words": _kr_words(numbers.total),
        "speed": speed,
        "promised": _promised(shown, round),
        "money": money,
        "set_aside_kr": dashboard.set_aside(rounds, round, money.frame_kr),
        "page": _page(request, cases, numbers),
        "hidden": hidden,
        "meeting": _next_meeting(shown),
        **_columns(numbers, round, period),
        "may_edit": may_do(request.user, "edit_pool"),
        "may_share_out": may_do(request.user, "make_scenario"),
        "may_prepare": may_do(request.user, "prepare_meeting"),
    }
    return render(request, "workflow/pool/pool.html", context)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The same numbers over all pools and years, or some of them; made to be printed."""
    allow(request.user, "see_case")
    return render(request, "workflow/pool/numbers.html", statistics_of(request))


def statistics_of(request: HttpRequest) -> dict[str, Any]:
    """The statistics of the years and the pool the address asks for; test pools are left out."""
    known = list(Pool.objects.filter(is_test=False).order_by("-year", "name"))
    years = list(dict.fromkeys(pool.year for pool in known))
    codes = {pool.code: pool.name for pool in known}
    year, code = _year(request, years), request.GET.get("pulje", "")
    code = code if code in codes else ""
    chosen = [p for p in known if year in (None, p.year) and code in ("", p.code)]
    scope = Scope(tuple(pool.pk for pool in chosen))
    found = read.count(scope, period="month")
    speed, by_pool = read.speed(scope, timezone.localdate())
    rows = [
        (pool, replace(found.pools.get(pool.pk, read.Line("")), name=f"{pool.name} {pool.year}"))
        for pool in chosen
    ]
    return {
        "years": years,
        "year": year,
        "codes": codes,
        "code": code,
        "code_name": codes.get(code, ""),
        "numbers": found,
        "towns": read.gathered(found.towns, TOWNS, "Andre byer"),
        "kr_words": _kr_words(found.total),
        "speed": speed,
        "pools": [(pool, line, by_pool.get(pool.pk, read.Speed())) for pool, line in rows],
        "by_year": _by_year(rows) if year is None else [],
        "today": timezone.localdate(),
    }


def _kr_words(total: read.Line) -> str:
    """What the bars show: "Søgt og indstillet"."""
    words = ["indstillet"] if total.recommended_kr else []
    words += ["bevilget"] if total.granted_kr else []
    return " og ".join(["Søgt", *words]) if len(words) < 2 else "Søgt, indstillet og bevilget"


def _by_year(rows: list[tuple[Pool, read.Line]]) -> list[read.Line]:
    years = dict.fromkeys(pool.year for pool, _line in rows)
    return [
        read.summed(str(year), [line for pool, line in rows if pool.year == year]) for year in years
    ]


def _year(request: HttpRequest, years: list[int]) -> int | None:
    """The year the address names, if there are pools of it; None is all."""
    return next((year for year in years if str(year) == request.GET.get("aar")), None)


def _round(request: HttpRequest, rounds: list[Round]) -> Round | None:
    """The round the address names, else the last that has opened; None is the whole pool."""
    said = request.GET.get("runde", "")
    if said == WHOLE_POOL or not rounds:
        return None
    named = [round for round in rounds if str(round.number) == said]
    begun = [round for round in rounds if round.opens_at <= timezone.now()]
    return (named or begun[-1:] or rounds[:1])[0]


def _page(request: HttpRequest, cases: ApplicationQuerySet, numbers: Numbers) -> Page:
    """The cases are counted already."""
    pages = Paginator(cases, PER_PAGE)
    pages.count = numbers.total.cases
    return pages.get_page(request.GET.get("side"))


def _columns(numbers: Numbers, round: Round | None, period: str) -> Mapping[str, object]:
    if round is None or round.closes_at is None or period == "month":
        return {"columns": periods.by_month(numbers.periods), "period": "måned", "mark": ""}
    closes_on = timezone.localdate(round.closes_at)
    columns = periods.by_week(numbers.periods, closes_on, timezone.localdate())
    return {
        "columns": columns,
        "period": "uge",
        "mark": f"frist {dato(closes_on)}" if columns.mark_after else "",
    }


def _promised(pool: Pool, round: Round | None) -> str:
    """What applicants were told about when they get an answer."""
    if round is not None and round.answer_on and round.closes_at:
        return f"lovet: {(round.answer_on - timezone.localdate(round.closes_at)).days} dage"
    version = pool.versions.order_by("-number").first()
    return f"lovet: {version.answer_working_days} hverdage" if version else ""


def _next_meeting(pool: Pool) -> Meeting | None:
    """The committee's next meeting, if it is planned."""
    meetings = Meeting.objects.filter(committee=pool.committee_id, held_at__gte=timezone.now())
    return meetings.order_by("held_at", "pk").first()
