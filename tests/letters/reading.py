"""Letters as somebody has them on the screen now."""

from collections.abc import Iterable

from django.utils import timezone

from letters import actions
from letters.models import Letter
from pulje.models import User


def read(letters: Iterable[Letter]) -> dict[int, str]:
    """The sha256 of each letter's paper, by its id: what an approval must say it is about."""
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    return dict(rows.values_list("pk", "sha256"))


def approve(letter: Letter, by: User) -> None:
    """Read and let go."""
    actions.approve([letter], by=by, at=timezone.now(), read=read([letter]))


def ticked(letters: Iterable[Letter]) -> list[str]:
    """The letters as a form posts them: "id:sha256"."""
    return [f"{pk}:{sha256}" for pk, sha256 in sorted(read(letters).items())]
