"""Field shapes that every table shares."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

NOTHING = Decimal("0.00")
GLUE = "/_.@-"  # PostgreSQL reads "referat.pdf", "børn/unge" and "-038" as one word, or as a number
LETTERS, BARE_LETTERS = "æøåäöéüÆØÅÄÖÉÜ", "eoaaoeueoaaoeu"
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def kr_field(*, null: bool = False, default: Decimal | None = None) -> models.DecimalField:
    """An amount in Danish kroner with øre, up to a billion."""
    if default is None:
        return models.DecimalField(max_digits=14, decimal_places=2, null=null, blank=null)
    return models.DecimalField(max_digits=14, decimal_places=2, default=default)


class Apart(models.Func):
    """The text with a space for each sign that glues words together, so each word can be found.

    Indexes are made of it: another sign in ``GLUE`` asks for a migration that makes them anew.
    """

    template = f"translate(%(expressions)s, '{GLUE}', '{' ' * len(GLUE)}')"
    output_field = models.TextField()


class Bare(models.Func):
    """The text with plain letters for Danish ones: PostgreSQL's trigrams may not know the others.

    Indexes are made of it, as of ``Apart``.
    """

    template = f"translate(%(expressions)s, '{LETTERS}', '{BARE_LETTERS}')"
    output_field = models.TextField()


class PhoneDigits(models.Func):
    """The last eight digits of a telephone number, however written; indexes are made of it."""

    template = "right(regexp_replace(%(expressions)s, '[^0-9]', '', 'g'), 8)"
    output_field = models.TextField()


def validate_cvr(value: str) -> None:
    """Refuse what cannot be a CVR number.

    Source: CVR-nummerets modulus 11-kontrol, weights 2,7,6,5,4,3,2,1 (domain.md C4).
    """
    digits = [int(c) for c in value if c in "0123456789"]
    if not len(value) == len(digits) == 8:
        sentence = _("%(value)s er ikke et CVR-nummer. Det er otte cifre – se dem på virk.dk.")
    elif sum(map(int.__mul__, CVR_WEIGHTS, digits)) % 11:
        sentence = _("%(value)s er ikke et CVR-nummer. Er to cifre byttet om? Se det på virk.dk.")
    else:
        return
    raise ValidationError(sentence, params={"value": value})


def is_cvr(value: str) -> bool:
    try:
        validate_cvr(value)
    except ValidationError:
        return False
    return True
