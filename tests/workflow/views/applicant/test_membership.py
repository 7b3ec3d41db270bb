"""Members, invitations and mailed links, as people meet them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from letters.models import Mail
from pulje.actions.applicant.invitation import invite
from pulje.actions.applicant.membership import attach_proof, remove
from pulje.actions.link import make_token
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.models import Application, GuardianConsent, Invitation, Membership, Partner, User
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, an_applicant, case_in
from workflow.asking import ask_boards, ask_leader

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
    return SimpleNamespace(applicant=applicant, klaus=klaus, url=page(applicant))


def page(applicant) -> str:
    return f"/ansoeg/foreninger/{applicant.pk}/"


def text(response) -> str:
    return " ".join(response.content.decode().split())


def downloaded(response) -> tuple[str, bytes]:
    """The name and the content of a file sent as a download."""
    content = b"".join(response.streaming_content)
    return response["Content-Disposition"].partition('attachment; filename="')[2][:-1], content


def mails(kind: str) -> list[str]:
    rows = Mail.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("recipient_email", flat=True))


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_one_and_three(
    asta: Client, club: SimpleNamespace, django_assert_num_queries, number: int
) -> None:
    for index in range(number):
        people.seat(club.applicant, people.person(f"Medlem{index}"))
        a_draft(applicant=club.applicant)
        email = f"{index}@puljer.example"
        invite(club.applicant, by=people.asta(), at=timezone.now(), email=email)

    with django_assert_num_queries(9):
        asta.get(club.url)
    with django_assert_num_queries(4):
        asta.get("/ansoeg/foreninger/")


def test_a_claimant_sees_nothing_of_the_others(client: Client, club: SimpleNamespace) -> None:
    other = a_draft(applicant=club.applicant, title="Hemmelig plan")
    client.force_login(people.person("Klaus"))

    shown = text(client.get(club.url))

    assert "Din plads er ikke bekræftet endnu" in shown
    assert "Asta" not in shown
    assert other.title not in shown


def test_strangers_and_removed_members_find_nothing(client: Client, club: SimpleNamespace) -> None:
    remove(club.klaus, by=people.asta(), at=timezone.now())

    for who in (people.ulla(), people.person("Klaus")):
        client.force_login(who)
        assert client.get(club.url).status_code == 404
        assert client.post(f"{club.url}inviter/", {"email": "x@y.example"}).status_code == 404


def test_invited_sent_again_and_taken_back(asta: Client, club: SimpleNamespace) -> None:
    told = {"email": "ny@puljer.example", "role": "TREASURER", "may_sign": "on"}
    asta.post(f"{club.url}inviter/", told)
    invitation = Invitation.objects.get()
    asta.post(f"{club.url}send-igen/", {"invitation": invitation.pk})
    asta.post(f"{club.url}traek-tilbage/", {"invitation": invitation.pk})

    invitation.refresh_from_db()
    assert (invitation.role, invitation.may_sign) == (MemberRole.TREASURER, True)
    assert invitation.revoked_at is not None
    assert set(mails("INVITATION")) == {"ny@puljer.example"}


def test_what_is_refused_is_said_with_all_that_was_typed(
    asta: Client, club: SimpleNamespace
) -> None:
    wrong = text(asta.post(f"{club.url}inviter/", {"email": "asta@", "role": "BOARD"}))
    own = text(asta.post(f"{club.url}inviter/", {"email": "asta@puljer.example", "role": "BOARD"}))
    alone = text(asta.post(f"{club.url}underskrifter/", {"two_must_sign": "on"}))

    assert "Skriv e-mailen som navn@eksempel.dk." in wrong
    assert 'value="asta@"' in wrong
    assert "Det er din egen e-mail" in own
    assert "Kun én må binde jer" in alone
    assert not Invitation.objects.exists()


def test_confirmed_given_a_role_handed_over_to_and_left_to(
    asta: Client, club: SimpleNamespace
) -> None:
    member = {"member": club.klaus.pk}
    asta.post(f"{club.url}bekraeft/", member)
    role = {f"m{club.klaus.pk}-role": "TREASURER", f"m{club.klaus.pk}-may_sign": "on"}
    asta.post(f"{club.url}rolle/", member | role)
    response = asta.post(f"{club.url}overdrag/", member | {"leave_too": "on"})

    club.klaus.refresh_from_db()
    assert (club.klaus.role, club.klaus.proof) == (MemberRole.CHAIR, RightProof.MEMBER)
    assert response.url == "/ansoeg/foreninger/"
    assert asta.get(club.url).status_code == 404


def test_the_last_signer_is_told_why_they_cannot_leave(asta: Client) -> None:
    case = case_in(CaseState.SUBMITTED)

    shown = text(asta.post(f"{page(case.applicant)}forlad/"))

    assert "Du er den sidste, der må binde" in shown


def test_address_board_and_removal(asta: Client, club: SimpleNamespace) -> None:
    asta.post(f"{club.url}kontakt/", {"street": "Ny vej 1", "postcode": "2840", "town": "Holte"})
    asta.post(f"{club.url}fjern/", {"member": club.klaus.pk, "ja": "1"})
    asta.post(f"{club.url}bestyrelse/")

    club.applicant.refresh_from_db()
    assert club.applicant.street == "Ny vej 1"
    assert club.applicant.board_confirmed_by == people.asta()
    assert not club.applicant.memberships.active().filter(pk=club.klaus.pk).exists()


def test_a_member_of_elsewhere_and_an_unknown_verb_are_not_there(
    asta: Client, club: SimpleNamespace
) -> None:
    elsewhere = people.seat(an_applicant(signer=people.ulla()), people.person("Wilma"))

    assert asta.post(f"{club.url}fjern/", {"member": elsewhere.pk}).status_code == 404
    assert asta.post(f"{club.url}fjern/", {"member": "x"}).status_code == 404
    assert asta.post(f"{club.url}hvad/").status_code == 404


def test_proof_is_checked_kept_and_private(client: Client, club: SimpleNamespace) -> None:
    client.force_login(people.person("Klaus"))
    bad = SimpleUploadedFile("liste.pdf", b"not a pdf")
    refused = text(client.post(f"{club.url}bevis/", {"proof": bad}))
    good = SimpleUploadedFile("liste.pdf", b"%PDF-1.7 bestyrelsen")
    client.post(f"{club.url}bevis/", {"proof": good})
    address = f"{club.url}bevis/{club.klaus.pk}/"

    assert "kan ikke åbnes som PDF" in refused
    assert downloaded(client.get(address)) == ("liste.pdf", b"%PDF-1.7 bestyrelsen")
    people.seat(club.applicant, people.person("Wilma"))
    for who, status in ((people.asta(), 200), (people.person("Wilma"), 404), (people.ulla(), 404)):
        client.force_login(who)
        response = client.get(address)
        assert response.getvalue()
        assert response.status_code == status


# --- the board, once a year ---


def test_the_board_is_asked_once_a_year(asta: Client, club: SimpleNamespace) -> None:
    today = timezone.localdate()
    club.applicant.board_confirmed_on = today - timedelta(days=366)
    club.applicant.save(update_fields=["board_confirmed_on"])

    ask_boards(timezone.localtime())
    ask_boards(timezone.localtime())

    assert mails("BOARD_CONFIRMATION") == ["asta@puljer.example"]
    assert "Er I stadig den rigtige bestyrelse?" in text(asta.get("/ansoeg/"))
    asta.post(f"{club.url}bestyrelse/")
    assert "Er I stadig den rigtige bestyrelse?" not in text(asta.get("/ansoeg/"))


# --- the mailed invitation ---


def link(invitation: Invitation) -> str:
    return f"/invitation/{make_token('invitation', invitation.pk)}/"


@pytest.fixture
def invited(club: SimpleNamespace) -> Invitation:
    draft = a_draft(applicant=club.applicant)
    told = {"email": "ny@puljer.example", "application": draft}
    return invite(club.applicant, by=people.asta(), at=timezone.now(), **told)


def test_a_stranger_enters_by_the_link_and_may_only_write(
    client: Client, invited: Invitation
) -> None:
    shown = text(client.get(link(invited)))
    response = client.post(link(invited))

    newcomer = User.objects.get(email="ny@puljer.example")
    assert "Asta" in shown
    assert response.url == f"/ansoeg/{invited.application_id}/"
    assert (newcomer.has_usable_password(), newcomer.memberships.get().may_sign) == (False, False)
    assert client.get("/ansoeg/").status_code == 200
    assert client.post(link(invited)).status_code == 302  # twice is harmless


def test_who_has_more_than_an_address_logs_in(client: Client, club: SimpleNamespace) -> None:
    people.karl()
    told = {"email": "Karl@puljer.example", "role": MemberRole.BOARD}
    invitation = invite(club.applicant, by=people.asta(), at=timezone.now(), **told)

    assert "Log ind, så kommer du tilbage" in text(client.get(link(invitation)))
    assert client.post(link(invitation)).status_code == 410
    assert not Membership.objects.filter(user=people.karl()).exists()


def test_another_address_says_yes_knowingly(client: Client, invited: Invitation) -> None:
    client.force_login(people.ulla())

    assert "Invitationen er sendt til ny@puljer.example" in text(client.get(link(invited)))
    client.post(link(invited))

    assert Membership.objects.get(user=people.ulla()).proof == RightProof.MEMBER


@pytest.mark.parametrize("how", ["broken", "foreign", "expired", "revoked", "used", "gone"])
def test_a_bad_link_is_a_sentence(client: Client, invited: Invitation, how: str) -> None:
    past = timezone.now() - timedelta(days=1)
    address = link(invited)
    match how:
        case "broken":
            address = address[:-4] + "xyz/"
        case "foreign":
            address = f"/invitation/{make_token('partner', invited.pk)}/"
        case "expired":
            Invitation.objects.filter(pk=invited.pk).update(expires_at=past)
        case "revoked":
            Invitation.objects.filter(pk=invited.pk).update(revoked_at=past)
        case "used":
            Invitation.objects.filter(pk=invited.pk).update(
                accepted_at=past, accepted_by=people.ulla()
            )
        case "gone":
            Invitation.objects.filter(pk=invited.pk).delete()

    for response in (client.get(address), client.post(address)):
        assert response.status_code == 410
        assert "Linket virker ikke længere" in text(response)


# --- leaders and guardians ---


def a_partner(case: Application) -> Partner:
    return Partner.objects.create(
        application=case,
        position=1,
        name="Skolen",
        contribution="lokaler",
        is_municipal=True,
        leader_email="leder@puljer.example",
    )


def test_a_leader_answers_without_a_log_in(client: Client) -> None:
    case = case_in(CaseState.SUBMITTED)
    partner = a_partner(case)
    ask_leader(partner, by=people.asta(), at=timezone.now())
    address = f"/samarbejde/{make_token('partner', partner.pk)}/"

    assert "lokaler" in text(client.get(address))
    assert "Sæt kryds, hvis det er rigtigt" in text(client.post(address, {"answer": "yes"}))
    assert "Skriv, hvad der ikke passer" in text(client.post(address, {"answer": "no"}))
    client.post(address, {"answer": "yes", "supplements": "on"})

    partner.refresh_from_db()
    assert (partner.is_confirmed, mails("PARTNER_CONFIRMATION")) == (True, [partner.leader_email])
    assert "Du svarede ja" in text(client.get(address))
    client.force_login(people.karl())
    assert "Lederen har bekræftet" in text(client.get(f"/sag/{case.pk}/"))


def test_ask_again_from_both_sides(client: Client) -> None:
    case = case_in(CaseState.SUBMITTED)
    partner = a_partner(case)

    for who, address in ((people.asta, "/ansoeg/"), (people.karl, "/sag/")):
        client.force_login(who())
        shown = client.get(f"{address}{case.pk}/")
        client.post(f"{address}{case.pk}/samarbejde/{partner.pk}/")
        assert "samarbejde" in text(shown)
    client.force_login(people.ulla())
    assert client.post(f"/ansoeg/{case.pk}/samarbejde/{partner.pk}/").status_code == 404

    assert set(mails("PARTNER_CONFIRMATION")) == {partner.leader_email}


def test_a_decided_case_hears_no_leader(client: Client) -> None:
    partner = a_partner(case_in(CaseState.REJECTED))
    address = f"/samarbejde/{make_token('partner', partner.pk)}/"

    assert "intet at svare på" in text(client.get(address))
    assert client.post(address, {"answer": "yes", "supplements": "on"}).status_code == 410


def test_a_guardian_answers_and_changes_their_mind(client: Client) -> None:
    draft = a_draft(applicant=an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr=""))
    consent = GuardianConsent.objects.create(
        application=draft, name="Mor", email="mor@puljer.example", asked_at=timezone.now()
    )
    address = f"/samtykke/{make_token('guardian', consent.pk)}/"

    for answer, said in (("yes", "Du svarede ja"), ("no", "Du svarede nej")):
        client.post(address, {"answer": answer})
        assert said in text(client.get(address))

    consent.delete()
    assert client.get(address).status_code == 410


# --- the house ---


def test_the_house_sees_and_confirms_the_right(client: Client) -> None:
    case = case_in(CaseState.SUBMITTED)
    seat = case.applicant.memberships.get()
    Membership.objects.filter(pk=seat.pk).update(confirmed_at=None, proof=RightProof.NONE)
    attach_proof(seat, by=people.asta(), at=timezone.now(), name="referat.pdf", content=b"%PDF-1.7")
    client.force_login(people.karl())
    address = f"/sag/{case.pk}/ret/{seat.pk}/"

    shown = text(client.get(f"/sag/{case.pk}/"))
    document = downloaded(client.get(f"{address}dokument/"))
    without = text(client.post(address, {"note": ""}))
    client.post(address, {"note": "Referat af 3. maj"})

    assert "Retten er ikke bekræftet" in shown
    assert document == ("referat.pdf", b"%PDF-1.7")
    assert "Skriv, hvilket dokument du har set." in without
    assert "er bekræftet af Karl, som har set et dokument" in text(client.get(f"/sag/{case.pk}/"))
