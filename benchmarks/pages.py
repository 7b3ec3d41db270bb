"""The pages people open most, with 1,000 and with 100,000 cases stored.

Each page is measured in its heaviest forms (folders, states, searches) and the worst figure stands.
CPU is the web process' own; ``db_ms`` is what it waited for PostgreSQL, ``ms`` both together.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks import database, places
from benchmarks.rows import FIRST, MIX, Cases, fill
from pulje.actions import document
from pulje.actions.casework import handover
from pulje.models import Application, Pool, User
from pulje.states import CaseState
from tests import factories, people

REPEATS = 9
WARM_UP = 2
# the case page in every state: each has its own papers, forms and next step
CASES = [state for state in CaseState if state != CaseState.DRAFT]
# nothing, words, a beginning, a slip, a number, an applicant, what is not there
SEARCHES = ("fællesspisning", "teater i holte", "fælles", "fælesspisning", "naboskabet 12")
FOLDERS = ("mine", "vurder", "team", "ledige", "aendringer", "klager", "venter")
INBOX = ("", "vis=team&orden=beloeb&side=2", "vis=team&q=havedag", "vis=venter&haster=1")
TABS = ("dokumenter/", "journal/", "sammenlign/")
SUPPORTED = "/det-har-vi-stoettet/"
ALL_CASES = ("", "side=2", "status=CLOSED&orden=alder", "orden=beloeb")
Figures = dict[str, float]


@dataclass
class Counter:
    """Counts queries and the time they take; installed around one request."""

    queries: int = 0
    seconds: float = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - began


def measure() -> dict[str, dict[str, Figures]]:
    """Page -> rows stored -> the worst of its forms."""
    here = places.build()
    cases = [_a_case(here, state) for state in CASES]
    found: dict[str, dict[str, Figures]] = {}
    stored = 0
    for size in database.numbers(1_000, 100_000):
        fill(here, Cases(FIRST + stored, size - stored, MIX))
        database.settle()
        stored = size
        for name, figures in _pages(cases):
            found.setdefault(name, {})[str(size)] = figures
    return found


def _pages(cases: Sequence[Application]) -> Iterator[tuple[str, Figures]]:
    karl, dora, pool = people.karl(), people.dora(), cases[0].pool
    folders = [f"vis={folder}" for folder in FOLDERS]
    yield "inbox", _worst(karl, [f"/sag/?{q}" for q in (*INBOX, *folders)])
    yield "inbox, leader", _worst(dora, ["/sag/?vis=afgoer"])
    yield "cases", _worst(karl, [f"/sag/alle/?{q}" for q in (*ALL_CASES, f"pulje={pool.pk}")])
    searches = [*SEARCHES, "findes-ikke", cases[0].number, cases[0].number.rpartition("-")[0]]
    yield "search", _worst(karl, [f"/sag/alle/?q={q}" for q in searches])
    yield "case", _worst(karl, [f"/sag/{case.pk}/" for case in cases])
    for tab in TABS:
        yield f"case, {tab.strip('/')}", _worst(karl, [f"/sag/{case.pk}/{tab}" for case in cases])
    yield "applicants", _worst(karl, ["/sag/ansoegere/", "/sag/ansoegere/?q=naboskabet 12"])
    yield "applicant", _worst(karl, [f"/sag/ansoegere/{cases[0].applicant_id}/"])
    yield "pools", _worst(dora, ["/sag/puljer/"])
    at = f"/sag/puljer/{pool.slug}/"
    yield "pool overview", _worst(dora, [at, f"{at}?runde=alle", f"{at}?side=3"])
    yield "numbers", _worst(dora, ["/sag/tal/", f"/sag/tal/?aar={pool.year}"])
    at = f"/pulje/{pool.slug}/"
    yield "front", _worst(None, ["/", "/?hvem=ASSOCIATION&q=findes-ikke"])
    yield "pool", _worst(None, [at])
    yield "questions", _worst(None, [f"{at}spoergsmaal/"])
    yield "selfcheck", _worst(None, [f"{at}kan-i-soege/", f"{at}kan-i-soege/?svar_1=nej"])
    yield "supported", _worst(None, [SUPPORTED, *(f"{SUPPORTED}?aar={y}" for y in places.YEARS)])


def _a_case(here: places.Places, state: CaseState) -> Application:
    """A case made by the real verbs, with a case worker and notes."""
    case = factories.case_in(
        state,
        pool=Pool.objects.get(pk=here.pools[-1]),
        requested_kr=Decimal("8000.00"),
        description="Vi laver mad sammen og inviterer alle i kvarteret. " * 30,
    )
    handover.assign(case, by=people.dora(), at=timezone.now(), to=people.karl())
    for number in range(12):
        text = f"Talte med dem, {number}. gang."
        document.write_note(case, by=people.karl(), at=timezone.now(), text=text)
    return case


def _worst(person: User | None, addresses: Sequence[str]) -> Figures:
    each = [_page(person, address) for address in addresses]
    return {name: max(one[name] for one in each) for name in each[0]}


def _page(person: User | None, address: str) -> Figures:
    client = Client(SERVER_NAME="localhost")
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    runs = [_open(client, address) for _ in range(WARM_UP + REPEATS)][WARM_UP:]
    figures = {name: round(median(run[name] for run in runs), 1) for name in runs[0]}
    print(f"  {address:<40} {figures}", file=sys.stderr)
    return figures


def _open(client: Client, address: str) -> Figures:
    with _counting() as counter:
        began, cpu = time.perf_counter(), time.process_time()
        answer = _ask(client, address)
        cpu_ms, ms = (time.process_time() - cpu) * 1000, (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return {
        "queries": counter.queries,
        "cpu_ms": cpu_ms,
        "db_ms": counter.seconds * 1000,
        "ms": ms,
        "bytes": len(answer.content),
    }


def _ask(client: Client, address: str) -> Any:
    """Answers of the self-check are posted; here they stand in the address."""
    path, _mark, answers = address.partition("?")
    if answers and path.endswith("/kan-i-soege/"):
        return client.post(path, answers, content_type="application/x-www-form-urlencoded")
    return client.get(address)


@contextmanager
def _counting() -> Iterator[Counter]:
    counter = Counter()
    with connection.execute_wrapper(counter):
        yield counter
