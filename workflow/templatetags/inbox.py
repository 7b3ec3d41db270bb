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


def _came_from(request: HttpRequest) -> str:
    """The list's query: of this address, or of this page before something was done on it."""
    if "fra" in request.GET:
        return request.GET["fra"]
    before = urlsplit(request.headers.get("Referer", ""))
    is_here = before.netloc == request.get_host() and before.path == request.path
    return QueryDict(before.query).get("fra", "") if is_here else ""
