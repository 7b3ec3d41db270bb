"""The way through a list, case by case."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode

from pulje.models import Application
from pulje.queries.inbox import neighbours, read_filters

register = template.Library()


@register.inclusion_tag("workflow/_case_steps.html", takes_context=True)
def case_steps(context: Context, case: Application) -> dict[str, Any]:
    """The cases beside this one in the list one came from; no query when one came from elsewhere.

    Never more than the list's keys are read, so it costs one query (two when it was searched).
    """
    request: HttpRequest = context["request"]
    came_from = _came_from(request)
    if not came_from:
        return {}
    filters = read_filters(QueryDict(came_from))
    there = reverse("staff:inbox" if filters.folder else "staff:all_cases")
    return {
        "steps": neighbours(request.user, filters, case),
        "came_from": urlencode({"fra": filters.query}),
        "list_url": f"{there}?{filters.query}",
    }


@register.simple_tag(takes_context=True)
def list_way(context: Context, begins: str = "?") -> str:
    """What a link to another page of the case needs, so that the list is not lost; or nothing."""
    came_from = _came_from(context["request"])
    return begins + urlencode({"fra": came_from}) if came_from else ""


def _came_from(request: HttpRequest) -> str:
    """The list's query: of this address, or of the case's page before, where something was done."""
    if "fra" in request.GET:
        return request.GET["fra"]
    before = urlsplit(request.headers.get("Referer", ""))
    is_ours = before.netloc == request.get_host()
    is_here = is_ours and _case_of(before.path) == _case_of(request.path)
    return QueryDict(before.query).get("fra", "") if is_here else ""


def _case_of(path: str) -> list[str]:
    """The beginning that all pages of one case share: /sag/7."""
    return path.split("/")[:3]
