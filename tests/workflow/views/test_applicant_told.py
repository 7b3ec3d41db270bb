"""A decision is told when its letter has left, and shown when it is opened."""

import pytest
from django.test import Client
from django.utils import timezone

from pulje.actions.casework import clarification
from pulje.models import Application
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, case_in, walk_to
from tests.workflow.opening import opened, told

S = CaseState
pytestmark = pytest.mark.django_db
SECRETS = ("tilskud denne gang", "Tillykke", "2 af 3", "Godt for kvarteret", "Det er løn", "8.000")


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta())
    return client


def text(response: object) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("state", [S.APPROVED, S.REJECTED])
def test_nothing_is_told_before_the_letter_is(asta: Client, state: CaseState) -> None:
    case = case_in(state, requested_kr=8_000)
    page, listed = text(asta.get(f"/ansoeg/{case.pk}/")), text(asta.get("/ansoeg/"))
    shown = page.split("Se hele ansøgningen")[0]

    assert "Behandles" in page
    assert "Behandles" in listed
    assert "afgørelse i sagen" not in page + listed
    assert [word for word in SECRETS[:-1] if word in shown + listed] == []
    assert "Ja tak" not in page
    assert "traek-tilbage" not in page


@pytest.mark.parametrize("state", [S.APPROVED, S.REJECTED])
@pytest.mark.parametrize("page", ["ja-tak/", "nej-tak/", "traek-tilbage/", "rapport/", "svar/"])
def test_no_refusal_gives_the_secret_away(asta: Client, state: CaseState, page: str) -> None:
    case = case_in(state)

    said = text(asta.post(f"/ansoeg/{case.pk}/{page}", {"answer-text": "Hej"}, follow=True))

    assert "Det kan ikke gøres lige nu." in said
    assert "Bevilget" not in said
    assert "Afslag" not in said
    assert Application.objects.get(pk=case.pk).state == state


def test_opening_is_kept_once(asta: Client) -> None:
    case = told(case_in(S.REJECTED))

    before = text(asta.get(f"/ansoeg/{case.pk}/"))
    for _click in range(2):
        asta.post(f"/ansoeg/{case.pk}/afgoerelse/")
    after = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert "Åbn afgørelsen" in before
    assert "Det er løn" not in before
    assert "Det er løn" in after
    assert "Det blev et nej denne gang" in after
    assert case.decisions.get().opened_by == people.asta()
    assert case.journal.filter(event="decision_opened").count() == 1


def test_opening_before_the_letter_does_nothing(asta: Client) -> None:
    case = case_in(S.REJECTED)

    asta.post(f"/ansoeg/{case.pk}/afgoerelse/")

    assert case.decisions.get().opened_at is None


def test_case_worker_sees_who_opened_it(client: Client) -> None:
    case = opened(case_in(S.APPROVED))
    client.force_login(people.karl())

    assert "af Asta." in text(client.get(f"/sag/{case.pk}/"))


def test_award_shows_the_letters_own_terms(asta: Client) -> None:
    case = opened(case_in(S.APPROVED))

    page = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert "Spørg os først, hvis I vil ændre noget væsentligt." in page
    assert "Puljens vilkår, version 1" in page


def test_terms_that_were_not_shown_are_not_accepted(asta: Client) -> None:
    case = opened(case_in(S.APPROVED))

    said = text(asta.post(f"/ansoeg/{case.pk}/ja-tak/", {"decision": "1"}, follow=True))

    assert "Der er kommet en ny afgørelse." in said
    assert Application.objects.get(pk=case.pk).state == S.APPROVED


def test_hearing_after_the_grant_does_not_take_it_back(asta: Client) -> None:
    walk = walk_to(S.PAID)
    told(walk.case)
    walk.open_hearing()

    page = asta.get(f"/ansoeg/{walk.case.pk}/")

    said = {name: state for name, _note, state in page.context["timeline"]}
    assert (said["Afgørelse"], said["Udbetalt"], said["Rapporteret"]) == ("done", "done", "current")
    assert page.context["file"].decision is not None


def test_refused_long_ago_is_no_task(asta: Client) -> None:
    opened(case_in(S.REJECTED))
    told(case_in(S.REJECTED, title="Ny"))

    tasks = asta.get("/ansoeg/").context["mine"].tasks

    assert [(task.what, task.about) for task in tasks] == [("Der er en afgørelse", "Ny")]


def test_list_is_searched_and_turned(asta: Client) -> None:
    applicant = an_applicant()
    for number in range(23):
        case_in(S.DRAFT, applicant=applicant, title=f"Kladde {number}")

    whole, found = asta.get("/ansoeg/"), asta.get("/ansoeg/?q=kladde+7")
    nothing = text(asta.get("/ansoeg/?q=%00zz"))

    assert len(whole.context["mine"].rows) == 20
    assert "Side 1 af 2" in text(whole)
    assert [row.case.title for row in found.context["mine"].rows] == ["Kladde 7"]
    assert "Ingen ansøgninger passer til" in nothing


def test_information_opens_the_named_parts_only(asta: Client) -> None:
    case = case_in(S.RETURNED)

    page = text(asta.get(f"/ansoeg/{case.pk}/"))

    assert f'href="/ansoeg/{case.pk}/budget/"' in page
    assert f'href="/ansoeg/{case.pk}/ide/"' not in page
    assert set(clarification.PARTS) == {"idea", "budget", "dates", "attachments", "contact"}


def test_signing_is_a_task_of_the_second_signer(client: Client) -> None:
    case = case_in(S.DRAFT)
    case.applicant.two_must_sign = True
    case.applicant.save()
    sofie = people.identified(people.person("Sofie"))
    people.seat(case.applicant, sofie, may_sign=True)
    case.signatures.create(
        user=people.asta(), kind="APPLICATION", digest="0" * 64, signed_at=timezone.now()
    )

    client.force_login(people.asta())
    hers = client.get("/ansoeg/").context["mine"].tasks
    client.force_login(sofie)
    (task,) = client.get("/ansoeg/").context["mine"].tasks

    assert hers == []
    assert (task.what, task.url) == (
        "Læs ansøgningen, og skriv under",
        f"/ansoeg/{case.pk}/send/",
    )
