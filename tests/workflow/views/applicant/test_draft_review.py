"""Reading it all once more, signing, sending once; and an earlier application as a beginning."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from letters.models import Mail
from pulje.actions.link import make_token
from pulje.enums import ApplicantKind
from pulje.models import Application, Identity
from pulje.states import CaseState
from tests import people
from tests.factories import a_draft, a_round, an_applicant, case_in

S = CaseState
SEND = {"send": "1", "is_true": "on", "may_publish": "on"}
pytestmark = pytest.mark.django_db


def as_(user: object) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def asta() -> Client:
    return as_(people.asta())


@pytest.fixture
def bo() -> Client:
    return as_(people.person("Bo"))


@pytest.fixture
def two() -> Application:
    """A whole draft of an association where Asta and Bo sign together."""
    ours = an_applicant(name="Naboerne", two_must_sign=True)
    people.seat(ours, people.person("Bo"), may_sign=True)
    return a_draft(applicant=ours)


def text(response: object) -> str:
    return unescape(" ".join(response.content.decode().split()))


def again(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def review(client: Client, case: Application, **typed: str) -> object:
    address = f"/ansoeg/{case.pk}/send/"
    return client.post(address, typed) if typed else client.get(address)


def signing(client: Client, case: Application, **typed: str) -> object:
    address = f"/underskrift/{make_token('signature', case.pk)}/"
    return client.post(address, typed) if typed else client.get(address)


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("kind", "recipient_email"))


def test_everything_is_read_with_links_to_mend_it(asta: Client) -> None:
    case = a_draft(learning="Om aftenen virker.")
    case.partners.create(position=1, name="Toftevangskolen", contribution="Lokaler")

    page = text(review(asta, case))

    for said in (
        "Vi laver mad sammen",
        "Om aftenen virker.",
        "Toftevangskolen: Lokaler",
        "Råvarer",
    ):
        assert said in page
    assert f'href="/ansoeg/{case.pk}/budget/"' in page
    assert "Foreningens NemKonto" in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ApplicantKind.INDIVIDUAL, "Din NemKonto"),
        (ApplicantKind.INFORMAL_GROUP, "NemKontoen hos den, der er ansvarlig"),
        (ApplicantKind.SELF_GOVERNING_INSTITUTION, "Institutionens NemKonto"),
        (ApplicantKind.MUNICIPAL_INSTITUTION, "Flyttes mellem kommunens konti"),
    ],
)
def test_where_the_money_goes_by_kind(asta: Client, kind: str, said: str) -> None:
    assert said in text(review(asta, a_draft(applicant=an_applicant(kind=kind))))


def test_sent_it_is_received_once(asta: Client) -> None:
    case = a_draft()

    first, second = review(asta, case, **SEND), review(asta, case, **SEND)

    receipt = f"/ansoeg/{case.pk}/kvittering/"
    assert (first.headers["Location"], second.headers["Location"]) == (receipt, receipt)
    assert (again(case).state, again(case).may_publish) == (S.SUBMITTED, True)
    assert case.journal.filter(event="submit").count() == 1
    assert again(case).number in text(asta.get(receipt))


def test_what_is_missing_is_listed_with_links_and_nothing_is_sent(asta: Client) -> None:
    case = a_draft()
    Application.objects.update(title="")

    page = text(review(asta, case, **SEND))

    assert "Der mangler noget, før ansøgningen kan sendes" in page
    assert f'<a href="/ansoeg/{case.pk}/ide/#id_title">Giv projektet en titel.</a>' in page
    assert (again(case).state, again(case).may_publish) == (S.DRAFT, True)


def test_one_must_say_that_it_is_true(asta: Client) -> None:
    case = a_draft()

    page = text(review(asta, case, send="1"))

    assert "Sæt kryds ved, at oplysningerne er rigtige." in page
    assert again(case).state == S.DRAFT


def test_a_pool_that_closed_while_writing_keeps_the_draft(asta: Client) -> None:
    case = a_draft(round=a_round(closes_at=timezone.now() - timedelta(minutes=1)))

    page = text(review(asta, case, **SEND))

    assert "Puljen lukkede" in page
    assert again(case).state == S.DRAFT


def test_without_mitid_the_way_to_it_is_shown(asta: Client) -> None:
    case = a_draft()
    Identity.objects.all().delete()

    assert "Log ind med MitID" in text(review(asta, case))
    review(asta, case, **SEND)
    assert again(case).state == S.DRAFT


def test_a_writer_sends_the_link_to_who_may_sign(bo: Client) -> None:
    case = a_draft(applicant=an_applicant(name="Naboerne"))
    people.seat(case.applicant, people.person("Bo"))

    page = text(review(bo, case))
    review(bo, case, bed="1", underskriver=str(people.asta().pk))
    review(bo, case, bed="1", underskriver=str(people.asta().pk))

    assert "Send ansøgningen</button>" not in page
    assert "Send linket til underskrift" in page
    assert mails() == [("SIGN_REQUEST", "asta@puljer.example")]
    assert "Skriv under og send ansøgningen" in text(signing(as_(people.asta()), case))


def test_the_second_signature_sends(asta: Client, bo: Client, two: Application) -> None:
    first = review(asta, two, **SEND)
    assert first.headers["Location"] == f"/ansoeg/{two.pk}/send/"
    assert again(two).state == S.DRAFT
    assert mails() == [("SIGN_REQUEST", "bo@puljer.example")]
    assert "Asta skrev under" in text(review(asta, two))
    assert "Send linket til underskrift" in text(review(asta, two))

    assert "bliver ansøgningen sendt med det samme" in text(signing(bo, two))
    without = signing(bo, two, underskriv="1")
    assert "Sæt kryds ved, at du har læst ansøgningen." in text(without)
    sent = signing(bo, two, underskriv="1", is_true="on")

    assert sent.headers["Location"] == f"/ansoeg/{two.pk}/kvittering/"
    assert (again(two).state, again(two).submitted_by) == (S.SUBMITTED, people.person("Bo"))
    assert signing(bo, two, underskriv="1", is_true="on").status_code == 302


def test_the_second_may_sign_on_the_form_itself(asta: Client, bo: Client, two: Application) -> None:
    review(bo, two, **SEND)
    review(asta, two, **SEND)

    assert again(two).state == S.SUBMITTED


def test_sent_back_the_words_stand_on_the_draft(asta: Client, bo: Client, two: Application) -> None:
    review(asta, two, **SEND)

    assert "Skriv, hvad der skal rettes" in text(signing(bo, two, retur="1"))
    signing(bo, two, retur="1", comment="Lejen mangler.")

    assert ("SIGN_RETURNED", "asta@puljer.example") in mails()
    page = text(review(asta, two))
    assert "Bo skrev ikke under" in page
    assert "Lejen mangler." in page
    assert two.signatures.count() == 0


def test_a_change_asks_for_both_again(asta: Client, bo: Client, two: Application) -> None:
    review(asta, two, **SEND)
    Application.objects.update(summary="Noget andet.")

    assert "mangler der en underskrift mere" in text(signing(bo, two))
    signing(bo, two, underskriv="1", is_true="on")

    assert again(two).state == S.DRAFT
    assert mails()[-1] == ("SIGN_REQUEST", "asta@puljer.example")


@pytest.mark.parametrize("broken", ["x", "x:y", "🎉"])
def test_a_broken_link_says_so(asta: Client, broken: str) -> None:
    response = asta.get(f"/underskrift/{broken}/")

    assert response.status_code == 410
    assert "Linket virker ikke længere" in text(response)
    assert "Linket virker ikke." in text(response)


def test_the_link_is_for_those_who_may_sign(two: Application) -> None:
    people.seat(two.applicant, people.person("Per"))

    for stranger in (people.ulla(), people.person("Per")):
        response = signing(as_(stranger), two)
        assert response.status_code == 403
        assert "Linket er til en anden" in text(response)


def test_an_earlier_case_is_a_new_draft_once(asta: Client) -> None:
    earlier = case_in(S.CLOSED)
    pool = earlier.pool
    pool.is_public = True
    pool.save()

    page = text(asta.get(f"/ansoeg/{earlier.pk}/kopier/"))
    first = asta.post(f"/ansoeg/{earlier.pk}/kopier/", {"pulje": pool.slug})
    second = asta.post(f"/ansoeg/{earlier.pk}/kopier/", {"pulje": pool.slug})

    draft = Application.objects.exclude(pk=earlier.pk).get()
    assert pool.name in page
    assert first.headers["Location"] == second.headers["Location"] == f"/ansoeg/{draft.pk}/kladde/"
    assert (draft.title, draft.starts_on) == (earlier.title, None)
    assert asta.post(f"/ansoeg/{earlier.pk}/kopier/", {"pulje": "lukket"}).status_code == 200
    assert as_(people.ulla()).get(f"/ansoeg/{earlier.pk}/kopier/").status_code == 404
