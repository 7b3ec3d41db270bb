"""Who waits for a lock waits in the order of the house (``lock_process``, workflow/hands.py)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

ORDER = (
    *("pulje_jobline", "pulje_round", "pulje_meeting", "viewflow_process"),
    *("letters_letter", "pulje_application", "pulje_pool"),
)
OF_A_CASE = ("viewflow_process", "pulje_application")
MAKES_A_CASE = 'INSERT INTO "pulje_application" '
LOCK = re.compile(r"FOR UPDATE(?P<of> OF (?P<table>\S+?))?(?P<skips> SKIP LOCKED)?$")
FROM = re.compile(r' FROM "(\w+)"')
BEGINS, ENDS = "SAVEPOINT", "RELEASE SAVEPOINT"  # also after a ROLLBACK TO; a test is inside one


class Held:
    """What one transaction has locked, as its statements go by."""

    def __init__(self) -> None:
        self.depth = 0
        self.newest: dict[str, int] = {}  # table -> the highest pk that was locked alone
        self.alone: set[tuple[str, int]] = set()
        self.has_made_a_case = False  # which nobody else can know of yet, nor wait for

    def see(self, sql: str, params: Any) -> None:
        if sql.startswith(ENDS):
            self.depth -= 1
            if self.depth == 0:
                self.newest, self.alone, self.has_made_a_case = {}, set(), False
        elif sql.startswith(BEGINS):
            self.depth += 1
        elif sql.startswith(MAKES_A_CASE):
            self.has_made_a_case = True
        elif found := LOCK.search(sql):
            table = (found["table"] or "").strip('"') or FROM.search(sql)[1]  # type: ignore[index]
            self.lock(table, sql, params, waits=not found["skips"])

    def lock(self, table: str, sql: str, params: Any, *, waits: bool) -> None:
        is_new = self.has_made_a_case and table in OF_A_CASE
        if table not in ORDER or is_new:
            return
        if waits and table not in self.newest:
            later = [one for one in self.newest if ORDER.index(one) > ORDER.index(table)]
            assert not later, f"{table} is locked after {later}: {sql[-200:]}"
        pk = params[0] if f'WHERE "{table}"."id" = %s' in sql and params else 0
        if waits and pk and (table, pk) not in self.alone:
            assert pk > self.newest.get(table, 0), f"{table} {pk} is locked out of its order"
        if waits and not pk and " IN (" in sql:
            assert "ORDER BY" in sql, f"many of {table} are locked in no order: {sql[-200:]}"
        self.alone.add((table, pk))
        self.newest[table] = max(pk, self.newest.get(table, 0))


@contextmanager
def in_one_order() -> Iterator[Held]:
    """Inside, each transaction locks the tables in ORDER and rows one by one by pk."""
    held = Held()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        held.see(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield held
