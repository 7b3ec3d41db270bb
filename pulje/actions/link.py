"""Links we mail: the id of a row, signed for one purpose. Nothing secret is stored."""

from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken

SALT = "pulje.link"


def make_token(purpose: str, pk: int) -> str:
    """A token for the address of a mailed link; good for this purpose and no other."""
    return signing.dumps(pk, salt=f"{SALT}.{purpose}")


def read_token(purpose: str, token: str, max_age: timedelta | None = None) -> int:
    """The id a mailed link carries.

    Raises RuleBroken when the token is not ours, was made for another purpose or is older than
    ``max_age``.
    """
    try:
        pk: int = signing.loads(token, salt=f"{SALT}.{purpose}", max_age=max_age)
    except signing.SignatureExpired as error:
        raise RuleBroken(_("Linket er for gammelt. Bed om at få sendt et nyt.")) from error
    except signing.BadSignature as error:
        raise RuleBroken(
            _("Linket virker ikke. Måske er det ikke kommet helt med fra mailen. Kopiér det hele.")
        ) from error
    return pk
