"""What a row becomes: a grant that can be registered, or a refusal with its reason."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pulje.actions.application.imported import PastGrant


class Purpose(StrEnum):
    """What the rows of a file become."""

    HISTORY = "history"
    APPLICATIONS = "applications"


class Flag(StrEnum):
    """What a row was imported in spite of."""

    MORE_THAN_APPLIED = "der er bevilget mere end ansøgt"
    APPLIED_UNKNOWN = "det ansøgte beløb er ukendt"
    AWARDED_UNKNOWN = "det bevilgede beløb er ukendt"
    BAD_CVR = "CVR-nummeret kan ikke være rigtigt og er udeladt"
    REPEATED = "rækken ligner en tidligere række i filen"
    SHORTENED = "en tekst er forkortet"
    SIGN_REPLACED = "et tegn kan ikke gemmes og er udskiftet"


@dataclass(frozen=True)
class GrantRow(PastGrant):
    """A grant with the line it stood in and what was odd about it."""

    line: int = 0
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A row that is not imported, why, and what of its money could be read."""

    line: int
    reason: str
    itself: object
    identity: str = ""
    applied_kr: Decimal | None = None
    awarded_kr: Decimal | None = None
