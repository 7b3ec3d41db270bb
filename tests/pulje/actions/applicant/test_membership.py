"""Who may do what to whom at an applicant, and that nothing is lost when people come and go."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from pulje.actions.applicant.board import confirm_board
from pulje.actions.applicant.invitation import invite
from pulje.actions.applicant.membership import (
    attach_proof,
    change_role,
    confirm_member,
    confirm_right,
    hand_over,
    leave,
    remove,
)
from pulje.actions.application import applicant as applicants
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, Identity
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, an_applicant, case_in, cvr
from tests.pulje.actions.telling import last_line, refuses

UNCONFIRMED = {"confirmed_at": None, "proof": RightProof.NONE, "may_sign": True}


@pytest.fixture
def town():
    """Asta may manage; Wilma writes; Klaus claims; Tove is the one things are done to."""
    applicant = an_applicant()
    seats = SimpleNamespace(
        asta=applicant.memberships.get(),
        wilma=people.seat(applicant, people.person("Wilma")),
        klaus=people.seat(applicant, people.person("Klaus"), **UNCONFIRMED),
        tove=people.seat(applicant, people.person("Tove"), **UNCONFIRMED),
    )
    return SimpleNamespace(applicant=applicant, **vars(seats))


DEEDS = {
    "confirm": lambda t, by, at: confirm_member(t.tove, by=by, at=at),
    "remove": lambda t, by, at: remove(t.tove, by=by, at=at),
    "change_role": lambda t, by, at: change_role(
        t.tove, by=by, at=at, role=MemberRole.BOARD, may_sign=False
    ),
    "hand_over": lambda t, by, at: hand_over(t.tove, by=by, at=at),
    "attach_proof": lambda t, by, at: attach_proof(
        t.tove, by=by, at=at, name="liste.pdf", content=b"%PDF-1.7"
    ),
    "confirm_board": lambda t, by, at: confirm_board(t.applicant, by=by, at=at),
    "two_must_sign": lambda t, by, at: applicants.set_two_must_sign(
        t.applicant, by=by, two_must_sign=False
    ),
    "change_contact": lambda t, by, at: applicants.change_contact(
        t.applicant, by=by, street="Ny vej 1", postcode="2840", town="Holte", email="", phone=""
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_confirmed_member_who_may_sign_decides_about_the_others(now, town, deed):
    assert DEEDS[deed](town, people.asta(), now) is not None


@pytest.mark.parametrize("who", ["Wilma", "Klaus", "Ulla", "Karl"])
@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_else_decides_about_the_others(now, town, deed, who):
    with pytest.raises(NotAllowed):
        DEEDS[deed](town, people.person(who, *people.karl().roles[: who == "Karl"]), now)


def test_nobody_confirms_themselves_and_proof_may_be_one_s_own(now, town):
    with refuses(NotAllowed, "Din ret til at handle for"):
        confirm_member(town.klaus, by=people.person("Klaus"), at=now)

    kept = attach_proof(
        town.klaus, by=people.person("Klaus"), at=now, name="liste.pdf", content=b"%PDF-1.7"
    )

    assert kept.proof_name == "liste.pdf"
    assert "liste" not in kept.proof_file.name


def test_confirmed_by_a_member_once(now, town):
    first = confirm_member(town.tove, by=people.asta(), at=now)
    again = confirm_member(town.tove, by=people.asta(), at=now + timedelta(days=1))

    assert (first.proof, first.confirmed_by) == (RightProof.MEMBER, people.asta())
    assert again.confirmed_at == now


def test_the_house_confirms_what_it_has_seen(now):
    case = case_in(CaseState.SUBMITTED)
    claimed = people.seat(case.applicant, people.person("Klaus"), **UNCONFIRMED)
    elsewhere = people.seat(an_applicant(), people.person("Klaus"), **UNCONFIRMED)
    karl = people.karl()

    with refuses(RuleBroken, "Skriv, hvilket dokument"):
        confirm_right(case, by=karl, at=now, membership=claimed, note=" ")
    with refuses(RuleBroken, "Personen er ikke med"):
        confirm_right(case, by=karl, at=now, membership=elsewhere, note="Referat")
    with pytest.raises(NotAllowed):
        confirm_right(case, by=people.fie(), at=now, membership=claimed, note="Referat")
    confirm_right(case, by=karl, at=now, membership=claimed, note="Referat af 3. maj")

    claimed.refresh_from_db()
    assert (claimed.proof, claimed.confirmed_by) == (RightProof.DOCUMENT, karl)
    assert last_line(case).data["reason"] == "Referat af 3. maj"
    assert confirm_right(case, by=karl, at=now, membership=claimed, note="Igen") is None


def test_hand_over_and_leave(now, town):
    hand_over(town.wilma, by=people.asta(), at=now, leave_too=True)

    town.wilma.refresh_from_db()
    town.asta.refresh_from_db()
    assert (town.wilma.role, town.wilma.may_sign) == (MemberRole.CHAIR, True)
    assert (town.asta.may_sign, town.asta.ended_on is None) == (False, False)
    with refuses(NotAllowed, "Du er ikke længere med"):
        confirm_member(town.tove, by=people.asta(), at=now)


def test_hand_over_is_to_somebody_else(now, town):
    with refuses(RuleBroken, "Vælg en anden"):
        hand_over(town.asta, by=people.asta(), at=now)


def test_the_last_who_may_sign_stays_while_a_case_is_open(now):
    case = case_in(CaseState.SUBMITTED)
    seat = case.applicant.memberships.get()

    with refuses(RuleBroken, "Du er den sidste, der må binde"):
        leave(seat, by=people.asta(), at=now)
    with refuses(RuleBroken, "Du er den sidste, der må binde"):
        change_role(seat, by=people.asta(), at=now, role=MemberRole.WRITER, may_sign=False)
    people.seat(case.applicant, people.person("Wilma"), may_sign=True)
    leave(seat, by=people.asta(), at=now)

    assert last_line(case).event == "member_left"
    assert Application.objects.of_person(people.asta()).count() == 0
    assert case.applicant.memberships.count() == 2  # nothing is deleted


def test_leaving_is_one_s_own_and_a_removed_one_is_told(now, town):
    with refuses(NotAllowed, "Man kan kun selv"):
        leave(town.tove, by=people.asta(), at=now)
    with refuses(RuleBroken, "Du kan ikke fjerne dig selv"):
        remove(town.asta, by=people.asta(), at=now)
    remove(town.tove, by=people.asta(), at=now)

    with refuses(WrongState, "Personen er ikke længere med"):
        confirm_member(town.tove, by=people.asta(), at=now)
    town.tove.refresh_from_db()
    assert remove(town.tove, by=people.asta(), at=now).ended_on is not None


def test_two_must_sign_needs_two(now, town):
    with refuses(RuleBroken, "Kun én må binde jer"):
        applicants.set_two_must_sign(town.applicant, by=people.asta(), two_must_sign=True)
    change_role(town.wilma, by=people.asta(), at=now, role=MemberRole.BOARD, may_sign=True)

    applicants.set_two_must_sign(town.applicant, by=people.asta(), two_must_sign=True)


# --- a claimed place ---


def test_a_claim_sees_its_own_cases_only(now):
    old = case_in(CaseState.SUBMITTED)
    ulla = people.ulla()

    seat = applicants.claim(old.applicant, by=ulla, at=now)
    again = applicants.claim(old.applicant, by=ulla, at=now)
    own = a_draft(applicant=old.applicant)
    Application.objects.filter(pk=own.pk).update(created_by=ulla)

    assert (seat, seat.confirmed_at, seat.proof) == (again, None, RightProof.NONE)
    assert list(Application.objects.of_person(ulla)) == [own]


@pytest.mark.parametrize("has_been", [False, True], ids=["new", "removed before"])
def test_mitid_erhverv_confirms_at_once_but_not_whom_they_removed(now, has_been):
    applicant, ulla = an_applicant(), people.ulla()
    Identity.objects.filter(user=ulla).update(cvr=applicant.cvr)
    if has_been:
        remove(people.seat(applicant, ulla), by=people.asta(), at=now)

    seat = applicants.claim(applicant, by=ulla, at=now)

    assert seat.proof == (RightProof.NONE if has_been else RightProof.MITID_ERHVERV)


def test_what_has_no_number_is_not_claimed(now):
    network = an_applicant(kind=ApplicantKind.INFORMAL_GROUP, cvr="")

    with refuses(NotAllowed, "Bed en, der er med"):
        applicants.claim(network, by=people.ulla(), at=now)


# --- the applicant of a draft ---


def test_a_draft_changes_applicant_while_it_is_a_draft(now):
    draft = a_draft()
    other = applicants.register(
        by=people.asta(), at=now, kind=ApplicantKind.ASSOCIATION, name="Ny", cvr=cvr(777)
    )

    entry = applicants.change_applicant(draft, other, by=people.asta(), at=now)

    draft.refresh_from_db()
    assert (draft.applicant, entry.event) == (other, "applicant_changed")
    assert applicants.change_applicant(draft, other, by=people.asta(), at=now) is None
    with refuses(NotAllowed, "Du er ikke med hos den ansøger"):
        stranger = an_applicant(signer=people.ulla())
        applicants.change_applicant(draft, stranger, by=people.asta(), at=now)


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.RETURNED])
def test_a_sent_case_keeps_its_applicant(now, state):
    case = case_in(state)

    with refuses(WrongState, "Ansøgningen er sendt"):
        applicants.change_applicant(case, an_applicant(), by=people.asta(), at=now)


# --- may sign, and yet decides about nobody ---


@pytest.mark.parametrize("deed", DEEDS)
def test_who_joined_by_mail_alone_decides_about_nobody(now, town, deed):
    bo = people.person("Bo")
    people.seat(town.applicant, bo, role=MemberRole.BOARD, may_sign=True)
    bo.identities.all().delete()

    if deed == "change_contact":  # no decision about others
        assert DEEDS[deed](town, bo, now)
        return
    with refuses(NotAllowed, "Log ind med MitID først"):
        DEEDS[deed](town, bo, now)


def test_a_writer_who_may_sign_removes_no_chair(now, town):
    bo = people.person("Bo")
    people.seat(town.applicant, bo, may_sign=True)

    with refuses(NotAllowed, "Du skriver med og kan ikke ændre"):
        remove(town.asta, by=bo, at=now)
    with pytest.raises(NotAllowed):
        invite(
            town.applicant, by=bo, at=now, email="x@y.example", role=MemberRole.BOARD, may_sign=True
        )
