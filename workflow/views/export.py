"""Any list of the house as a file, with the filters of the page it stands on."""

import logging
from collections.abc import Callable, Iterable, Iterator

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.exports import lists
from pulje.exports.lists import Table
from pulje.exports.table import Row, csv_response, xlsx_response
from pulje.permissions import hidden_from
from pulje.queries.applicant import applicants
from pulje.queries.casework.inbox import listed, read_filters
from workflow.views.access import allow
from workflow.views.pool.numbers import statistics_of

logger = logging.getLogger(__name__)
KINDS = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
def export(request: HttpRequest, what: str, kind: str) -> HttpResponseBase:
    """The list as csv or xlsx. Who took out what and how much is written in the log."""
    allow(request.user, "see_case")
    if what not in TABLES or kind not in KINDS:
        raise Http404
    table = TABLES[what](request)
    rows = _counted(table.rows, f"{what}.{kind}", request.user.pk)
    return KINDS[kind](f"{what}-{timezone.localdate()}", table.headings, rows)


def _counted(rows: Iterable[Row], what: str, person: int) -> Iterator[Row]:
    """The rows, and a line in the log when they have been read, or as far as it went."""
    count = 0
    try:
        for row in rows:
            yield row
            count += 1
    finally:
        logger.info("export %s by user %s: %s rows", what, person, count)


def _cases(request: HttpRequest) -> Table:
    chosen = listed(request.user, read_filters(request.GET))
    return lists.cases(chosen, hidden_from(request.user, chosen))


def _applicants(request: HttpRequest) -> Table:
    filters = applicants.read_filters(request.GET)
    return lists.applicants(applicants.listed(filters))


def _numbers(request: HttpRequest) -> Table:
    found = statistics_of(request)
    counted = found["numbers"]
    spread = {
        "By": counted.towns,
        "Tema": counted.themes,
        "Type": counted.kinds,
        "Nye og kendte": counted.newness,
    }
    return lists.numbers(
        {"Pulje": [(line, speed) for _pool, line, speed in found["pools"]]}
        | {name: [(line, None) for line in lines] for name, lines in spread.items()}
        | {"I alt": [(counted.total, found["speed"])]}
    )


def _of_pool(table: Callable[[int | None], Table]) -> Callable[[HttpRequest], Table]:
    """The table of the pool in the address, or of all."""
    return lambda request: table(read_filters(request.GET).pool)


TABLES: dict[str, Callable[[HttpRequest], Table]] = {
    "sager": _cases,
    "ansoegere": _applicants,
    "udbetalinger": _of_pool(lists.payments),
    "kassebog": _of_pool(lists.ledger),
    "klager": _of_pool(lists.appeals),
    "rapporter": _of_pool(lists.reports),
    "tal": _numbers,
}
