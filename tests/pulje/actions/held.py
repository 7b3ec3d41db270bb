"""A meeting of three cases of one pool, and what is recorded at it."""

from decimal import Decimal as D

from django.utils import timezone

from pulje.actions.meeting import frame_raise as frames
from pulje.actions.meeting import ruling as actions
from pulje.enums import ItemOutcome as O
from pulje.models import FrameRaise, ItemRuling, Meeting, Pool, Recommendation
from pulje.queries.meeting.committee import agenda_of
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_meeting, a_pool, case_in

FRAME, ASKED, PROPOSED = D(100_000), D(60_000), D(40_000)


class Held:
    """A meeting of three cases of one pool: 60.000 kr. applied for, 40.000 recommended, each."""

    def __init__(self) -> None:
        self.pool = a_pool(frame_kr=FRAME)
        cases = [case_in(S.RECOMMENDED, pool=self.pool, requested_kr=ASKED) for _ in range(3)]
        Recommendation.objects.filter(application__in=cases).update(amount_kr=PROPOSED)
        self.meeting = a_meeting(cases)
        self.items = list(self.meeting.items.order_by("position"))
        self.at = timezone.now()

    def rule(self, number: int, amount_kr: object = None, reasons: str = "", **facts) -> ItemRuling:
        facts = {"by": people.sanne(), "at": self.at, "outcome": O.DECIDED} | facts
        amount_kr = None if amount_kr is None else D(str(amount_kr))
        return actions.record_ruling(
            self.items[number - 1], amount_kr=amount_kr, reasons=reasons, **facts
        )

    def raise_by(self, amount_kr: int, reason: str = "Udvalget forhøjer.", **facts) -> FrameRaise:
        facts = {"by": people.sanne(), "at": self.at, "pool": self.pool} | facts
        return frames.raise_frame(self.meeting, amount_kr=D(amount_kr), reason=reason, **facts)

    @property
    def changes(self) -> int:
        return Meeting.objects.get(pk=self.meeting.pk).changes

    @property
    def left_kr(self) -> D:
        (money,) = agenda_of(Meeting.objects.get(pk=self.meeting.pk), people.sanne()).money
        return money.left_kr

    def standing(self) -> list[tuple[int, str, D | None]]:
        rows = ItemRuling.objects.filter(is_current=True).order_by("item__position")
        return list(rows.values_list("item__position", "outcome", "amount_kr"))


def published(pool: Pool) -> Pool:
    pool.published_at = timezone.now()
    pool.save()
    return pool


def a_test_pool() -> Pool:
    pool = published(a_pool())
    pool.is_test = True
    pool.save()
    return pool
