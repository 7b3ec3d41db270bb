"""The switch between Danish and English: `{% load language %}{% language_switch %}`."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.translation import get_language

register = template.Library()


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """A button to the other language; none for those who work here, who read Danish."""
    request = context.get("request")
    if request is None or getattr(getattr(request, "user", None), "is_internal", False):
        return {}
    other, name = next(pair for pair in settings.LANGUAGES if pair[0] != get_language())
    is_form = request.method == "POST"  # a page that is the answer to a form is not fetched again
    return {
        "language": other,
        "name": name,
        "next": request.path if is_form else request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
