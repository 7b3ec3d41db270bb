"""Filters of the letters: days and amounts come as JSON's text; a letter always says the year."""

from datetime import date, datetime

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe

from letters.rendering import look
from pulje.templatetags import words

register = template.Library()


@register.filter
def kr(amount: str) -> str:
    """Gives "25000.00" as "25.000 kr."."""
    return words.kr_text(amount)


@register.filter
def dato(day: str) -> str:
    """Gives "2027-01-14" as "14. januar 2027"; of a moment the day in Denmark."""
    when = datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
    return words.dato_aar(when)


@register.filter
def klok(moment: str) -> str:
    """Gives the time of a moment: "kl. 14.32"."""
    return words.tid(datetime.fromisoformat(moment))


@register.filter
def written(text: str) -> SafeString:
    """Paragraphs as somebody wrote them, each from the side its first letter asks for."""
    html = linebreaks(text, autoescape=True).replace("<p>", '<p dir="auto">')
    return mark_safe(html)  # noqa: S308 (escaped)


@register.simple_tag
def look_problems() -> list[str]:
    """What is wrong with the letters' logo and colour, for staff; `{% look_problems as x %}`."""
    return look.problems()
