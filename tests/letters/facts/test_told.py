"""A letter made anew tells what its own line of the journal is about, not the case's newest."""

from collections.abc import Callable

import pytest

from letters.facts.base import gather
from letters.kinds.case import Hearing, MissingInformation
from letters.kinds.grant import ReportReturned
from letters.kinds.kind import Kind
from pulje.models import InformationRequest, JournalEntry, PartyHearing, Report
from pulje.states import CaseState as S
from tests.factories import Walk, walk_to

pytestmark = pytest.mark.django_db


def twice_heard() -> Walk:
    walk = walk_to(S.IN_HEARING)
    walk.answer_hearing()
    walk.open_hearing()
    PartyHearing.objects.filter(ended_at=None).update(fact="Det nyeste.")
    return walk


def twice_asked() -> Walk:
    walk = walk_to(S.RETURNED)
    walk.answer()
    walk.ask()
    InformationRequest.objects.filter(answered_at=None).update(message="Det nyeste.")
    return walk


def twice_returned() -> Walk:
    walk = walk_to(S.REPORT_RETURNED)
    walk.submit_report()
    walk.return_report()
    Report.objects.update(missing="Det nyeste.")
    return walk


def test_a_letter_tells_what_its_own_line_is_about() -> None:
    lives: list[tuple[Callable[[], Walk], type[Kind], str, str]] = [
        (twice_heard, Hearing, "fact", "Lokalet er lukket."),
        (twice_asked, MissingInformation, "missing", "Budgettet går ikke op."),
        (twice_returned, ReportReturned, "missing", "Bilag 3."),
    ]
    for live, kind, name, said in lives:
        case = live().case
        first, *_others, last = [row for row in case.journal.order_by("number") if kind.tells(row)]
        assert told(first, kind)[name] == said
        if live != twice_returned:  # its lines say it themselves
            assert told(last, kind)[name] == "Det nyeste."
            first.data.pop("hearing", None), first.data.pop("request", None)  # as lines once were
            assert told(first, kind)[name] == said


def told(entry: JournalEntry, kind: type[Kind]) -> dict[str, object]:
    return kind.facts(gather([entry], kind.needs)[entry.pk])
