"""How far the letters that were let go together have come; reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from letters.models import SENT_STATES, Letter, LetterBatch, LetterQuerySet, LetterState

SHOWN = 10
S = LetterState
IS_SENT = Q(state__in=SENT_STATES)
ARRIVED = Q(state__in=[S.AVAILABLE, S.OPENED])


@dataclass(frozen=True)
class Progress:
    """Counts of a batch's letters. ``sent`` holds those that have arrived, and so on."""

    total: int
    waiting: int
    taken: int
    sent: int
    arrived: int
    opened: int
    failed: int
    paused_at: datetime | None = None

    @property
    def is_moving(self) -> bool:
        """A worker will change something by itself."""
        return bool(self.taken or (self.waiting and not self.paused_at))

    @property
    def is_out(self) -> bool:
        """All that can leave has left."""
        return not self.waiting and not self.taken

    @property
    def mark(self) -> str:
        """Another one when anything has changed."""
        counts = (self.total, self.waiting, self.taken, self.sent, self.arrived, self.opened)
        return "-".join(map(str, (*counts, self.failed, int(self.paused_at is not None))))


def progress_of(batch: LetterBatch) -> Progress:
    """True figures, from the rows: one query."""
    approved = Q(state=S.APPROVED)
    counts = batch.letters.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=approved & Q(claimed_at=None)),
        taken=Count("pk", filter=approved & Q(claimed_at__isnull=False)),
        sent=Count("pk", filter=IS_SENT),
        arrived=Count("pk", filter=ARRIVED),
        opened=Count("pk", filter=Q(state=S.OPENED)),
        failed=Count("pk", filter=Q(state=S.FAILED)),
    )
    return Progress(**counts, paused_at=batch.paused_at)


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
