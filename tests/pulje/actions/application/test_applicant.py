import pytest

from pulje.actions.application.applicant import register
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import RuleBroken
from pulje.models import Membership
from tests import people
from tests.factories import an_applicant, cvr
from tests.pulje.actions.telling import refuses


@pytest.mark.parametrize(
    ("kind", "kept", "role", "proof"),
    [
        (ApplicantKind.ASSOCIATION, True, MemberRole.BOARD, RightProof.NONE),
        (ApplicantKind.INFORMAL_GROUP, False, MemberRole.RESPONSIBLE, RightProof.SELF),
        (ApplicantKind.INDIVIDUAL, False, MemberRole.RESPONSIBLE, RightProof.SELF),
    ],
)
def test_register_makes_the_writer_one_who_may_act(now, kind, kept, role, proof):
    applicant = register(by=people.asta(), at=now, kind=kind, name="Naboerne", cvr=cvr(1))

    seat = Membership.objects.get(applicant=applicant)
    assert applicant.cvr == (cvr(1) if kept else "")
    assert (seat.user, seat.role, seat.may_sign, seat.proof) == (people.asta(), role, True, proof)


def test_register_refuses_a_number_that_is_taken(now):
    taken = an_applicant().cvr

    with refuses(RuleBroken, "CVR-nummeret er allerede hos os."):
        register(by=people.ulla(), at=now, kind=ApplicantKind.ASSOCIATION, name="Ny", cvr=taken)
