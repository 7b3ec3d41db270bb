"""A mail as it leaves: one text, told as plain text and as HTML, so that the two never differ.

The HTML is made of the text: its paragraphs are paragraphs, and a line that is an address of ours
becomes a link in words. What somebody wrote is escaped, and no other address becomes a link.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

FRAME = "mails/frame.html"
ENGLISH = "In English: "  # how the one paragraph begins that is not Danish


@dataclass(frozen=True)
class Line:
    """A line of a paragraph; with ``url`` a link that says what it does."""

    text: str
    url: str = ""

    @property
    def is_english(self) -> bool:
        return self.text.startswith(ENGLISH)


def message(
    *,
    to: str,
    subject: str,
    template: str,
    told: Mapping[str, Any],
    links: Mapping[str, str],
    headers: Mapping[str, str],
) -> EmailMultiAlternatives:
    """The mail from a template in mails/. ``links``: address -> what the link says.

    From, Date and our own Message-ID stand in every mail, as DKIM signs them; a program that
    answers by itself sees Auto-Submitted and keeps still (RFC 3834).
    """
    text, number = render_to_string(template, dict(told)).strip() + "\n", told.get("number", "")
    shown = {
        "subject": subject,
        "heading": _whole(subject, number),
        "paragraphs": [
            [Line(_whole(line.text, number), line.url) for line in part]
            for part in paragraphs(text, links)
        ],
        "site": told["site"],
    }
    made = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **headers},
    )
    made.attach_alternative(render_to_string(FRAME, shown), "text/html")
    return made


def paragraphs(text: str, links: Mapping[str, str]) -> list[list[Line]]:
    """The text's paragraphs, each with its lines."""
    return [
        [Line(links[line], line) if line in links else Line(line) for line in part.splitlines()]
        for part in text.strip().split("\n\n")
    ]


def _whole(text: str, number: str) -> SafeString:
    """The text, escaped, where a line never breaks within the case's number."""
    if not number:
        return escape(text)
    whole = format_html('<span style="white-space: nowrap">{}</span>', number)
    return mark_safe(escape(text).replace(escape(number), whole))  # noqa: S308 (escaped)
