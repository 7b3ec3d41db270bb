"""The one-page application: nothing typed is lost, and it is sent once."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pulje.enums import ApplicantKind, LineKind
from pulje.models import Applicant, Application, Pool
from pulje.states import CaseState
from tests import people
from tests.factories import a_round, an_applicant, case_in

S = CaseState
PDF = b"%PDF-1.7 vedtaegter"
pytestmark = pytest.mark.django_db


@pytest.fixture
def asta(client: Client) -> Client:
    client.force_login(people.asta(), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def pool() -> Pool:
    pool = a_round().pool
    pool.is_public = True
    pool.save(update_fields=["is_public"])
    return pool


def typed(**more: object) -> dict[str, object]:
    """A whole application as a browser sends it."""
    today = timezone.localdate()
    fields = {
        "noegle": uuid4().hex,
        "hvem-applicant": "NEW",
        "hvem-kind": "INFORMAL_GROUP",
        "hvem-name": "Naboerne på Vejen",
        "title": "Lektiecafé to aftener om ugen",
        "summary": "Lektiehjælp og aftensmad.",
        "description": "Vi hjælper med lektier.",
        "target_group": ["Børn og unge"],
        "starts_on": str(today + timedelta(days=60)),
        "ends_on": str(today + timedelta(days=200)),
        "contact_name": "Asta",
        "contact_email": "asta@puljer.example",
        "supplements_paid_work": "on",
        "EXPENSE-0-text": "Mad",
        "EXPENSE-0-amount_kr": "31.000,00",
        "OWN_FUNDING-0-text": "Kontingent",
        "OWN_FUNDING-0-amount_kr": "6000",
    }
    for kind in LineKind:
        fields |= {f"{kind}-TOTAL_FORMS": "4", f"{kind}-INITIAL_FORMS": "0"}
    return fields | more


def errors(response: object) -> list[str]:
    page = response.context
    parts = [page["form"], page["budget"].expense, page["budget"].own, page["budget"].other]
    forms = [parts[0], *(form for part in parts[1:] for form in part.forms)]
    return [text for form in forms for texts in form.errors.values() for text in texts]


def test_empty_form_opens_and_writes_nothing(asta: Client, pool: Pool) -> None:
    response = asta.get(f"/ansoeg/ny/{pool.slug}/")

    assert response.status_code == 200
    assert response.context["form"].initial["contact_email"] == "asta@puljer.example"
    assert not Application.objects.exists()


def test_pool_that_is_not_open_leads_to_its_page(asta: Client, pool: Pool) -> None:
    pool.rounds.update(closes_at=timezone.now() - timedelta(days=1))

    response = asta.get(f"/ansoeg/ny/{pool.slug}/")

    assert response.headers["Location"] == f"/pulje/{pool.slug}/"
    assert asta.get("/ansoeg/ny/ingen/").status_code == 404


def test_pool_that_closed_while_writing_keeps_the_draft(asta: Client, pool: Pool) -> None:
    pool.rounds.update(closes_at=timezone.now() - timedelta(minutes=1))

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1"))

    (sentence,) = errors(response)
    assert sentence.startswith("Puljen lukkede ")
    assert Application.objects.get().description == "Vi hjælper med lektier."


def test_sent_at_once_it_is_received_with_its_number(asta: Client, pool: Pool) -> None:
    response = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1"))

    case = Application.objects.get()
    assert response.headers["Location"] == f"/ansoeg/{case.pk}/kvittering/"
    assert (case.state, case.requested_kr) == (S.SUBMITTED, Decimal("25000.00"))
    assert (case.applicant.kind, case.applicant.name) == ("INFORMAL_GROUP", "Naboerne på Vejen")
    assert case.applicant.memberships.get().may_sign
    assert case.link.process.task_set.filter(flow_task__endswith=".screen").exists()


def test_sent_twice_it_is_one_case(asta: Client, pool: Pool) -> None:
    twice = typed(send="1", bylaws=SimpleUploadedFile("vedtægter.pdf", PDF))
    asta.post(f"/ansoeg/ny/{pool.slug}/", twice)
    twice["bylaws"].seek(0)

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", twice)

    case = Application.objects.get()
    assert response.headers["Location"] == f"/ansoeg/{case.pk}/kvittering/"
    assert case.attachments.count() == 1
    assert case.journal.filter(event="submit").count() == 1
    again = asta.post(f"/ansoeg/{case.pk}/kladde/", twice)
    assert again.headers["Location"] == f"/ansoeg/{case.pk}/kvittering/"


def test_draft_keeps_what_is_typed_so_far(asta: Client, pool: Pool) -> None:
    half = typed(gem="1", title="", starts_on="", description="Kun det her.")
    del half["target_group"]

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", half)

    case = Application.objects.get()
    assert response.headers["Location"] == f"/ansoeg/{case.pk}/kladde/"
    assert (case.state, case.title, case.description) == (S.DRAFT, "", "Kun det her.")
    assert [line.text for line in case.budget_lines.order_by("position")] == ["Mad", "Kontingent"]
    page = asta.get(f"/ansoeg/{case.pk}/kladde/").content.decode()
    assert "Kun det her." in page
    assert 'value="31.000"' in page


def test_what_cannot_be_saved_stays_in_the_fields(asta: Client, pool: Pool) -> None:
    response = asta.post(
        f"/ansoeg/ny/{pool.slug}/",
        typed(
            gem="1", starts_on="i morgen", **{"EXPENSE-1-text": "Leje", "EXPENSE-1-amount_kr": "x"}
        ),
    )

    case = Application.objects.get()
    assert case.title == "Lektiecafé to aftener om ugen"
    page = response.content.decode()
    assert 'value="i morgen"' in page
    assert 'value="Leje"' in page
    assert errors(response) == [
        "Skriv datoen med dag, måned og år, fx 02.02.2027.",
        "Skriv beløbet i tal, fx 25.000 eller 25.000,50.",
    ]
    assert f'action="/ansoeg/{case.pk}/kladde/"' in page
    assert "<title>Fejl: " in page


def test_without_an_applicant_nothing_is_lost_from_the_page(asta: Client, pool: Pool) -> None:
    wrong = {"hvem-kind": "ASSOCIATION", "hvem-cvr": "12345678"}

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1", **wrong))

    assert not Application.objects.exists()
    page = response.content.decode()
    assert "er ikke et CVR-nummer" in page
    assert "Lektiecafé to aftener om ugen" in page
    assert 'value="31.000,00"' in page


def test_cvr_of_another_applicant_is_refused_in_a_sentence(asta: Client, pool: Pool) -> None:
    other = an_applicant(signer=people.ulla())
    same = {"hvem-kind": "ASSOCIATION", "hvem-cvr": other.cvr}

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1", **same))

    assert "CVR-nummeret er allerede hos os" in response.content.decode()
    assert Applicant.objects.count() == 1


def test_own_applicant_is_used_again_and_that_of_others_is_not(asta: Client, pool: Pool) -> None:
    mine, other = an_applicant(), an_applicant(signer=people.ulla())

    refused = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1", **{"hvem-applicant": other.pk}))
    asta.post(f"/ansoeg/ny/{pool.slug}/", typed(send="1", **{"hvem-applicant": mine.pk}))

    assert refused.context["page"].who.errors
    assert Application.objects.get().applicant == mine


def test_sending_lists_all_that_is_missing_and_keeps_the_draft(asta: Client, pool: Pool) -> None:
    empty = typed(send="1", title="", description="", contact_email="")
    del empty["supplements_paid_work"]

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", empty)

    assert errors(response) == [
        "Giv projektet en titel.",
        "Skriv, hvad der skal ske.",
        "Skriv kontaktpersonens e-mail.",
        "Sæt kryds ved, at de frivillige supplerer og ikke erstatter lønnet arbejde.",
    ]
    assert Application.objects.get().state == S.DRAFT


def test_sending_against_the_rules_of_the_pool_says_each_of_them(asta: Client, pool: Pool) -> None:
    pool.versions.update(ceiling_kr=Decimal(20_000), applicant_kinds=[ApplicantKind.INFORMAL_GROUP])

    response = asta.post(
        f"/ansoeg/ny/{pool.slug}/",
        typed(send="1", starts_on=str(timezone.localdate() - timedelta(days=1))),
    )

    assert [sentence.split(".")[0] for sentence in errors(response)] == [
        "Puljen giver højst 20",
        "Projektet er allerede begyndt",
    ]
    assert Application.objects.get().state == S.DRAFT


def test_delete_button_empties_its_row_only(asta: Client, pool: Pool) -> None:
    asta.post(f"/ansoeg/ny/{pool.slug}/", typed(slet="EXPENSE-0"))

    assert [line.text for line in Application.objects.get().budget_lines.order_by("pk")] == [
        "Kontingent"
    ]


def test_refused_file_is_named_and_the_others_are_kept(asta: Client, pool: Pool) -> None:
    files = {
        "bylaws": SimpleUploadedFile("vedtægter.pdf", PDF),
        "other": SimpleUploadedFile("tegning.svg", b"<svg/>"),
    }

    response = asta.post(f"/ansoeg/ny/{pool.slug}/", typed(gem="1", **files))

    kept = Application.objects.get().attachments.get()
    assert (kept.name, kept.content_type) == ("vedtægter.pdf", "application/pdf")
    assert "tegning" not in kept.file.name
    assert errors(response) == [
        "Vi kan ikke tage imod ”tegning.svg”. Send PDF, JPG, PNG, Word, Excel eller ODT."
    ]


def test_sent_application_cannot_be_changed(asta: Client) -> None:
    case = case_in(S.IN_REVIEW)

    response = asta.post(f"/ansoeg/{case.pk}/kladde/", typed(gem="1", title="Andet"))

    assert response.headers["Location"] == f"/ansoeg/{case.pk}/"
    assert Application.objects.get(pk=case.pk).title == "Fællesspisning"


def test_returned_application_opens_the_named_parts_only(asta: Client) -> None:
    case = case_in(S.RETURNED)  # we asked about the budget

    page = asta.get(f"/ansoeg/{case.pk}/kladde/").content.decode()
    asta.post(f"/ansoeg/{case.pk}/kladde/", typed(gem="1", title="Andet"))

    case.refresh_from_db()
    assert "Det koster det" in page
    assert "Hvad hedder projektet?" not in page
    assert (case.title, case.requested_kr) == ("Fællesspisning", Decimal("25000.00"))


@pytest.mark.parametrize("number", [1, 3])
def test_form_costs_the_same_for_one_and_three(
    asta: Client, django_assert_num_queries, number: int
) -> None:
    case = case_in(S.DRAFT)
    rows = {
        f"EXPENSE-{i}-{name}": value
        for i in range(number)
        for name, value in (("text", f"Post {i}"), ("amount_kr", "100"))
    }
    asta.post(f"/ansoeg/{case.pk}/kladde/", typed(gem="1") | rows)

    with django_assert_num_queries(5):
        asta.get(f"/ansoeg/{case.pk}/kladde/")
