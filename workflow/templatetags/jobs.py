"""The bar of what may be done to many cases, and the line that says work is going on."""

from typing import Any

from django import template
from django.template import Context

from pulje.queries.job import running_of
from workflow.job_actions import JobAction, offered_to

register = template.Library()


@register.simple_tag(takes_context=True)
def job_actions(context: Context) -> list[tuple[str, JobAction]]:
    """What the person may do to the cases they tick; no query."""
    return offered_to(context["request"].user)


@register.inclusion_tag("workflow/_running.html", takes_context=True)
def running_job(context: Context) -> dict[str, Any]:
    """One line while work of one's own goes on: one query."""
    return {"job": running_of(context["request"].user)}
