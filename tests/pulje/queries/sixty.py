"""A meeting of sixty cases with all that an agenda and its minutes must tell, and what they say."""

import json
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.casework.tie import disqualify
from pulje.enums import ItemOutcome, MeetingState
from pulje.models import AgendaAlternative, FrameRaise, ItemRuling, Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.pulje.queries.crowd import recommended


def now():
    return timezone.now()


def said(paper, item: int, section: str) -> list[str]:
    """What stands under a heading, line by line."""
    sections = paper["items"][item]["sections"]
    found = next(one for one in sections if one["title"].startswith(section))
    return [line for block in found["blocks"] for line in lines(block)]


def lines(block) -> list[str]:
    if block["kind"] == "table":
        rows = [*block["rows"], *([block["foot"]] if block["foot"] else [])]
        return [block["caption"], *(" | ".join(row) for row in rows)]
    if block["kind"] == "facts":
        return [f"{label}: {value}" for label, value in block["rows"]]
    return list(block["items"]) if block["kind"] == "list" else [block["text"]]


def plain(papers) -> dict:
    """As a packet keeps them; amounts are compared with plain spaces."""
    facts = json.dumps({key: asdict(paper) for key, paper in papers.items()})
    return json.loads(facts.replace("\\u00a0", " "))


def annex(paper, number: int) -> list[str]:
    found = paper["items"][2]["annexes"][number - 1]
    return [found["title"], *(line for block in found["blocks"] for line in lines(block))]


class Sixty:
    """Mads is out of nr. 2 and Karen of 3; 5 came late, 6 has two ways, one small case is told."""

    def __init__(self, cases: int = 60, code: str = "KUL") -> None:
        pool = a_pool(code=code, frame_kr=Decimal(2_000_000))
        self.cases = recommended(cases, pool)
        self.meeting = a_meeting(self.cases, at=now() + timedelta(days=cases))
        self.items = list(self.meeting.items.select_related("application").order_by("position"))

    def furnish(self) -> None:
        self.told = case_in(CaseState.APPROVED, title="Lille fest for Asta")
        out = {"by": people.sanne(), "at": now()}
        disqualify(self.cases[1], person=people.mads(), reason="Bror", **out)
        disqualify(self.cases[2], person=people.karen(), reason="Nabo", **out)
        late = self.items[4]
        late.is_late, late.note = True, "Kom fredag"
        late.save()
        for letter, kr in (("a", 5000), ("b", 2000)):
            way = {"letter": letter, "amount_kr": Decimal(kr), "text": "Uden Lone Berg"}
            AgendaAlternative.objects.create(item=self.items[5], **way)

    def hold(self) -> None:
        """Nr. 4 gets less, 6 the second way, 7 is postponed; nr. 8 is corrected afterwards."""
        for item in self.items:
            rule(item, ItemOutcome.DECIDED, item.amount_kr)
        less = {"reasons": "Lone Berg har ret", "votes_for": 3, "votes_against": 1}
        rule(self.items[3], ItemOutcome.DECIDED, Decimal(2500), dissent="Det er for lidt", **less)
        second = self.items[5].alternatives.get(letter="b")
        rule(self.items[5], ItemOutcome.DECIDED, Decimal(2000), alternative=second)
        rule(self.items[6], ItemOutcome.POSTPONED, reasons="Budgettet mangler.")
        FrameRaise.objects.create(
            meeting=self.meeting,
            pool=self.cases[0].pool,
            amount_kr=Decimal(100_000),
            reason="Der er mange gode ansøgninger",
            recorded_at=now(),
            recorded_by=people.sanne(),
        )
        held = Meeting.objects.filter(pk=self.meeting.pk)
        held.update(state=MeetingState.CLOSED, closed_at=now(), announcements="Karen er valgt.")
        self.meeting.refresh_from_db()


def rule(item, outcome, amount_kr=None, **facts):
    item.rulings.update(is_current=False)
    told = {"outcome": outcome, "amount_kr": amount_kr, "recorded_at": now()} | facts
    return ItemRuling.objects.create(item=item, recorded_by=people.sanne(), **told)
