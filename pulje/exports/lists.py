"""The lists of the house as tables: headings, and rows read from the database as they are sent."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Sum, TextChoices

from pulje.enums import (
    AppealState,
    ApplicantKind,
    Channel,
    LedgerKind,
    PaymentState,
    ReportState,
    Theme,
    Went,
)
from pulje.exports.table import Row
from pulje.models import Appeal, Applicant, LedgerEntry, Payment, Recommendation, Report
from pulje.models.application import ApplicationQuerySet
from pulje.queries.pool.statistics import Line, Speed
from pulje.states import CaseState

CHUNK = 2_000
# a column: its heading, where its value is read, and what gives a code its words
Column = tuple[str, str, type[TextChoices] | None]


@dataclass(frozen=True)
class Table:
    """What ``csv_response`` and ``xlsx_response`` take."""

    headings: tuple[str, ...]
    rows: Iterable[Row]


CASE: tuple[Column, ...] = (
    ("Sagsnummer", "number", None),
    ("Titel", "title", None),
    ("Ansøger", "applicant__name", None),
    ("Type", "applicant__kind", ApplicantKind),
    ("CVR-nr.", "applicant__cvr", None),
    ("Sted", "place", None),
    ("Pulje", "pool__name", None),
    ("År", "pool__year", None),
    ("Runde", "round__name", None),
    ("Tema", "theme", Theme),
    ("Status", "state", CaseState),
    ("Point", "points", None),
    ("Søgt", "requested_kr", None),
    ("Indstillet", "recommended_kr", None),
    ("Bevilget", "granted_kr", None),
    ("Modtaget", "submitted_at", None),
    ("Kom ind som", "channel", Channel),
    ("For sen", "is_late", None),
    ("Frist", "due_on", None),
    ("Sagsbehandler", "caseworker__name", None),
)
APPLICANT: tuple[Column, ...] = (
    ("Ansøger", "name", None),
    ("Type", "kind", ApplicantKind),
    ("CVR-nr.", "cvr", None),
    ("By", "town", None),
    ("Ansøgninger", "sent", None),
    ("Fik tilskud", "supported", None),
    ("Søgt", "sought_kr", None),
    ("Bevilget", "granted_kr", None),
)
SECRET = ("Point", "Indstillet", "Bevilget")  # to who is disqualified
OF_CASE: tuple[Column, ...] = (
    ("Sagsnummer", "application__number", None),
    ("Titel", "application__title", None),
    ("Ansøger", "application__applicant__name", None),
    ("Pulje", "application__pool__name", None),
    ("År", "application__pool__year", None),
)
PAYMENT: tuple[Column, ...] = (
    *OF_CASE,
    ("Rate", "number", None),
    ("Beløb", "amount_kr", None),
    ("Betales", "due_on", None),
    ("Efter rapport", "after_report", None),
    ("Status", "state", PaymentState),
    ("Udbetalt", "confirmed_at", None),
    ("Kørsel", "batch", None),
    ("Hvorfor ikke", "failure", None),
)
LEDGER: tuple[Column, ...] = (
    ("Tidspunkt", "at", None),
    ("Pulje", "pool__name", None),
    ("År", "pool__year", None),
    ("Art", "kind", LedgerKind),
    ("Beløb", "amount_kr", None),
    ("Sagsnummer", "application__number", None),
    ("Årsag", "cause", None),
    ("Bemærkning", "note", None),
    ("Af", "by__name", None),
)
APPEAL: tuple[Column, ...] = (
    *((name, f"decision__{path}", words) for name, path, words in OF_CASE),
    ("Modtaget", "received_at", None),
    ("Behandles senest", "due_on", None),
    ("Status", "state", AppealState),
    ("Besvaret", "answered_at", None),
)
REPORT: tuple[Column, ...] = (
    *OF_CASE,
    ("Bevilget", "application__granted_kr", None),
    ("Status", "state", ReportState),
    ("Sendt", "submitted_at", None),
    ("Godkendt", "approved_at", None),
    ("Godkendt regnskab", "accepted_kr", None),
    ("Deltagere", "participants", None),
    ("Frivillige", "volunteers", None),
    ("Blev det som håbet", "went", Went),
    ("Må vises", "may_publish", None),
)
NUMBERS = ("Opdeling", "Navn", "Ansøgninger", "Fik tilskud", "Søgt", "Indstillet", "Bevilget")
SPEED = ("Afgjort", "Dage, halvdelen inden", "Dage, ni af ti inden", "Svar inden fristen")


def cases(chosen: ApplicationQuerySet, hidden: Collection[int] = ()) -> Table:
    """The cases in the order they come; of hidden ones no points and nothing given."""
    current = Recommendation.objects.filter(application=OuterRef("pk"), is_current=True)
    told = chosen.with_place().annotate(recommended_kr=Subquery(current.values("amount_kr")[:1]))
    if not hidden:
        return _table(CASE, told)
    numbers = told.order_by().filter(pk__in=hidden).values_list("number", flat=True)
    return _blanked(_table(CASE, told), frozenset(numbers))


def _blanked(table: Table, hidden: frozenset[str]) -> Table:
    """The first column says which case it is."""
    secret = [heading in SECRET for heading in table.headings]
    rows = (
        ["–" if out else value for out, value in zip(secret, row, strict=True)]
        if row[0] in hidden
        else row
        for row in table.rows
    )
    return Table(table.headings, rows)


def applicants(chosen: QuerySet[Applicant]) -> Table:
    """The applicants in the order they come, with what they have sent and got."""
    sent = Q(applications__submitted_at__isnull=False)
    got = Q(applications__granted_kr__gt=0)
    counted = chosen.annotate(
        sent=Count("applications", filter=sent),
        supported=Count("applications", filter=got),
        sought_kr=Sum("applications__requested_kr", filter=sent),
        granted_kr=Sum("applications__granted_kr", filter=got),
    )
    return _table(APPLICANT, counted)


def payments(pool: int | None) -> Table:
    chosen = Payment.objects.filter(**_of("application__pool", pool))
    return _table(PAYMENT, chosen.order_by("due_on", "pk"))


def ledger(pool: int | None) -> Table:
    chosen = LedgerEntry.objects.filter(**_of("pool", pool))
    return _table(LEDGER, chosen.order_by("at", "pk"))


def appeals(pool: int | None) -> Table:
    chosen = Appeal.objects.filter(**_of("decision__application__pool", pool))
    return _table(APPEAL, chosen.order_by("received_at", "pk"))


def reports(pool: int | None) -> Table:
    chosen = Report.objects.filter(**_of("application__pool", pool))
    return _table(REPORT, chosen.exclude(state=ReportState.DRAFT).order_by("submitted_at", "pk"))


def numbers(parts: Mapping[str, Iterable[tuple[Line, Speed | None]]]) -> Table:
    """The statistics, one line after the other; how long it took where that is counted."""
    rows = [
        _numbers_row(part, line, speed) for part, lines in parts.items() for line, speed in lines
    ]
    return Table((*NUMBERS, *SPEED), rows)


def _numbers_row(part: str, line: Line, speed: Speed | None) -> Row:
    counted = (part, line.name, line.cases, line.supported)
    money = (line.sought_kr, line.recommended_kr, line.granted_kr)
    if speed is None:
        return (*counted, *money, None, None, None, None)
    return (*counted, *money, speed.decided, speed.median_days, speed.slow_days, speed.in_time)


def _of(path: str, pool: int | None) -> dict[str, int]:
    return {} if pool is None else {path: pool}


def _table(columns: tuple[Column, ...], chosen: QuerySet[Any, Model]) -> Table:
    paths = [path for _heading, path, _words in columns]
    say = [_words_of(words) for _heading, _path, words in columns]
    rows = chosen.values_list(*paths).iterator(chunk_size=CHUNK)
    return Table(tuple(heading for heading, _path, _words in columns), _said(rows, say))


def _said(rows: Iterable[tuple[Any, ...]], say: list[Callable[[Any], Any] | None]) -> Iterator[Row]:
    for row in rows:
        yield [one(value) if one else value for one, value in zip(say, row, strict=True)]


def _words_of(words: type[TextChoices] | None) -> Callable[[Any], Any] | None:
    """The labels in the language of now: the rows are sent when the page is long done."""
    if words is None:
        return None
    labels = {str(choice.value): str(choice.label) for choice in words}
    return lambda code: labels.get(code, code)
