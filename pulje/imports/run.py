"""One file from its first row to its control totals. Says nothing and decides nothing itself."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from pulje.actions.application.imported import Sums, already_there
from pulje.errors import RuleBroken
from pulje.imports.cleaning import Cleaner
from pulje.imports.grant_row import Flag, GrantRow, Purpose, Refusal
from pulje.imports.source import Source

NOTHING = Decimal("0.00")
BATCH = 2000
T = TypeVar("T")


@dataclass
class Totals:
    """The control totals. Sums are of the imported rows; ``sums_read`` of everything readable."""

    read: int = 0
    imported: int = 0
    refused: int = 0
    already: int = 0  # refused because an earlier run imported them; nothing to mend
    flagged: int = 0
    applied_sum: Decimal = NOTHING
    awarded_sum: Decimal = NOTHING
    applied_read: Decimal = NOTHING
    awarded_read: Decimal = NOTHING
    applied_refused: Decimal = NOTHING
    awarded_refused: Decimal = NOTHING


@dataclass
class Outcome:
    """What came of a file."""

    totals: Totals = field(default_factory=Totals)
    refusals: list[Refusal] = field(default_factory=list)
    flags: Counter[Flag] = field(default_factory=Counter)
    flag_lines: dict[Flag, int] = field(default_factory=dict)


def run(
    source: Source,
    purpose: Purpose,
    write: Callable[[Sequence[GrantRow]], object],
    *,
    tick: Callable[[int], object] = int,
) -> Outcome:
    """Judge every row and write the good ones in batches; ``tick`` hears how many rows are done.

    The caller holds the transaction. Refuses (RuleBroken) a file that cannot be read to its end
    and totals that do not add up.
    """
    outcome, cleaner = Outcome(), Cleaner(source.plan, purpose)
    for raws in batched(source.read(), BATCH):
        rows = []
        for judged in map(cleaner.clean, raws):
            _count_read(outcome.totals, judged)
            if isinstance(judged, Refusal):
                _refuse(outcome, judged)
            else:
                rows.append(judged)
        there = already_there(source.plan.source, (row.identity for row in rows))
        new = [row for row in rows if row.identity not in there]
        _skip(outcome.totals, [row for row in rows if row.identity in there])
        if new:
            write(new)
        _count_written(outcome, new)
        tick(len(raws))
    check_totals(outcome.totals)
    return outcome


def batched(items: Iterable[T], size: int) -> Iterable[list[T]]:
    """Lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def check_totals(totals: Totals) -> None:
    """What was read is what was imported plus what was refused: rows and money. RuleBroken else."""
    agree = (
        totals.read == totals.imported + totals.refused
        and totals.applied_read == totals.applied_sum + totals.applied_refused
        and totals.awarded_read == totals.awarded_sum + totals.awarded_refused
    )
    if not agree:
        raise RuleBroken(f"Kontroltallene stemmer ikke, så intet er importeret: {totals}")


def check_stored(before: Sums, after: Sums, totals: Totals, purpose: Purpose) -> None:
    """The database has got exactly what the totals say. RuleBroken else."""
    granted = totals.awarded_sum if purpose is Purpose.HISTORY else NOTHING
    expected = Sums(
        before.cases + totals.imported,
        before.applied_kr + totals.applied_sum,
        before.awarded_kr + granted,
    )
    if after != expected:
        raise RuleBroken(f"Databasen har {after}, men skulle have {expected}. Intet er importeret.")


def _count_read(totals: Totals, judged: GrantRow | Refusal) -> None:
    totals.read += 1
    totals.applied_read += judged.applied_kr or NOTHING
    totals.awarded_read += judged.awarded_kr or NOTHING


def _refuse(outcome: Outcome, refusal: Refusal) -> None:
    outcome.refusals.append(refusal)
    outcome.totals.refused += 1
    outcome.totals.applied_refused += refusal.applied_kr or NOTHING
    outcome.totals.awarded_refused += refusal.awarded_kr or NOTHING


def _skip(totals: Totals, rows: Sequence[GrantRow]) -> None:
    totals.already += len(rows)
    totals.refused += len(rows)
    totals.applied_refused += sum((row.applied_kr or NOTHING for row in rows), NOTHING)
    totals.awarded_refused += sum((row.awarded_kr or NOTHING for row in rows), NOTHING)


def _count_written(outcome: Outcome, rows: Sequence[GrantRow]) -> None:
    totals = outcome.totals
    totals.imported += len(rows)
    totals.applied_sum += sum((row.applied_kr or NOTHING for row in rows), NOTHING)
    totals.awarded_sum += sum((row.awarded_kr or NOTHING for row in rows), NOTHING)
    for row in rows:
        totals.flagged += bool(row.flags)
        outcome.flags.update(row.flags)
        for flag in row.flags:
            outcome.flag_lines.setdefault(flag, row.line)
