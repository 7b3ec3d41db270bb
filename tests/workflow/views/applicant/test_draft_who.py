"""Step 1: who applies; looked up in CVR, claimed, invited; nothing typed is lost."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from letters.models import Mail
from pulje.enums import ApplicantKind, RightProof
from pulje.errors import RegisterUnavailable
from pulje.models import (
    Applicant,
    Application,
    GuardianConsent,
    Invitation,
    Membership,
    Pool,
    User,
)
from pulje.registers import cvr as register
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_pool, a_round, an_applicant, case_in

pytestmark = pytest.mark.django_db
CHOIR = "99000104"  # known to the fake register, not to us
CLOSED = "99000120"


@pytest.fixture
def ulla(client: Client) -> Client:
    client.force_login(people.ulla())
    return client


@pytest.fixture
def pool() -> Pool:
    return opened(a_pool())


def opened(pool: Pool) -> Pool:
    a_round(pool)
    pool.is_public = True
    pool.save(update_fields=["is_public"])
    return pool


def text(response) -> str:
    return " ".join(response.content.decode().split())


def typed(**more: str) -> dict[str, str]:
    return {
        "noegle": uuid4().hex,
        "applicant": "NEW",
        "kind": "ASSOCIATION",
        "cvr": "",
        "contact_name": "Ulla",
        "contact_email": "ulla@puljer.example",
        "frem": "1",
    } | more


def sent(client: Client, pool: Pool, **more: str):
    return client.post(f"/ansoeg/ny/{pool.slug}/", typed(**more))


def test_an_association_is_fetched_from_cvr_and_its_right_is_claimed(
    ulla: Client, pool: Pool
) -> None:
    response = sent(ulla, pool, cvr="99 00 01 04")

    draft = Application.objects.get()
    applicant = draft.applicant
    assert response.url == f"/ansoeg/{draft.pk}/ide/"
    assert (applicant.name, applicant.street, applicant.town) == (
        "Nærum Sangforening",
        "Ahornvænget 4",
        "Nærum",
    )
    assert applicant.memberships.get().proof == RightProof.NONE
    assert draft.contact_email == "ulla@puljer.example"
    assert "ikke bekræftet endnu" in text(ulla.get(f"/ansoeg/{draft.pk}/hvem/"))


def test_a_double_click_is_one_draft(ulla: Client, pool: Pool) -> None:
    data = typed(cvr=CHOIR)

    for _click in range(2):
        ulla.post(f"/ansoeg/ny/{pool.slug}/", data)

    assert (Application.objects.count(), Applicant.objects.count()) == (1, 1)


def test_looking_up_saves_nothing_and_keeps_what_is_typed(ulla: Client, pool: Pool) -> None:
    shown = text(sent(ulla, pool, cvr=CHOIR, find="1", contact_phone="12 34", makker="m@x.example"))
    told = {"headers": {"HX-Request": "true"}}
    part = text(ulla.post(f"/ansoeg/ny/{pool.slug}/", typed(cvr="sang", find="1"), **told))

    assert "Nærum Sangforening" in shown
    assert "Hentet fra CVR i dag" in shown
    assert 'value="12 34"' in shown
    assert 'value="m@x.example"' in shown
    assert "<html" not in part
    assert f'value="{CHOIR}"' in part
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("99000105", "er ikke et CVR-nummer"),
        ("", "Skriv CVR-nummeret"),
        (CLOSED, "er ophørt"),
        ("Findes ikke", "Vi fandt ingen med det navn"),
        ("forening", "Vælg den rigtige på listen"),
        ("10000009", "CVR kender ikke 10000009"),
    ],
)
def test_what_cvr_does_not_know_is_a_sentence(
    ulla: Client, pool: Pool, number: str, sentence: str
) -> None:
    shown = text(sent(ulla, pool, cvr=number, contact_name="Ulla Uden"))

    assert sentence in shown
    assert 'value="Ulla Uden"' in shown
    assert not Application.objects.exists()


def test_a_name_gives_a_list_to_choose_from(ulla: Client, pool: Pool) -> None:
    sent(ulla, pool, cvr="sang", company=CHOIR)

    assert Application.objects.get().applicant.cvr == CHOIR


def test_a_silent_register_is_no_hindrance(ulla: Client, pool: Pool, monkeypatch) -> None:
    def silent(_number: str) -> None:
        raise RegisterUnavailable("CVR-registret svarer ikke lige nu.")

    monkeypatch.setattr(register, "look_up", silent)

    assert "CVR-registret svarer ikke" in text(sent(ulla, pool, cvr=CHOIR))
    sent(ulla, pool, cvr=CHOIR, name="Nærum Sangforening", street="Skrevet 1")

    applicant = Applicant.objects.get()
    assert (applicant.cvr, applicant.street) == (CHOIR, "Skrevet 1")


def test_who_is_here_already_is_claimed_and_the_others_are_asked(ulla: Client, pool: Pool) -> None:
    old = case_in(CaseState.SUBMITTED)

    sent(ulla, pool, cvr=old.applicant.cvr)

    seat = Membership.objects.get(user=people.ulla())
    assert (seat.applicant, seat.confirmed_at) == (old.applicant, None)
    assert list(Mail.objects.filter(kind="MEMBER_REQUEST").values_list("recipient_email")) == [
        ("asta@puljer.example",)
    ]
    assert old not in Application.objects.of_person(people.ulla())


def test_a_network_invites_its_second_member(ulla: Client, pool: Pool) -> None:
    sent(ulla, pool, kind="INFORMAL_GROUP", name="Naboerne", makker="bo@puljer.example")

    draft = Application.objects.get()
    assert draft.applicant.memberships.get().proof == RightProof.SELF
    assert Invitation.objects.get().application == draft
    shown = text(ulla.get(f"/ansoeg/{draft.pk}/hvem/"))
    assert "bo@puljer.example" in shown
    assert "har ikke svaret endnu" in shown


def test_a_young_person_asks_a_guardian_once(ulla: Client, pool: Pool) -> None:
    mother = {"guardian_name": "Mor", "guardian_email": "mor@puljer.example"}
    sent(ulla, pool, kind="INDIVIDUAL", **mother)
    draft = Application.objects.get()
    for _again in range(2):
        ulla.post(f"/ansoeg/{draft.pk}/hvem/", typed(**mother))

    assert draft.applicant.name == "Ulla"
    assert GuardianConsent.objects.get().email == "mor@puljer.example"
    assert Mail.objects.filter(kind="GUARDIAN_CONSENT").count() == 1
    assert "Mor er spurgt" in text(ulla.get(f"/ansoeg/{draft.pk}/hvem/"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"makker": "ulla@puljer.example"}, "Det er din egen e-mail"),
        ({"guardian_name": "Mor"}, "Skriv e-mailen, så vi kan spørge"),
        ({"guardian_email": "mor@puljer.example"}, "Skriv navnet på den, vi spørger"),
        ({"guardian_name": "ULLA", "guardian_email": "mor@x.example"}, "Skriv værgens navn"),
        ({"guardian_name": "Mor", "guardian_email": "Ulla@puljer.example"}, "Skriv værgens e-mail"),
        (
            {
                "guardian_name": "Mor",
                "guardian_email": "k@x.example",
                "contact_email": "K@x.example",
            },
            "Skriv værgens e-mail",
        ),
        ({"contact_email": "ulla@"}, "Skriv e-mailen som"),
        ({"kind": ""}, "Vælg, hvem der søger"),
        ({"kind": "INFORMAL_GROUP", "name": ""}, "Skriv navnet på den, der søger"),
    ],
)
def test_what_is_wrong_is_said(ulla: Client, pool: Pool, more: dict, sentence: str) -> None:
    shown = text(sent(ulla, pool, **{"kind": "INDIVIDUAL"} | more))

    assert sentence in shown
    assert "Fejl:" in shown
    assert not Application.objects.exists()


def test_who_is_known_to_be_young_names_a_guardian_to_go_on(ulla: Client, pool: Pool) -> None:
    today = timezone.localdate()
    User.objects.filter(pk=people.ulla().pk).update(born_on=today.replace(today.year - 16, day=1))
    demand = "Du er under 18 år. Skriv, hvem vi skal spørge."

    assert demand in text(sent(ulla, pool, kind="INDIVIDUAL"))
    closing = {name: value for name, value in typed(kind="INDIVIDUAL").items() if name != "frem"}
    ulla.post(f"/ansoeg/ny/{pool.slug}/", closing | {"luk": "1"})
    address = f"/ansoeg/{Application.objects.get().pk}/hvem/"

    assert ulla.post(address, closing | {"luk": "1"}).url == "/ansoeg/"
    assert demand not in text(ulla.post(address, typed(), headers={"HX-Request": "true"}))
    assert demand in text(ulla.post(address, typed()))
    mother = {"guardian_name": "Mor", "guardian_email": "mor@puljer.example"}
    assert ulla.post(address, typed(**mother)).status_code == 302


def test_the_pool_says_who_it_is_not_for(ulla: Client) -> None:
    pool = opened(a_pool(applicant_kinds=[ApplicantKind.ASSOCIATION]))

    shown = text(ulla.get(f"/ansoeg/ny/{pool.slug}/"))

    assert "Puljen kan ikke søges af:" in shown
    assert "enkeltpersoner" in shown
    assert "Mig selv" not in shown


def test_known_applicants_come_first(client: Client, pool: Pool) -> None:
    applicant = an_applicant()
    client.force_login(people.asta())

    shown = text(client.get(f"/ansoeg/ny/{pool.slug}/"))
    sent(client, pool, applicant=str(applicant.pk), kind="INDIVIDUAL", cvr="vrøvl")

    assert applicant.name in shown
    assert Application.objects.get().applicant == applicant


# --- a draft that is begun ---


def test_a_writer_is_invited_from_the_draft(client: Client) -> None:
    draft = a_draft()
    client.force_login(people.asta())

    response = client.post(f"/ansoeg/{draft.pk}/hvem/", typed(makker="bo@puljer.example"))

    assert response.url == f"/ansoeg/{draft.pk}/ide/"
    assert Invitation.objects.get().email == "bo@puljer.example"


def test_a_draft_changes_applicant(client: Client) -> None:
    draft = a_draft()
    client.force_login(people.asta())
    address = f"/ansoeg/{draft.pk}/hvem/skift/"

    assert draft.applicant.name in text(client.get(address))
    client.post(address, typed(cvr=CHOIR, find="1"))
    response = client.post(address, typed(cvr=CHOIR))

    draft.refresh_from_db()
    assert (response.url, draft.applicant.cvr) == (f"/ansoeg/{draft.pk}/hvem/", CHOIR)


def test_a_sent_case_does_not(client: Client) -> None:
    case = case_in(CaseState.SUBMITTED)
    client.force_login(people.asta())

    client.post(f"/ansoeg/{case.pk}/hvem/skift/", typed(cvr=CHOIR))

    case.refresh_from_db()
    assert case.applicant.cvr != CHOIR


@pytest.mark.parametrize("number", [1, 3])
def test_the_step_costs_the_same_for_one_and_three(
    client: Client, django_assert_num_queries, number: int
) -> None:
    draft = a_draft()
    for index in range(number):
        people.seat(draft.applicant, people.person(f"Medlem{index}"))
    client.force_login(people.asta())

    with django_assert_num_queries(11):
        client.get(f"/ansoeg/{draft.pk}/hvem/")
