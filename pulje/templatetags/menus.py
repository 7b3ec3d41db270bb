"""The menu of each audience and everybody's first page.

Paths, not names: this package does not know the pages of workflow and letters.
"""

from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_noop as N_

from pulje.enums import Role
from pulje.models import User


@dataclass(frozen=True)
class Item:
    """One menu entry; ``roles`` empty means everybody."""

    path: str
    text: str
    roles: frozenset[Role] = frozenset()
    is_current: bool = False


CASES = frozenset({Role.CASE_WORKER, Role.LEADER})
MONEY = CASES | {Role.FINANCE}
POOLS = MONEY | {Role.ADMINISTRATOR}
MEETINGS = frozenset({Role.SECRETARY, Role.COMMITTEE_MEMBER})

MENUS: dict[str, tuple[Item, ...]] = {
    "public": (
        Item("/", N_("Find en pulje")),
        Item("/ansoeg/", N_("Mine ansøgninger")),
        Item("/det-har-vi-stoettet/", N_("Det har vi støttet")),
        Item("/moeder/", N_("Møder")),
        Item("/hjem/", N_("Mit arbejde"), frozenset(Role)),
    ),
    "staff": (
        Item("/sag/", "Min indbakke", MONEY),
        Item("/sag/alle/", "Alle sager", MONEY),
        Item("/sag/ansoegere/", "Ansøgere", MONEY),
        Item("/sag/puljer/", "Puljer", POOLS),
        Item("/sag/tal/", "Tal", MONEY),
        Item("/udvalg/", "Møder", CASES | MEETINGS),
        Item("/udvalg/udvalg/", "Udvalg", frozenset({Role.ADMINISTRATOR})),
        Item("/brev/", "Breve", CASES),
        Item("/udbetaling/", "Udbetalinger", MONEY),
        Item("/sag/mine-poster/", "Mine poster", MONEY | MEETINGS),
    ),
    "committee": (
        Item("/udvalg/naeste/", "Næste møde"),
        Item("/udvalg/tidligere/", "Tidligere møder"),
        Item("/", "Puljer"),
        Item("/sag/mine-poster/", "Mine poster"),
    ),
}
FIRST_PAGE: tuple[tuple[frozenset[Role], str], ...] = (
    (CASES, "/sag/"),
    (frozenset({Role.FINANCE}), "/udbetaling/"),
    (MEETINGS, "/udvalg/"),
    (frozenset({Role.ADMINISTRATOR}), "/admin/"),
)


def items_for(audience: str, user: User | AnonymousUser, path: str) -> list[Item]:
    """The entries ``user`` may use; the longest that begins ``path`` is the current one."""
    roles = set(getattr(user, "roles", ()))
    items = [item for item in MENUS[audience] if not item.roles or roles & item.roles]
    matches = [
        item.path
        for item in items
        if path == item.path or (item.path != "/" and path.startswith(item.path))
    ]
    current = max(matches, key=len, default=None)
    if current is None and audience == "public" and path.startswith("/pulje/"):
        current = "/"
    if current is None and audience == "committee" and path.startswith("/udvalg/moede/"):
        current = "/udvalg/naeste/"
    return [replace(item, is_current=item.path == current) for item in items]


def first_page(user: User | AnonymousUser) -> str:
    """Where somebody lands after log-in: their work, or the applicant's own list."""
    held = set(getattr(user, "roles", ()))
    for roles, path in FIRST_PAGE:
        if roles & held:
            return path
    return "/ansoeg/"
