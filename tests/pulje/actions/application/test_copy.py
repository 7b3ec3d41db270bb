import pytest

from pulje.actions.application.copy import copy_draft
from pulje.actions.application.idea import keep_partners
from pulje.errors import NotAllowed
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_round, case_in
from tests.pulje.actions.telling import refuses

pytestmark = pytest.mark.django_db
SCHOOL = {
    "name": "Skolen",
    "contribution": "Lokaler",
    "is_municipal": True,
    "leader_name": "Lise",
    "leader_email": "lise@skole.example",
}


def test_texts_budget_and_partners_are_copied_but_not_what_belongs_to_its_time(now):
    draft = a_draft(answers={"gammelt": "ja"}, may_publish=True)
    keep_partners(draft, [SCHOOL], by=people.asta())
    draft.partners.update(asked_at=now, answered_at=now, is_confirmed=True)

    made = copy_draft(draft, a_round(), by=people.asta(), at=now)

    assert made.pk != draft.pk
    assert (made.state, made.title, made.requested_kr) == (
        CaseState.DRAFT,
        draft.title,
        draft.requested_kr,
    )
    assert [line.text for line in made.budget_lines.all()] == ["Råvarer"]
    partner = made.partners.get()
    assert (partner.name, partner.is_confirmed, partner.asked_at) == ("Skolen", False, None)
    assert (made.starts_on, made.ends_on, made.answers) == (None, None, {})
    assert not made.supplements_paid_work
    assert not made.may_publish


def test_answers_to_questions_that_are_asked_again_are_copied(now):
    draft = a_draft(answers={"nyt": "Ja", "gammelt": "Nej"})
    round = a_round()
    version = round.pool.versions.get()
    version.questions.create(position=1, key="nyt", kind="TEXT", label="Er det nyt?")

    assert copy_draft(draft, round, by=people.asta(), at=now).answers == {"nyt": "Ja"}


def test_copy_refuses_a_stranger(now):
    with refuses(NotAllowed, "Det kan du ikke gøre"):
        copy_draft(case_in(CaseState.SUBMITTED), a_round(), by=people.ulla(), at=now)


def test_an_answered_partner_stays_answered_when_others_change(now):
    draft = a_draft()
    keep_partners(draft, [SCHOOL], by=people.asta())
    draft.partners.update(asked_at=now, answered_at=now, is_confirmed=True)
    other = SCHOOL | {"name": "Spejderne", "is_municipal": False, "leader_email": ""}

    keep_partners(draft, [other, SCHOOL], by=people.asta())

    rows = draft.partners.order_by("position")
    assert [(row.name, row.is_confirmed) for row in rows] == [
        ("Spejderne", False),
        ("Skolen", True),
    ]
    keep_partners(draft, [SCHOOL | {"leader_email": "ny@skole.example"}], by=people.asta())
    assert [row.is_confirmed for row in draft.partners.all()] == [False]
