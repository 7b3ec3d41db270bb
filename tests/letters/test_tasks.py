"""The workers' rounds: what is left is taken up at once, and what a person waits for goes first."""

import pytest
from django.utils import timezone

from letters import actions, tasks
from letters.models import Letter
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in

pytestmark = pytest.mark.django_db


def test_what_somebody_held_just_then_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [Letter.objects.get(application=case_in(S.SUBMITTED)) for _n in range(2)]
    held = letters[1].pk
    waits: list[float] = []
    deliver = actions.deliver
    monkeypatch.setattr(actions, "deliver", lambda pk: pk != held and deliver(pk))
    monkeypatch.setattr(tasks, "_go_on", waits.append)

    assert tasks.deliver_due() == 1
    assert tasks.deliver_due() == 0
    assert waits == [0, tasks.A_MOMENT]
    monkeypatch.undo()

    assert tasks.deliver_due() == 1


def test_a_letter_that_a_person_waits_for_is_made_first(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Letter.objects.get(application=case_in(S.SUBMITTED)) for _n in range(2))
    actions.remake(second, by=people.karl(), at=timezone.now())
    made: list[int] = []
    monkeypatch.setattr(actions, "render", lambda pk: made.append(pk) is not None)

    tasks.deliver_due()

    assert made == [second.pk, first.pk]
    assert not Letter.objects.stuck(timezone.now()).exists()
