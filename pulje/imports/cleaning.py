"""From a row as it stood to a grant, or the reason why not. The stated treatments live here."""

import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from pulje.enums import ApplicantKind
from pulje.imports.amounts import NotKnown, Unreadable, read_amount
from pulje.imports.dates import NoDate, read_date, read_year
from pulje.imports.grant_row import Flag, GrantRow, Purpose, Refusal
from pulje.imports.mapfile import Empty, ImportMap, Repeated
from pulje.imports.rawrow import RawRow
from pulje.models.fields import validate_cvr

NOTHING = Decimal("0.00")
LONGEST_IDENTITY = 100
LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
_SPLIT = "\x1f"
_NOT_STORABLE = re.compile(r"[\x00\ud800-\udfff]")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]")
_NAMES = {
    "applied": "Det ansøgte beløb",
    "awarded": "Det bevilgede beløb",
    "received": "Modtagelsesdatoen",
    "decided": "Afgørelsesdatoen",
    "starts": "Startdatoen",
    "ends": "Slutdatoen",
}


class Refused(Exception):
    """Ends the cleaning of one row; the message is the reason, a Danish sentence."""


class Cleaner:
    """Judges the rows of one file in order and remembers the identities it has seen."""

    def __init__(self, plan: ImportMap, purpose: Purpose) -> None:
        self.plan, self.purpose = plan, purpose
        self.seen: Counter[str] = Counter()
        self.first_line: dict[str, int] = {}

    def clean(self, raw: RawRow) -> GrantRow | Refusal:
        """The row as a grant, or refused with one sentence."""
        if raw.problem:
            return Refusal(raw.line, raw.problem, raw.itself)
        base = self._base(raw)
        identity, earlier = self._count(base, raw)
        row = _Row(raw, self.plan)
        try:
            if not base:
                raise Refused("Rækken har intet, som den kan kendes igen på.")
            if earlier and self.plan.repeated is Repeated.REFUSE:
                raise Refused(f"Rækken er den samme som i linje {earlier}.")
            if earlier:
                row.flags.append(Flag.REPEATED)
            grant = row.grant(identity, self.purpose)
            if self.purpose is Purpose.HISTORY and grant.grant_year is None:
                raise Refused("Rækken har hverken dato eller år, så bevillingen ikke kan placeres.")
        except Refused as refused:
            kept = identity if self.plan.repeated is Repeated.COUNT else ""
            money = (row.readable("applied"), row.readable("awarded"))
            return Refusal(raw.line, str(refused), raw.itself, kept, *money)
        return replace(grant, flags=tuple(dict.fromkeys(row.flags)))

    def _base(self, raw: RawRow) -> str:
        parts = [" ".join(_plain(raw.cells[column]).split()) for column in self.plan.identity]
        if raw.known_identity or not any(parts):
            return raw.known_identity[: LONGEST_IDENTITY + 20]
        if len(parts) == 1 and len(parts[0]) <= LONGEST_IDENTITY:
            return _CONTROL.sub("", _NOT_STORABLE.sub("", parts[0]))
        return hashlib.sha256(_SPLIT.join(parts).encode(errors="replace")).hexdigest()[:40]

    def _count(self, base: str, raw: RawRow) -> tuple[str, int]:
        """The lasting name of the row, and the line of an earlier row that looked the same.

        Where repetition is allowed, the second of two equal rows is number 2 in every run.
        """
        self.seen[base] += 1
        number = self.seen[base]
        earlier = self.first_line.setdefault(base, raw.line) if number > 1 else 0
        self.first_line.setdefault(base, raw.line)
        if self.plan.repeated is Repeated.REFUSE or raw.known_identity:
            return base, earlier
        return f"{base}-{number}", earlier


class _Row:
    """One row with the MAP beside it."""

    def __init__(self, raw: RawRow, plan: ImportMap) -> None:
        self.raw, self.plan = raw, plan
        self.flags: list[Flag] = []

    def grant(self, identity: str, purpose: Purpose) -> GrantRow:
        name = self.line_of_text("applicant", 250)
        if not any(sign.isalnum() for sign in name):
            raise Refused("Ansøgerens navn mangler.")
        kind, is_anonymous = self.kind()
        cvr = self.cvr()
        applied, awarded = self.amount("applied"), self.amount("awarded")
        _enough_for(purpose, applied, awarded)
        if applied is not None and awarded is not None and awarded > applied:
            self.flags.append(Flag.MORE_THAN_APPLIED)
        scheme = self.line_of_text("scheme", 200)
        return GrantRow(
            line=self.raw.line,
            identity=identity,
            applicant_key=self.applicant_key(name, cvr, kind, is_anonymous=is_anonymous),
            applicant_kind=kind,
            applicant_name=name,
            cvr=cvr,
            street=self.line_of_text("street", 200),
            postcode=self.line_of_text("postcode", 10),
            town=self.line_of_text("town", 100),
            email=self.email(),
            title=self.line_of_text("title", LONGEST_TITLE) or scheme or "Uden titel",
            description=self.description(),
            scheme=scheme,
            applied_kr=applied,
            awarded_kr=awarded,
            received_on=self.day("received"),
            decided_on=self.day("decided"),
            starts_on=self.day("starts"),
            ends_on=self.day("ends"),
            year=self.year(),
        )

    def cell(self, field: str) -> object:
        column = self.plan.columns.get(field)
        return None if column is None else self.raw.cells[column]

    def text(self, field: str) -> str:
        """Several lines, without signs that no database and no letter can carry."""
        text = _plain(self.cell(field))
        if _NOT_STORABLE.search(text):
            self.flags.append(Flag.SIGN_REPLACED)
            text = _NOT_STORABLE.sub("\ufffd", text)
        return _CONTROL.sub(" ", text).strip()

    def line_of_text(self, field: str, longest: int) -> str:
        line = " ".join(self.text(field).split())
        if len(line) <= longest:
            return line
        self.flags.append(Flag.SHORTENED)
        return line[: longest - 1] + "…"

    def description(self) -> str:
        """The description; a title too long for its field is kept whole here."""
        told, title = self.text("description"), self.text("title")
        if len(title) > LONGEST_TITLE and title not in told:
            told = f"{title}\n\n{told}".strip()
        if len(told) > LONGEST_TEXT:
            self.flags.append(Flag.SHORTENED)
        return told[:LONGEST_TEXT]

    def amount(self, field: str) -> Decimal | None:
        """None is "not known"; negative, unreadable and forbidden empty amounts are refused."""
        if field not in self.plan.columns:
            return None
        name, value = _NAMES[field], self.cell(field)
        if not _plain(value).strip():
            if self.plan.empty[field] is Empty.REFUSE:
                raise Refused(f"{name} mangler.")
            return NOTHING if self.plan.empty[field] is Empty.ZERO else None
        try:
            amount = read_amount(value, self.plan.styles[field], self.plan.currencies)
        except NotKnown:
            is_applied = field == "applied"
            self.flags.append(Flag.APPLIED_UNKNOWN if is_applied else Flag.AWARDED_UNKNOWN)
            return None
        except Unreadable as error:
            raise Refused(f"{name}: {error}") from None
        if amount < 0:
            raise Refused(f"{name} er negativt ({amount}).")
        return amount

    def readable(self, field: str) -> Decimal | None:
        """The amount if it can be read at all; for the totals of refused rows."""
        try:
            return read_amount(self.cell(field), self.plan.styles[field], self.plan.currencies)
        except (NotKnown, Unreadable):
            return None

    def day(self, field: str) -> date | None:
        value = self.cell(field)
        if not _plain(value).strip():
            return None
        try:
            return read_date(value, self.plan.date_forms)
        except NoDate as error:
            raise Refused(f"{_NAMES[field]}: {error}") from None

    def year(self) -> int | None:
        value = self.cell("year")
        if not _plain(value).strip():
            return None
        try:
            return read_year(value)
        except NoDate as error:
            raise Refused(f"Året: {error}") from None

    def email(self) -> str:
        """An address no letter can reach is left out: the paper has it still."""
        email = self.line_of_text("email", 254)
        try:
            validate_email(email)
        except ValidationError:
            return ""
        return email

    def cvr(self) -> str:
        written = self.text("cvr").removeprefix("DK").replace(" ", "")
        if not written:
            return ""
        try:
            validate_cvr(written)
        except ValidationError:
            self.flags.append(Flag.BAD_CVR)
            return ""
        return written

    def kind(self) -> tuple[ApplicantKind, bool]:
        for rule in self.plan.kind_rules:
            if rule.pattern.search(_plain(self.raw.cells[rule.column])):
                return rule.kind, rule.is_anonymous
        return self.plan.default_kind, False

    def applicant_key(self, name: str, cvr: str, kind: ApplicantKind, *, is_anonymous: bool) -> str:
        """Two people may share a name, so people are never put together by it."""
        told = self.line_of_text("applicant_id", 100)
        if cvr:
            return f"cvr {cvr}"
        if is_anonymous or (kind == ApplicantKind.INDIVIDUAL and not told):
            return f"row {self.raw.line}"
        return f"id {told}" if told else f"name {kind} {name.casefold()}"


def _enough_for(purpose: Purpose, applied: Decimal | None, awarded: Decimal | None) -> None:
    if purpose is Purpose.HISTORY and awarded is None:
        raise Refused("Det bevilgede beløb er ukendt, så der er ingen bevilling at gemme.")
    if purpose is Purpose.APPLICATIONS and not applied:
        raise Refused("Det ansøgte beløb er ukendt eller 0, og en ansøgning skal have et beløb.")


def _plain(value: object) -> str:
    return "" if value is None else str(value)
