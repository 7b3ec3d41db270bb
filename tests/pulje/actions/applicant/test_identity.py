from datetime import date, datetime, timedelta

from pulje.actions.applicant.identity import enters_by_mail, person_by_mail, sign_in, take_mail
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, Identity, Membership, User
from pulje.registers.identity import Claims
from tests import people
from tests.factories import a_draft, an_applicant
from tests.pulje.actions.telling import refuses

LONE = Claims("https://broker.example", "s-1", "Lone Krag", birthdate=date(1980, 1, 2), loa="high")
CVR = "25063864"
AT_WORK = Claims("https://broker.example", "s-2", "Lone Krag", "lone@kor.example", CVR, "Koret")


def signed(user: User) -> Membership:
    return user.memberships.get()


def a_drafter(email: str = "lone@puljer.example") -> tuple[User, Application]:
    """Somebody who came by a mailed link and began a draft for a new association."""
    user = person_by_mail(email)
    applicant = an_applicant(signer=people.ulla())
    Membership.objects.create(
        applicant=applicant, user=user, role=MemberRole.BOARD, started_on=date(2026, 1, 1)
    )
    return user, a_draft(applicant=applicant, created_by=user)


def test_a_stranger_is_made_without_password_or_mail(now: datetime) -> None:
    user = sign_in(LONE, at=now)

    assert (user.name, user.born_on, user.has_mail) == ("Lone Krag", date(1980, 1, 2), False)
    assert not user.has_usable_password()
    identity = user.identities.get()
    assert (identity.name, identity.loa, identity.cvr) == ("Lone Krag", "high", "")


def test_the_same_identity_is_the_same_person(now: datetime) -> None:
    first = sign_in(LONE, at=now - timedelta(days=9))
    again = sign_in(Claims(LONE.issuer, LONE.subject, "Lone Krag Holm"), at=now)

    assert again == first
    assert (again.name, again.born_on) == ("Lone Krag Holm", date(1980, 1, 2))
    identity = again.identities.get()
    assert (now - identity.first_seen_at, identity.last_seen_at) == (timedelta(days=9), now)


def test_the_same_subject_of_another_issuer_is_another_person(now: datetime) -> None:
    other = Claims("https://other.example", LONE.subject, LONE.name)

    assert sign_in(LONE, at=now) != sign_in(other, at=now)


def test_an_e_mail_that_looks_the_same_links_nobody(now: datetime) -> None:
    owner = person_by_mail("lone@kor.example")

    user = sign_in(AT_WORK, at=now)

    assert user != owner
    assert not user.has_mail
    assert not owner.identities.exists()


def test_a_free_e_mail_of_the_claims_is_kept(now: datetime) -> None:
    assert sign_in(AT_WORK, at=now).email == "lone@kor.example"
    assert not sign_in(Claims("i", "s", "X", "not an e-mail"), at=now).has_mail


def test_whoever_is_logged_in_by_mail_keeps_the_draft(now: datetime) -> None:
    drafter, draft = a_drafter()

    user = sign_in(LONE, at=now, current=drafter)

    assert user == drafter
    assert (user.name, user.email) == ("Lone Krag", "lone@puljer.example")
    assert list(Application.objects.of_person(user)) == [draft]
    assert not enters_by_mail(user)


def test_a_known_identity_takes_over_what_was_begun_by_mail(now: datetime) -> None:
    known = sign_in(AT_WORK, at=now)
    drafter, draft = a_drafter()

    user = sign_in(AT_WORK, at=now, current=drafter)

    assert user == known
    assert list(Application.objects.of_person(user)) == [draft]
    assert list(Application.objects.of_person(drafter)) == []


def test_a_known_identity_without_mail_gets_the_one_it_came_with(now: datetime) -> None:
    known = sign_in(LONE, at=now)
    drafter, draft = a_drafter()

    user = sign_in(LONE, at=now, current=drafter)

    known.refresh_from_db()
    assert (user, user.name, known.is_active) == (drafter, "Lone Krag", False)
    assert user.identities.get().subject == LONE.subject
    assert list(Application.objects.of_person(user)) == [draft]


def test_two_places_at_one_applicant_become_one(now: datetime) -> None:
    known = sign_in(AT_WORK, at=now)
    drafter, draft = a_drafter()
    people.seat(draft.applicant, known)

    sign_in(AT_WORK, at=now, current=drafter)

    assert known.memberships.active().get().proof == RightProof.DOCUMENT
    assert not drafter.memberships.active().exists()


def test_private_and_business_identity_of_one_person_meet(now: datetime) -> None:
    user = sign_in(LONE, at=now)

    assert sign_in(AT_WORK, at=now, current=user) == user
    assert Identity.objects.filter(user=user).count() == 2


def test_another_person_at_the_same_screen_is_somebody_else(now: datetime) -> None:
    user = sign_in(LONE, at=now)
    namesake = Claims("i", "s-4", "Lone Krag", birthdate=date(1990, 5, 5))

    assert sign_in(Claims("i", "s-3", "Per Krag"), at=now, current=user) != user
    assert sign_in(namesake, at=now, current=user) != user


def test_the_house_s_people_are_not_applicants_by_the_way(now: datetime) -> None:
    karl = people.karl()

    assert sign_in(LONE, at=now, current=karl) != karl
    assert not karl.identities.exists()


def test_a_closed_user_is_refused(now: datetime) -> None:
    user = sign_in(LONE, at=now)
    user.is_active = False
    user.save()

    with refuses(NotAllowed, "Din adgang er lukket"):
        sign_in(LONE, at=now)


def test_mitid_erhverv_gives_a_place_at_a_known_applicant(now: datetime) -> None:
    koret = an_applicant(cvr=CVR)

    user = sign_in(AT_WORK, at=now)

    place = signed(user)
    assert (place.applicant, place.role, place.may_sign) == (koret, MemberRole.BOARD, True)
    assert (place.proof, place.confirmed_at) == (RightProof.MITID_ERHVERV, now)


def test_mitid_erhverv_confirms_the_place_one_has(now: datetime) -> None:
    drafter, draft = a_drafter()
    claims = Claims("i", "s", "Lone", cvr=draft.applicant.cvr)

    place = signed(sign_in(claims, at=now, current=drafter))

    assert (place.role, place.may_sign) == (MemberRole.BOARD, False)
    assert (place.proof, place.confirmed_at) == (RightProof.MITID_ERHVERV, now)


def test_mitid_erhverv_does_not_change_what_is_confirmed(now: datetime) -> None:
    koret = an_applicant(cvr=CVR)
    user = sign_in(Claims(AT_WORK.issuer, AT_WORK.subject, "Lone"), at=now)
    people.seat(koret, user)

    assert signed(sign_in(AT_WORK, at=now)).proof == RightProof.DOCUMENT


def test_mitid_erhverv_of_an_unknown_number_gives_nothing(now: datetime) -> None:
    assert not sign_in(AT_WORK, at=now).memberships.exists()


def test_mitid_erhverv_does_not_undo_an_ended_place(now: datetime) -> None:
    koret = an_applicant(cvr=CVR)
    user = sign_in(Claims(AT_WORK.issuer, AT_WORK.subject, "Lone"), at=now)
    people.seat(koret, user, ended_on=date(2026, 1, 1))

    sign_in(AT_WORK, at=now)

    assert not user.memberships.active().exists()


def test_an_employee_of_the_municipality_does_not_speak_for_its_institutions(
    now: datetime,
) -> None:
    an_applicant(cvr=CVR, kind=ApplicantKind.MUNICIPAL_INSTITUTION)

    assert not sign_in(AT_WORK, at=now).memberships.exists()


def test_only_those_nothing_else_vouches_for_enter_by_mail(now: datetime) -> None:
    closed = person_by_mail("closed@x.example")
    closed.is_active = False

    assert enters_by_mail(person_by_mail("Ny@X.example "))
    assert person_by_mail("ny@x.EXAMPLE") == person_by_mail("ny@x.example")
    shut = [people.karl(), people.asta(), sign_in(LONE, at=now), closed]
    assert [enters_by_mail(person) for person in shut] == [False] * 4


def test_a_confirmed_e_mail_becomes_the_one_of_whoever_came_by_mitid(now: datetime) -> None:
    user = sign_in(LONE, at=now)
    owner = person_by_mail("lone@puljer.example")

    one = take_mail(user, owner, at=now)

    assert (one, one.name, one.born_on) == (owner, "Lone Krag", date(1980, 1, 2))
    assert sign_in(LONE, at=now) == owner


def test_an_e_mail_of_somebody_identified_is_not_taken(now: datetime) -> None:
    user = sign_in(LONE, at=now)

    with refuses(RuleBroken, "Den e-mail bruges allerede"):
        take_mail(user, people.asta(), at=now)
