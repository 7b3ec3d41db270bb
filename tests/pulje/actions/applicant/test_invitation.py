"""Invitations: who may send them, and every way a link can be wrong."""

from datetime import timedelta

import pytest

from pulje.actions.applicant.invitation import (
    MOST_WAITING,
    accept_invitation,
    invite,
    resend,
    revoke,
)
from pulje.actions.applicant.membership import remove
from pulje.actions.application.applicant import change_applicant, claim
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, Invitation
from tests import people
from tests.factories import a_draft, an_applicant
from tests.pulje.actions.telling import last_line, refuses

BOARD = {"role": MemberRole.BOARD, "may_sign": True}


@pytest.fixture
def draft():
    return a_draft()


def sent(draft, now, **facts):
    told = {"email": "ulla@puljer.example", "application": draft} | facts
    return invite(draft.applicant, by=people.asta(), at=now, **told)


def test_invited_by_a_manager_is_confirmed(draft, now):
    invitation = sent(draft, now, **BOARD)

    seat = accept_invitation(invitation, by=people.ulla(), at=now)

    assert (seat.role, seat.may_sign, seat.proof) == (MemberRole.BOARD, True, RightProof.MEMBER)
    assert last_line(draft).event == "joined"
    assert "other_address" not in last_line(draft).data


def test_yes_twice_is_harmless_and_a_member_gets_what_is_new(draft, now):
    people.seat(draft.applicant, people.ulla(), confirmed_at=None, proof=RightProof.NONE)
    invitation = sent(draft, now, **BOARD)

    first = accept_invitation(invitation, by=people.ulla(), at=now)
    again = accept_invitation(invitation, by=people.ulla(), at=now)

    assert first == again
    assert (again.role, again.may_sign, again.proof) == (MemberRole.BOARD, True, RightProof.MEMBER)
    assert draft.applicant.memberships.count() == 2


def test_another_address_may_say_yes_and_it_is_noted(draft, now):
    accept_invitation(sent(draft, now, email="kasserer@puljer.example"), by=people.ulla(), at=now)

    assert last_line(draft).data["other_address"] is True


SPOILT = {
    "expired": (lambda i, now: None, timedelta(days=31), "Invitationen udløb"),
    "revoked": (
        lambda i, now: revoke(i, by=people.asta(), at=now),
        timedelta(),
        "Invitationen er trukket tilbage",
    ),
    "used by another": (
        lambda i, now: accept_invitation(i, by=people.person("Wilma"), at=now),
        timedelta(),
        "Invitationen er brugt",
    ),
    "used and removed": (
        lambda i, now: remove(
            accept_invitation(i, by=people.ulla(), at=now), by=people.asta(), at=now
        ),
        timedelta(),
        "Invitationen er brugt, og du er ikke længere med",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_link_says_why(draft, now, how):
    spoil, later, sentence = SPOILT[how]
    invitation = sent(draft, now)
    spoil(invitation, now)

    with refuses(RuleBroken, sentence):
        accept_invitation(invitation, by=people.ulla(), at=now + later)


def test_an_unconfirmed_one_invites_a_writer_to_the_own_draft_only(draft, now):
    ulla, applicant = people.ulla(), draft.applicant
    claim(applicant, by=ulla, at=now)
    own = a_draft(applicant=applicant)
    Application.objects.filter(pk=own.pk).update(created_by=ulla)
    own.refresh_from_db()

    for application in (None, draft):
        with pytest.raises(NotAllowed):
            invite(applicant, by=ulla, at=now, email="m@puljer.example", application=application)
    made = invite(applicant, by=ulla, at=now, email="m@puljer.example", application=own, **BOARD)
    seat = accept_invitation(made, by=people.person("Makker"), at=now)

    assert (seat.role, seat.may_sign, seat.confirmed_at) == (MemberRole.WRITER, False, None)
    assert list(Application.objects.of_person(people.person("Makker"))) == [own]


def test_writers_stay_with_a_draft_that_changes_applicant(draft, now):
    accept_invitation(sent(draft, now), by=people.ulla(), at=now)
    waiting = sent(draft, now, email="x@puljer.example")
    other = an_applicant()

    change_applicant(draft, other, by=people.asta(), at=now)

    waiting.refresh_from_db()
    assert list(Application.objects.of_person(people.ulla())) == [draft]
    assert other.memberships.get(user=people.ulla()).confirmed_at is None
    assert waiting.revoked_at == now


def test_the_same_address_is_the_same_invitation(draft, now):
    first = sent(draft, now)
    again = sent(draft, now + timedelta(days=2), email="Ulla@puljer.example", **BOARD)

    assert again.pk == first.pk
    assert (again.role, again.expires_at - first.expires_at) == ("BOARD", timedelta(days=2))


def test_sent_again_it_lives_longer_and_is_not_revived(draft, now):
    invitation = sent(draft, now)

    later = resend(invitation, by=people.asta(), at=now + timedelta(days=40))
    accept_invitation(later, by=people.ulla(), at=now + timedelta(days=41))

    for verb in (resend, revoke):
        with refuses(RuleBroken, "Invitationen er brugt"):
            verb(invitation, by=people.asta(), at=now)


def test_revoked_is_not_sent_again(draft, now):
    invitation = revoke(sent(draft, now), by=people.asta(), at=now)

    assert revoke(invitation, by=people.asta(), at=now).revoked_at == now
    with refuses(RuleBroken, "Invitationen er trukket tilbage"):
        resend(invitation, by=people.asta(), at=now)


@pytest.mark.parametrize("verb", [resend, revoke])
def test_a_stranger_touches_no_invitation(draft, now, verb):
    with pytest.raises(NotAllowed):
        verb(sent(draft, now), by=people.ulla(), at=now)


def test_who_is_removed_takes_their_invitations_along(draft, now):
    wilma = people.seat(draft.applicant, people.person("Wilma"), **BOARD)
    invitation = invite(
        draft.applicant, by=people.person("Wilma"), at=now, email="ven@puljer.example", **BOARD
    )

    remove(wilma, by=people.asta(), at=now)

    with refuses(RuleBroken, "Invitationen er trukket tilbage"):
        accept_invitation(invitation, by=people.ulla(), at=now)


def test_a_person_alone_gets_writers_and_nobody_invites_themselves(now):
    alone = an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr="")

    made = invite(alone, by=people.asta(), at=now, email="ven@puljer.example", **BOARD)

    assert (made.role, made.may_sign) == (MemberRole.WRITER, False)
    with refuses(RuleBroken, "Det er din egen e-mail"):
        invite(alone, by=people.asta(), at=now, email="ASTA@puljer.example")


def test_nobody_mails_the_whole_town(draft, now):
    one = sent(draft, now)
    Invitation.objects.bulk_create(
        Invitation(
            applicant=draft.applicant,
            email=f"{number}@puljer.example",
            invited_by=people.asta(),
            invited_at=now,
            expires_at=one.expires_at,
        )
        for number in range(MOST_WAITING - 1)
    )

    with refuses(RuleBroken, "Der venter allerede mange"):
        sent(draft, now, email="one.more@puljer.example")
