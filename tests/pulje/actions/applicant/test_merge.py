"""Two rows of one applicant become one: everything moves once, and the wrong pairs are refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.applicant.merge import merge_applicants
from pulje.actions.journal import broken_entries
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, PuljeError, RuleBroken, WrongState
from pulje.models import Applicant, Application
from pulje.queries.applicant.membership import account
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, an_applicant, case_in

pytestmark = pytest.mark.django_db
K = ApplicantKind


def merged(keep: Applicant, drop: Applicant) -> Applicant:
    return merge_applicants(keep, drop, by=people.karl(), at=timezone.now())


def test_everything_moves_once_and_can_be_repeated() -> None:
    pool, now = a_pool(), timezone.now()
    keep = an_applicant(name="Holte Kor", cvr="", email="", board_confirmed_on=date(2024, 1, 1))
    drop = an_applicant(name="Holte kor", town="Holte", board_confirmed_on=date(2025, 1, 1))
    cvr = drop.cvr
    ulla = people.person("Ulla")
    people.seat(drop, ulla, role=MemberRole.TREASURER, may_sign=True)
    for who, email in ((keep, "ny@puljer.example"), (drop, "ny@puljer.example")):
        who.invitations.create(
            email=email, invited_by=people.asta(), invited_at=now, expires_at=now
        )
    older = an_applicant(name="Kor i Holte", cvr="")
    sent = case_in(CaseState.APPROVED, pool=pool, applicant=drop, requested_kr=Decimal(5000))
    draft = a_draft(pool=pool, applicant=drop)
    merged(drop, older)

    merged(keep, drop)
    again = merged(keep, drop)

    drop.refresh_from_db()
    older.refresh_from_db()
    assert (drop.merged_into, drop.cvr, older.merged_into) == (keep, "", keep)
    assert (again.cvr, again.town, again.email) == (cvr, "Holte", drop.email)
    assert again.board_confirmed_on == date(2025, 1, 1)
    assert set(Application.objects.filter(applicant=keep)) == {sent, draft}
    for case in (sent, draft):
        entries = case.journal.filter(event="applicant_merged")
        assert [entry.data for entry in entries] == [{"from": drop.pk, "to": keep.pk}]
    assert broken_entries(Application.objects.filter(applicant=keep)) == []
    active = keep.memberships.active().order_by("user__name")
    assert [seat.user.name for seat in active] == ["Asta", "Ulla"]
    assert drop.memberships.count() == 0
    assert keep.invitations.waiting().count() == 1
    found = account(ulla, drop.pk)
    assert found is not None
    assert found.applicant == keep
    assert {case.pk for case in found.cases} == {sent.pk, draft.pk}


def test_a_right_one_only_claimed_oneself_must_be_confirmed_anew() -> None:
    keep = an_applicant()
    network = an_applicant(kind=K.INFORMAL_GROUP, cvr="", signer=people.ulla())
    network.memberships.update(proof=RightProof.SELF)

    merged(keep, network)

    seat = keep.memberships.get(user=people.ulla())
    assert (seat.confirmed_at, seat.proof) == (None, RightProof.NONE)


def test_the_wrong_pairs_are_refused_in_a_sentence() -> None:
    """One table over one set of applicants; nothing is written."""
    club, other = an_applicant(), an_applicant()
    network = an_applicant(kind=K.INFORMAL_GROUP, cvr="")
    person = an_applicant(kind=K.INDIVIDUAL, cvr="")
    another = an_applicant(kind=K.INDIVIDUAL, cvr="", signer=people.ulla())
    karls = an_applicant(cvr="", signer=people.karl())
    gone = an_applicant(cvr="")
    merged(network, gone)
    table: list[tuple[Applicant, Applicant, type[PuljeError], str]] = [
        (club, club, RuleBroken, "den samme ansøger"),
        (club, other, RuleBroken, "hver sit CVR-nummer"),
        (network, club, RuleBroken, "Behold den med CVR-nummeret"),
        (club, person, RuleBroken, "en person, og den anden er ikke"),
        (person, another, RuleBroken, "hver sit MitID"),
        (club, karls, NotAllowed, "selv med"),
        (club, gone, WrongState, "allerede lagt sammen"),
        (gone, karls, WrongState, "allerede lagt sammen"),
    ]

    for keep, drop, error, sentence in table:
        with pytest.raises(error, match=sentence):
            merged(keep, drop)
    with pytest.raises(NotAllowed):
        merge_applicants(network, karls, by=people.fie(), at=timezone.now())

    assert Applicant.objects.exclude(merged_into=None).get() == gone
