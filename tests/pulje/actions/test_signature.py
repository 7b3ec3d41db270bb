"""Two must sign: in either order, once, the text that stands there, by those who may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pulje.actions.application import application as actions
from pulje.actions.signature import give_back, sign
from pulje.enums import SignatureKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Identity
from pulje.queries.application.signature import (
    digest,
    last_return,
    others_who_may_sign,
    signatures,
    waits_for_another,
)
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, an_applicant, case_in
from tests.pulje.actions.telling import again, refuses

pytestmark = pytest.mark.django_db


def bo():
    return people.person("Bo")


@pytest.fixture
def draft():
    ours = an_applicant(two_must_sign=True)
    people.seat(ours, bo(), may_sign=True)
    return a_draft(applicant=ours)


@pytest.mark.parametrize("order", [(people.asta, bo), (bo, people.asta)])
def test_the_last_signature_sends(draft, now, order):
    first, last = (person() for person in order)
    with refuses(RuleBroken, "To skal skrive under for jer."):
        actions.submit(draft, by=first, at=now)

    sign(draft, by=first, at=now)
    assert again(draft).state == CaseState.DRAFT
    assert waits_for_another(draft, first)
    assert not waits_for_another(draft, last)
    actions.submit(draft, by=last, at=now)

    case = again(draft)
    assert (case.state, case.submitted_by) == (CaseState.SUBMITTED, last)
    assert [row.user for row in signatures(case)] == [first, last]
    events = case.journal.order_by("number").values_list("event", flat=True)
    assert list(events) == ["signed", "signed", "submit"]


def test_one_person_twice_is_one_signature(draft, now):
    sign(draft, by=people.asta(), at=now)
    sign(draft, by=people.asta(), at=now)

    assert draft.signatures.count() == 1
    with refuses(RuleBroken, "To skal skrive under"):
        actions.submit(draft, by=people.asta(), at=now)


def test_a_change_undoes_the_signature(draft, now):
    sign(draft, by=people.asta(), at=now)
    actions.save_draft(draft, by=people.asta(), fields={"summary": "Noget andet."})

    assert signatures(again(draft)) == []
    with refuses(RuleBroken, "To skal skrive under"):
        actions.submit(draft, by=bo(), at=now)


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: draft.budget_lines.update(text="Andet"),
        lambda draft: draft.partners.create(position=1, name="Skolen"),
        lambda draft: draft.attachments.create(
            kind="BYLAWS",
            name="v.pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at="2027-01-01T12:00Z",
            uploaded_by=people.asta(),
        ),
    ],
    ids=["a budget line", "a partner", "a file"],
)
def test_digest_is_of_all_that_is_read(draft, change):
    before = digest(draft)

    change(draft)

    assert digest(again(draft)) != before
    assert digest(draft, SignatureKind.REPORT) != digest(draft)


def test_who_has_left_has_not_signed(draft, now):
    sign(draft, by=bo(), at=now)
    draft.applicant.memberships.filter(user=bo()).update(ended_on=timezone.localdate(now))

    assert signatures(draft) == []
    assert others_who_may_sign(draft, people.asta()) == []


def test_sent_back_it_is_open_again_with_the_words(draft, now):
    sign(draft, by=people.asta(), at=now)

    give_back(draft, by=bo(), at=now, comment="Budgettet mangler leje.")

    assert signatures(draft) == []
    assert last_return(draft).comment == "Budgettet mangler leje."
    sign(draft, by=people.asta(), at=now + timedelta(minutes=1))
    assert last_return(draft) is None


def test_sign_refuses(draft, now):
    people.seat(draft.applicant, people.ulla())
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        sign(draft, by=people.ulla(), at=now)
    paid = case_in(CaseState.PAID)
    people.seat(paid.applicant, people.ulla())
    with refuses(NotAllowed, "Kun den, der må binde ansøgeren"):
        sign(paid, by=people.ulla(), at=now, kind=SignatureKind.REPORT)
    with refuses(RuleBroken, "Skriv, hvad der skal rettes"):
        give_back(draft, by=bo(), at=now, comment=" ")
    Identity.objects.filter(user=bo()).delete()
    with refuses(NotAllowed, "Log ind med MitID"):
        sign(draft, by=bo(), at=now)
    actions.save_draft(draft, by=people.asta(), fields={"title": ""})
    with refuses(RuleBroken, "Giv projektet en titel."):
        sign(draft, by=people.asta(), at=now)
