"""Leaders of institutions and guardians: asked by mail, answered without a log-in."""

from datetime import timedelta

import pytest

from pulje.actions.application.guardian import answer_guardian, ask_guardian
from pulje.actions.application.partner import answer_leader, ask_leader
from pulje.enums import ApplicantKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, Partner
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, an_applicant, case_in
from tests.pulje.actions.telling import last_line, refuses

MUNICIPAL = {"is_municipal": True, "leader_email": "leder@puljer.example"}


def a_partner(case: Application, **fields: object) -> Partner:
    return Partner.objects.create(
        application=case, position=1, name="Skolen", **(MUNICIPAL | fields)
    )


@pytest.mark.parametrize("who", [people.asta, people.karl])
def test_leader_is_asked_by_the_applicant_or_the_house(now, who):
    partner = a_partner(case_in(CaseState.SUBMITTED))

    assert ask_leader(partner, by=who(), at=now).asked_at == now
    assert last_line(partner.application).event == "partner_asked"


@pytest.mark.parametrize("who", [people.ulla, people.fie])
def test_others_ask_no_leader(now, who):
    with pytest.raises(NotAllowed):
        ask_leader(a_partner(case_in(CaseState.SUBMITTED)), by=who(), at=now)


@pytest.mark.parametrize(
    "fields",
    [{"is_municipal": False}, {"leader_email": ""}],
    ids=["no institution", "no address"],
)
def test_there_must_be_a_leader_to_ask(now, fields):
    with refuses(RuleBroken, "Skriv først lederens e-mail"):
        ask_leader(a_partner(a_draft(), **fields), by=people.asta(), at=now)


def test_leader_says_yes_then_no_with_a_remark(now):
    partner = a_partner(case_in(CaseState.IN_REVIEW))

    yes = answer_leader(partner, at=now, is_confirmed=True, remark="")
    twice = answer_leader(partner, at=now + timedelta(days=1), is_confirmed=True, remark="")
    with refuses(RuleBroken, "Lederen har allerede"):
        ask_leader(partner, by=people.asta(), at=now)
    with refuses(RuleBroken, "Skriv, hvad der ikke passer"):
        answer_leader(partner, at=now, is_confirmed=False, remark=" ")
    no = answer_leader(partner, at=now, is_confirmed=False, remark="Vi har ikke plads.")

    assert (yes.is_confirmed, twice.answered_at, no.is_confirmed) == (True, now, False)
    assert last_line(partner.application).event == "partner_declined"


def test_a_decided_case_asks_and_hears_no_leader(now):
    partner = a_partner(case_in(CaseState.REJECTED))

    with refuses(WrongState, "Sagen er afgjort"):
        ask_leader(partner, by=people.asta(), at=now)
    with refuses(WrongState, "Sagen er afgjort"):
        answer_leader(partner, at=now, is_confirmed=True, remark="")


# --- guardians ---

MOTHER = {"name": "Mor", "email": "mor@puljer.example"}


@pytest.fixture
def alone() -> Application:
    return a_draft(applicant=an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr=""))


def test_guardian_is_asked_once_and_may_change_their_mind_until_it_is_sent(now, alone):
    consent = ask_guardian(alone, by=people.asta(), at=now, **MOTHER)

    assert ask_guardian(alone, by=people.asta(), at=now, **MOTHER | {"name": "Mor!"}) is None
    answer_guardian(consent, by=None, at=now, is_given=True)
    answer_guardian(consent, by=None, at=now, is_given=False)
    again = answer_guardian(consent, by=None, at=now + timedelta(days=1), is_given=False)

    assert (again.name, again.is_given, again.answered_at) == ("Mor!", False, now)
    assert last_line(alone).event == "guardian_refused"
    Application.objects.filter(pk=alone.pk).update(state=CaseState.WITHDRAWN)
    with refuses(WrongState, "Ansøgningen er sendt"):
        answer_guardian(consent, by=None, at=now, is_given=True)


def test_another_guardian_starts_anew(now, alone):
    answer_guardian(
        ask_guardian(alone, by=people.asta(), at=now, **MOTHER), by=None, at=now, is_given=True
    )

    ask_guardian(alone, by=people.asta(), at=now, name="Far", email="far@puljer.example")

    assert list(alone.guardian_consents.values_list("name", "is_given")) == [("Far", False)]


def test_only_a_person_alone_needs_a_guardian_and_not_themselves(now, alone):
    with refuses(RuleBroken, "Kun en, der søger for sig selv"):
        ask_guardian(a_draft(), by=people.asta(), at=now, **MOTHER)
    with refuses(RuleBroken, "Skriv værgens e-mail"):
        ask_guardian(alone, by=people.asta(), at=now, name="Mig", email="Asta@puljer.example")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": " aSTA "}, "Skriv værgens navn"),
        ({"email": "Kontakt@puljer.example"}, "Skriv værgens e-mail"),
        ({"email": "hjemme@puljer.example"}, "Skriv værgens e-mail"),
    ],
)
def test_nobody_is_their_own_guardian_by_another_name(now, alone, facts, sentence):
    Application.objects.filter(pk=alone.pk).update(contact_email="kontakt@puljer.example")
    alone.applicant.email = "hjemme@puljer.example"
    alone.applicant.save(update_fields=["email"])

    with refuses(RuleBroken, sentence):
        ask_guardian(alone, by=people.asta(), at=now, **MOTHER | facts)


def test_nobody_who_is_with_the_applicant_answers_for_the_guardian(now, alone):
    consent = ask_guardian(alone, by=people.asta(), at=now, **MOTHER)
    people.seat(alone.applicant, people.person("Ven"))

    for who in (people.asta(), people.person("Ven")):
        with refuses(NotAllowed, "Log af først"):
            answer_guardian(consent, by=who, at=now, is_given=True)
    assert answer_guardian(consent, by=people.ulla(), at=now, is_given=True).is_given
