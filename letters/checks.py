"""What `manage.py check` says of the letters' look: warnings, for a letter is made without it."""

from typing import Any

from django.core.checks import CheckMessage, Warning

from letters.rendering import look


def look_in_order(**_asked: Any) -> list[CheckMessage]:
    """A sentence for the logo and one for the colour, when they cannot be used."""
    return [Warning(sentence, id="letters.W001") for sentence in look.problems()]
