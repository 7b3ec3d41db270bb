"""What is being prepared: next year's pool, not yet published, and a test pool to try it in."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from pulje.actions.ledger import set_frame
from pulje.actions.pool.publish import copy_pool
from pulje.models import Pool, User


def prepare_next_year(pool: Pool, staff: Mapping[str, User], at: datetime) -> None:
    """Copies of this year's pool: the real one waits for its frame, the test one can be tried."""
    karl, dora = staff["karl"], staff["dora"]
    copy_pool(pool, by=karl, at=at, name=pool.name, code=pool.code, year=pool.year + 1)
    tried = copy_pool(
        pool, by=karl, at=at, name=pool.name, code=pool.code, year=pool.year, is_test=True
    )
    set_frame(
        tried,
        by=dora,
        at=at,
        amount_kr=Decimal(600_000),
        cause=f"demo-frame:{tried.pk}",
        note="Som i den rigtige pulje",
    )
