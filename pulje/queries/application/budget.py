"""What a pool's rules say of a budget, in words: the rules themselves, and what breaks them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from pulje.enums import ExpenseCategory
from pulje.models import PoolVersion
from pulje.rules.budget import Bounds, Breach, Post, Rule, asked, breaches
from pulje.templatetags.words import kr_text


class BudgetRow(Protocol):
    """A budget line, saved or typed."""

    kind: str
    amount_kr: Decimal
    category: str
    funding_status: str


def bounds_of(version: PoolVersion) -> Bounds:
    """The version's limits; one query."""
    shares = version.line_rules.order_by("category").values_list("category", "max_percent")
    return Bounds(version.min_kr, version.ceiling_kr, version.own_share_percent, dict(shares))


def posts(rows: Iterable[BudgetRow]) -> list[Post]:
    """The lines as the rules read them."""
    return [Post(row.kind, row.amount_kr, row.category, row.funding_status) for row in rows]


def what_is_wrong(
    found: Sequence[Post], bounds: Bounds, requested: Decimal | None = None
) -> list[str]:
    """A sentence for every rule the budget breaks, with the figures; empty when it is good."""
    return [_sentence(breach) for breach in breaches(found, bounds, requested)]


def what_is_good(found: Sequence[Post], bounds: Bounds) -> str:
    """The sentence under a budget that breaks nothing."""
    ceiling, wanted = bounds.ceiling_kr, asked(found)
    if ceiling is None:
        return _("Budgettet går op.")
    if wanted == ceiling:
        return _("Budgettet går op, og beløbet er lige netop loftet på %s") % kr_text(ceiling)
    return _("Budgettet går op, og beløbet er under loftet på %s") % kr_text(ceiling)


def rules_in_words(bounds: Bounds) -> list[str]:
    """The pool's rules for a budget, told before anybody breaks them."""
    return list(_told(bounds))


def _told(bounds: Bounds) -> Iterator[str]:
    if bounds.ceiling_kr is not None:
        yield _("Puljen giver højst %s") % kr_text(bounds.ceiling_kr)
    if bounds.min_kr:
        yield _("Puljen giver mindst %s") % kr_text(bounds.min_kr)
    if bounds.own_share_percent:
        yield _("Mindst %s %% af udgifterne skal betales af andre penge end puljens.") % (
            bounds.own_share_percent
        )
    for category, percent in bounds.most_percent.items():
        said = {"percent": percent, "category": _named(category)}
        if percent:
            yield _("Højst %(percent)s %% af udgifterne må være %(category)s.") % said
        else:
            yield _("Puljen støtter ikke %(category)s.") % said


def _sentence(breach: Breach) -> str:
    said = {
        "allowed": kr_text(breach.allowed),
        "found": kr_text(breach.found),
        "percent": breach.percent,
        "category": _named(breach.category) if breach.category else "",
    }
    return _texts(breach) % said


def _texts(breach: Breach) -> str:
    if breach.rule == Rule.CATEGORY and not breach.percent:
        return _("Puljen støtter ikke %(category)s: %(found)s i budgettet. Tag udgiften ud.")
    if breach.rule == Rule.NOTHING_ASKED and breach.found < breach.allowed:
        return _("Skriv, hvor mange penge der søges om.")
    return {
        Rule.NO_EXPENSE: _("Skriv mindst én udgift i budgettet."),
        Rule.NOTHING_ASKED: _(
            "Pengene fra andre er %(found)s og dækker alle udgifter på %(allowed)s, så der er "
            "ikke noget at søge om."
        ),
        Rule.MINIMUM: _("Puljen giver mindst %(allowed)s, og der er søgt om %(found)s"),
        Rule.CEILING: _(
            "Puljen giver højst %(allowed)s, og der er søgt om %(found)s Sæt en udgift ned, "
            "eller skriv, hvem der betaler resten."
        ),
        Rule.UNCOVERED: _(
            "Budgettet går ikke op: Der mangler %(allowed)s for at dække udgifterne, og der er "
            "søgt om %(found)s Ret budgettet."
        ),
        Rule.OWN_SHARE: _(
            "Mindst %(percent)s %% af udgifterne skal betales af andre penge end puljens, her "
            "%(allowed)s I budgettet er der %(found)s"
        ),
        Rule.NO_CATEGORY: _("Vælg udgiftstype for alle udgifter. %(found)s mangler en."),
        Rule.CATEGORY: _(
            "Højst %(percent)s %% af udgifterne må være %(category)s, her %(allowed)s "
            "I budgettet er der %(found)s"
        ),
    }[breach.rule]


def _named(category: str) -> str:
    return str(ExpenseCategory(category).label).lower()
