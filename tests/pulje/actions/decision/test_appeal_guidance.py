"""The appeal guidance: written by one, approved by another, § 18's only with its lawyer named."""

import pytest
from django.utils import timezone

from pulje.actions.decision import appeal_guidance as actions
from pulje.enums import LegalBasis
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import AppealGuidance
from tests import people

pytestmark = pytest.mark.django_db
TEXT = "Skriv til {kontakt}, hvis {du} er uenig."


def written(text: str = TEXT, by=people.karl, basis=LegalBasis.KFM) -> AppealGuidance:
    return actions.write(basis, by=by(), at=timezone.now(), text=text, note="Kortere")


def approved(guidance: AppealGuidance, by=people.dora, **said: str) -> AppealGuidance:
    read = actions.read_of(guidance)
    return actions.approve(guidance, by=by(), at=timezone.now(), read=read, **said)


def test_the_words_that_were_read_are_the_words_approved():
    read = written()
    written("Ring til {kontakt}, hvis {du} er uenig.")  # the same row, while the leader reads

    with pytest.raises(RuleBroken, match="ændret, siden du åbnede"):
        approved(read)


def test_one_s_own_draft_is_changed_and_nobody_else_s():
    first = written()
    again = written("Ring til {kontakt}, hvis {du} er uenig.")
    other = written("Mød op, hvis {du} er uenig.", by=people.rie)

    assert (again.pk, again.version, other.version) == (first.pk, 1, 2)
    assert AppealGuidance.objects.get(pk=first.pk).text.startswith("Ring")


def test_what_is_approved_stands_and_the_next_is_a_new_version():
    first = approved(written())

    with pytest.raises(RuleBroken, match="den samme som i version 1"):
        written()
    with pytest.raises(WrongState):
        approved(first, by=people.dora)
    second = written("Ring til {kontakt}.")

    assert (first.approved_by, second.version, second.approved_at) == (people.dora(), 2, None)


def test_who_may_not_and_what_cannot():
    with pytest.raises(NotAllowed):
        written(by=people.mads)
    with pytest.raises(RuleBroken, match="Skriv klagevejledningen"):
        written("…")
    draft = written(by=people.dora)
    with pytest.raises(NotAllowed):
        approved(draft, by=people.karl)
    with pytest.raises(RuleBroken, match="selv skrevet"):
        approved(draft)
    written("Ring til {kontakt}.", by=people.karl)
    with pytest.raises(WrongState):
        approved(draft)


def test_where_the_law_is_in_doubt_a_lawyer_is_named():
    draft = written(basis=LegalBasis.SEL18)

    with pytest.raises(RuleBroken, match="jurist"):
        approved(draft)

    assert approved(draft, legal_review="Jens Hansen, 3. marts 2027").legal_review
