"""Who goes is asked first; whose buttons are there; who answers for a guardian."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from pulje.actions.link import make_token
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.models import GuardianConsent, Membership
from tests import people
from tests.factories import a_draft, an_applicant

pytestmark = pytest.mark.django_db
UNCONFIRMED = {"confirmed_at": None, "proof": RightProof.NONE, "may_sign": True}


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta())
    return client


@pytest.fixture
def club() -> SimpleNamespace:
    applicant = an_applicant()
    klaus = people.seat(applicant, people.person("Klaus"), **UNCONFIRMED)
    url = f"/ansoeg/foreninger/{applicant.pk}/"
    return SimpleNamespace(applicant=applicant, klaus=klaus, url=url)


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("verb", ["fjern", "forlad"])
def test_nobody_goes_before_the_question_is_answered(
    asta: Client, club: SimpleNamespace, verb: str
) -> None:
    a_draft(applicant=club.applicant)
    address = f"{club.url}{verb}/?member={club.klaus.pk}"

    pages = text(asta.get(address)), text(asta.post(address, {"member": club.klaus.pk}))

    assert club.applicant.memberships.active().count() == 2
    for shown in pages:
        assert ("Vil du fjerne Klaus" in shown) == (verb == "fjern")
        assert ("Du er den sidste, der må underskrive, og der er en kladde" in shown) == (
            verb == "forlad"
        )
    asta.post(address, {"ja": "1"})
    assert club.applicant.memberships.active().count() == 1


def test_buttons_follow_the_rule(client: Client, club: SimpleNamespace) -> None:
    bo = people.person("Bo")
    seat = people.seat(club.applicant, bo, role=MemberRole.BOARD, may_sign=True)
    client.force_login(bo)

    assert "Inviter en mere" in text(client.get(club.url))
    Membership.objects.filter(pk=seat.pk).update(role=MemberRole.WRITER)
    assert "Kun en fra bestyrelsen" in text(client.get(club.url))
    Membership.objects.filter(pk=seat.pk).update(role=MemberRole.BOARD)
    bo.identities.all().delete()
    shown = text(client.get(club.url))
    assert "Log ind med MitID, så kan du invitere" in shown
    assert "Inviter en mere" not in shown
    refused = text(client.get(f"{club.url}fjern/?member={club.klaus.pk}"))
    assert "Log ind med MitID først" in refused


def test_the_young_do_not_answer_for_their_guardian(asta: Client) -> None:
    draft = a_draft(applicant=an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr=""))
    consent = GuardianConsent.objects.create(
        application=draft, name="Mor", email="mor@puljer.example", asked_at=timezone.now()
    )
    address = f"/samtykke/{make_token('guardian', consent.pk)}/"

    shown, refused = text(asta.get(address)), asta.post(address, {"answer": "yes"})

    consent.refresh_from_db()
    assert "Log af først: samtykket skal gives af" in shown
    assert 'value="yes"' not in shown
    assert (refused.status_code, consent.answered_at) == (403, None)
