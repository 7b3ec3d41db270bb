"""The way through a list, case by case."""

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import reverse
from django.utils.http import urlencode

from pulje.models import Application
from pulje.queries.casework.inbox import neighbours, read_filters
from workflow.way import came_from, way

register = template.Library()


@register.inclusion_tag("workflow/_case_steps.html", takes_context=True)
def case_steps(context: Context, case: Application) -> dict[str, Any]:
    """The cases beside this one in the list one came from; no query when one came from elsewhere.

    Never more than the list's keys are read, so it costs one query (two when it was searched).
    """
    request: HttpRequest = context["request"]
    query = came_from(request)
    if not query:
        return {}
    filters = read_filters(QueryDict(query))
    there = reverse("staff:inbox" if filters.folder else "staff:all_cases")
    return {
        "steps": neighbours(request.user, filters, case),
        "came_from": urlencode({"fra": filters.query}),
        "list_url": f"{there}?{filters.query}",
    }


@register.simple_tag(takes_context=True)
def list_way(context: Context, begins: str = "?") -> str:
    """What a link to another page of the case needs, so that the list is not lost; or nothing."""
    return way(context["request"], begins)
