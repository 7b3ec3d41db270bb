"""How far the letters that were let go together have come; reads only."""

from dataclasses import astuple, dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from letters.models import (
    CLAIM_LASTS,
    SENT_STATES,
    Letter,
    LetterBatch,
    LetterQuerySet,
    LetterState,
)

SHOWN = 10
S = LetterState
IS_SENT = Q(state__in=SENT_STATES)
ARRIVED = Q(state__in=[S.AVAILABLE, S.OPENED])


@dataclass(frozen=True)
class Progress:
    """Counts of a batch's letters. ``sent`` holds those that have arrived, and so on.

    ``size``: how many it was made of. ``free``: of those that wait, what may be taken back.
    ``awaited``: sent, and the carrier will tell when they are there.
    """

    size: int
    total: int
    waiting: int
    free: int
    taken: int
    sent: int
    awaited: int
    arrived: int
    opened: int
    failed: int
    paused_at: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return bool(self.paused_at and self.waiting)

    @property
    def is_moving(self) -> bool:
        """A worker will change something by itself."""
        return bool(self.taken or (self.waiting and not self.paused_at))

    @property
    def is_out(self) -> bool:
        """All that can leave has left."""
        return not self.waiting and not self.taken

    @property
    def gone(self) -> int:
        """Taken out again: taken back, made anew, or about a decision that stands no longer."""
        return max(self.size - self.total, 0)

    @property
    def seconds(self) -> int:
        """How often it is worth while to look again; 0 when nothing will change soon."""
        return 2 if self.is_moving else 20 * bool(self.awaited)

    @property
    def mark(self) -> str:
        """Another one when anything has changed."""
        *counts, paused_at = astuple(self)
        return "-".join(map(str, (*counts, int(paused_at is not None))))


def progress_of(batch: LetterBatch) -> Progress:
    """True figures, from the rows: one query."""
    approved = Q(state=S.APPROVED)
    taken = approved & Q(claimed_at__gt=timezone.now() - CLAIM_LASTS)
    waiting = approved & ~taken
    counts = batch.letters.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=waiting),
        free=Count("pk", filter=waiting & Q(sent_at=None)),
        taken=Count("pk", filter=taken),
        sent=Count("pk", filter=IS_SENT),
        awaited=Count("pk", filter=Q(state=S.SENT, available_at=None)),
        arrived=Count("pk", filter=ARRIVED),
        opened=Count("pk", filter=Q(state=S.OPENED)),
        failed=Count("pk", filter=Q(state=S.FAILED)),
    )
    return Progress(size=batch.size, **counts, paused_at=batch.paused_at)


def newest() -> list[LetterBatch]:
    """The latest batches, each with ``total``, ``sent``, ``failed`` and ``waiting``: one query."""
    latest = LetterBatch.objects.order_by("-made_at", "-pk").values("pk")[:SHOWN]
    counted: QuerySet[LetterBatch] = LetterBatch.objects.filter(pk__in=latest).annotate(
        total=Count("letters"),
        sent=Count("letters", filter=Q(letters__state__in=SENT_STATES)),
        failed=Count("letters", filter=Q(letters__state=S.FAILED)),
        waiting=Count("letters", filter=Q(letters__state=S.APPROVED)),
    )
    return list(counted.select_related("made_by").order_by("-made_at", "-pk"))


def letters_of(batch: LetterBatch) -> LetterQuerySet:
    """The batch's letters without their facts, what failed first."""
    rows = Letter.objects.filter(batch=batch).defer("facts").select_related("application")
    return rows.order_by(F("sent_at").asc(nulls_first=True), "recipient_name", "pk")
