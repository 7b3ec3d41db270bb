"""A pool's questions on paper: everything that is asked, for everybody, made once."""

from datetime import date
from decimal import Decimal

import page
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from letters import actions
from letters.questions import facts_of
from letters.tasks import make_questions
from letters.views import papers as views
from pulje.enums import ExpenseCategory, QuestionKind
from pulje.forms.application.outline import OPTIONAL, outline
from pulje.models import LineRule, Pool, PoolVersion, Question
from pulje.queries.application.completeness import IDEA, lacks
from tests import pools
from tests.factories import a_draft
from tests.letters.text import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker makes anything here, and nothing is left from the test before."""
    cache.clear()
    monkeypatch.setattr(views, "PATIENCE_SECONDS", 0)


def a_version(**fields: object) -> PoolVersion:
    version = pools.a_pool().versions.get()
    PoolVersion.objects.filter(pk=version.pk).update(
        needs_bylaws=True, needs_accounts_from_kr=Decimal(50_000), **fields
    )
    first = Question.objects.create(
        version=version,
        position=1,
        key="foer",
        kind=QuestionKind.YES_NO,
        label="Har I søgt før?",
        is_required=True,
    )
    Question.objects.create(
        version=version,
        position=2,
        key="hvor",
        kind=QuestionKind.CHOICE,
        label="Hvor var det?",
        choices=["Holte", "Nærum"],
        shown_if=first,
        shown_if_answer="YES",
    )
    Question.objects.create(
        version=version, position=3, key="plan", kind=QuestionKind.FILE, label="En tidsplan"
    )
    LineRule.objects.create(version=version, category=ExpenseCategory.FOOD, max_percent=25)
    return PoolVersion.objects.select_related("pool").get(pk=version.pk)


def test_everything_that_is_asked_stands_there() -> None:
    version = a_version()

    pdf = actions.make_questions(version, timezone.now())

    said = " ".join(text_of(pdf).split())
    for words in (
        "Hav dette ved hånden",
        "1. Hvem søger",
        "CVR-nummer",
        "Hvad vil I gøre?",
        "Er der noget nyt, der skal prøves af? (frivilligt) Højst 2.000 tegn.",
        "Har I søgt før? Ja Nej",
        "Hvor var det? (frivilligt) Kun hvis svaret på ”Har I søgt før?” er ”Ja”. Holte Nærum",
        "Højst 25 % af udgifterne må være forplejning.",
        "Når I søger om 50.000 kr. eller mere.",
        "En tidsplan (frivilligt)",
        "Frivillig indsats Er det frivillige, der bærer idéen? 1",
        "Retningslinjer Version 1",
    ):
        assert words in said
    for profile in ("ua1", "3a"):
        assert page.is_pdf_compliant_bytes(pdf, profile=profile)


def test_what_the_paper_calls_optional_is_what_a_draft_may_lack() -> None:
    """The idea's form itself forgives everything, so its fields do not say what must be there."""
    draft = a_draft(title="", summary="", description="", target_group="", starts_on=None)
    type(draft).objects.update(ends_on=None, supplements_paid_work=False)
    draft.refresh_from_db()
    (idea,) = [step for step in outline(draft.version).steps if "idé" in step.title]

    lacking = [lack for lack in lacks(draft, date.today()) if lack.step == IDEA]  # noqa: DTZ011

    asked = [row for row in idea.asked if not row.is_optional]
    assert len(lacking) == len(asked)
    assert len(OPTIONAL) == 4


def test_the_first_waits_and_all_others_get_it_from_the_cache(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = a_version()
    address = f"/pulje/{version.pool.slug}/spoergsmaal.pdf"
    assert client.get(address).status_code == 202

    make_questions(version.pk)

    with django_assert_num_queries(5):  # version, round, questions, budget's rules, criteria
        response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_a_change_makes_a_new_paper(client: Client) -> None:
    version = a_version()
    address = f"/pulje/{version.pool.slug}/spoergsmaal.pdf"
    make_questions(version.pk)
    assert client.get(address).status_code == 200

    Question.objects.filter(key="foer").update(label="Har I prøvet det før?")

    assert client.get(address).status_code == 202


def test_it_is_the_same_in_every_language() -> None:
    version, now = a_version(), timezone.now()
    danish = actions.questions_key(facts_of(version, now))

    with timezone.override("UTC"), translation.override("en"):
        assert actions.questions_key(facts_of(version, now)) == danish


@pytest.mark.parametrize("why", ["unknown", "hidden"])
def test_what_is_not_public_is_not_there(client: Client, why: str) -> None:
    slug = a_version().pool.slug
    if why == "hidden":
        Pool.objects.update(is_public=False)

    found = client.get(f"/pulje/{slug if why == 'hidden' else 'x'}/spoergsmaal.pdf")

    assert found.status_code == 404
