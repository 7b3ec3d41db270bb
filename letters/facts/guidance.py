"""The appeal guidance as a letter tells it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from letters.facts.pronouns import words
from pulje.enums import LegalBasis
from pulje.models import AppealGuidance


def guidance_told(g: AppealGuidance | None, basis: str, *, one: bool) -> dict[str, Any]:
    """The guidance as it stands; ``is_approved``: whether a letter with it may go at all."""
    return {
        "guidance": {
            "basis": str(LegalBasis(basis).label),
            "version": g.version if g else 0,
            "is_approved": bool(g and g.approved_at),
            "paragraphs": guidance_paragraphs(g.text, one=one) if g else [],
        }
    }


def guidance_paragraphs(text: str, *, one: bool) -> list[str]:
    """An appeal guidance with its fields filled in, a paragraph each."""
    told = _filled(text, words(one=one) | {"kontakt": settings.SITE["email"]})
    return [part.strip() for part in told.split("\n\n") if part.strip()]


def _filled(text: str, told: Mapping[str, str]) -> str:
    """Staff write this text: an unknown {word} stays, where format() would stop a decision."""
    for word, meaning in told.items():
        text = text.replace("{" + word + "}", meaning)
    return text
