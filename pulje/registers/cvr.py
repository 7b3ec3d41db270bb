"""Associations and companies by their CVR number. Which register is asked is a setting."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from pulje.errors import RegisterUnavailable
from pulje.models.fields import validate_cvr

ONE_DAY = 24 * 60 * 60
SENTENCE = _("CVR-registret svarer ikke lige nu. Skriv selv navn og adresse, og gå videre.")
Found = TypeVar("Found")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Company:
    """One unit of the register; ``is_active`` is False when it has ceased.

    ``form_code`` is CVR's own: 110 forening, 115 frivillig forening, 90 fond (domain.md C4).
    """

    cvr: str
    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""
    form_code: int = 0
    form: str = ""
    is_active: bool = True
    started_on: date | None = None


class CvrRegister(Protocol):
    """Where companies are looked up. Both raise RegisterUnavailable when it does not answer."""

    def look_up(self, cvr: str) -> Company | None: ...

    def search(self, name: str) -> list[Company]: ...


def day_in(text: object) -> date | None:
    """A day as the registers write it: 1999-03-04, or cvrapi.dk's 04/03 - 1999."""
    for form, length in (("%Y-%m-%d", 10), ("%d/%m - %Y", 12)):
        try:
            return datetime.strptime(str(text or "")[:length], form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def look_up(cvr: str) -> Company | None:
    """The company with that number, asked for once a day; None when there is none.

    Raises RegisterUnavailable, whose sentence asks to type it in by hand.
    """
    try:
        validate_cvr(cvr)
    except ValidationError:
        return None
    return _once_a_day(f"cvr:{cvr}", lambda: _register().look_up(cvr))


def search(name: str) -> list[Company]:
    """Companies whose name is like ``name``, best first; raises RegisterUnavailable."""
    wanted = " ".join(name.split()).lower()
    if not wanted:
        return []
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    return _once_a_day(f"cvr-name:{digest}", lambda: _register().search(wanted))


def _register() -> CvrRegister:
    register: CvrRegister = import_string(settings.CVR_REGISTER)()
    return register


def _once_a_day(key: str, ask: Callable[[], Found]) -> Found:
    """What was found earlier today, else ask; what was not found is asked for again."""
    found: Found | None = cache.get(key)
    if found is None:
        try:
            found = ask()
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # of another shape
            log.warning("register answers in an unknown shape: %r", type(error).__name__)
            raise RegisterUnavailable(str(SENTENCE)) from error
        if found:
            cache.set(key, found, ONE_DAY)
    return found  # None is what look_up may find
