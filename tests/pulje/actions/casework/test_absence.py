"""Who may write who is away, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pulje.actions.casework.absence import end_absence, set_absence
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Absence
from tests import people

pytestmark = pytest.mark.django_db


def test_absence_is_written_by_oneself_or_a_leader_and_refused_in_a_sentence():
    now, today = timezone.now(), timezone.localdate()
    karl, rie, dora = people.karl(), people.rie(), people.dora()

    def away(user, substitute, first, last, by=None):
        days = {"from_on": today + timedelta(days=first), "until_on": today + timedelta(days=last)}
        return set_absence(user, by=by or user, at=now, substitute=substitute, **days)

    row = away(karl, rie, 1, 5)
    refused = [
        (NotAllowed, "dit eget fravær", (karl, rie, 10, 12, rie)),
        (NotAllowed, "Det kan kun", (karl, rie, 10, 12, people.asta())),
        (NotAllowed, "Det kan kun", (karl, people.asta(), 10, 12)),
        (NotAllowed, "Det kan kun", (people.asta(), rie, 10, 12, dora)),
        (RuleBroken, "Vælg en anden", (rie, rie, 10, 12)),
        (RuleBroken, "slut, før det begynder", (rie, karl, 12, 10)),
        (RuleBroken, "slut, før det begynder", (rie, karl, -5, -2)),
        (RuleBroken, "Fraværet kan højst slutte den", (rie, karl, 1, 367)),
        (RuleBroken, "Karl er allerede væk", (karl, rie, 5, 7)),
        (RuleBroken, "Karl er selv væk", (rie, karl, 4, 7)),
    ]

    assert away(karl, rie, 1, 5) == row
    for error, sentence, said in refused:
        with pytest.raises(error, match=sentence):
            away(*said)
    assert away(rie, karl, 6, 7, by=dora).user == rie
    with pytest.raises(NotAllowed):
        end_absence(row, by=rie)
    end_absence(row, by=karl)
    assert [one.user for one in Absence.objects.order_by("pk")] == [rie]
