"""A grant is picked for control: once at a time, where money has been paid."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from pulje.actions.grant.control import select_for_control
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in, walk_to

pytestmark = pytest.mark.django_db


def in_days(at: datetime, days: int) -> dict[str, object]:
    return {"at": at, "due_on": timezone.localdate(at) + timedelta(days=days)}


def test_a_paid_grant_is_controlled_again_when_the_deadline_has_passed() -> None:
    walk = walk_to(S.PAID)
    case, at = walk.case, walk.at

    entry = select_for_control(case, by=people.karl(), reason="Kvitteringer.", **in_days(at, 14))

    assert (entry.event, entry.from_state, entry.to_state) == ("control_selected", "PAID", "PAID")
    assert entry.data == {
        "reason": "Kvitteringer.",
        "due_on": in_days(at, 14)["due_on"].isoformat(),
    }
    with pytest.raises(RuleBroken, match="allerede udtaget"):
        select_for_control(case, by=people.dora(), reason="Mere.", **in_days(at, 20))
    later = at + timedelta(days=15)
    assert select_for_control(case, by=people.dora(), reason="Mere.", **in_days(later, 14))


def test_control_is_refused_in_a_sentence() -> None:
    paid, walk = case_in(S.PAID), walk_to(S.APPROVED)
    good = {"reason": "Kvitteringer.", **in_days(timezone.now(), 14)}

    with pytest.raises(WrongState, match="ikke udbetalt"):
        select_for_control(walk.case, by=people.karl(), **good)
    with pytest.raises(NotAllowed):
        select_for_control(paid, by=people.asta(), **good)
    with pytest.raises(RuleBroken, match="Skriv, hvad vi vil se"):
        select_for_control(paid, by=people.karl(), **good | {"reason": " "})
    with pytest.raises(RuleBroken, match="efter i dag"):
        select_for_control(paid, by=people.karl(), **good | in_days(timezone.now(), 0))
