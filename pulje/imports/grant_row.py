"""What a row becomes: a grant that can be registered, or a refusal with its reason."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pulje.enums import ApplicantKind


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
class GrantRow:
    """One earlier grant, clean. An amount of None is not known."""

    line: int
    identity: str
    applicant_key: str  # rows with the same key have the same applicant
    applicant_kind: ApplicantKind
    applicant_name: str
    cvr: str
    street: str
    postcode: str
    town: str
    email: str
    title: str
    description: str
    scheme: str
    applied_kr: Decimal | None
    awarded_kr: Decimal | None
    received_on: date | None
    decided_on: date | None
    starts_on: date | None
    ends_on: date | None
    year: int | None
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
