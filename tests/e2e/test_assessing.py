"""Assessing in a browser: three who are blind to each other, and a small case in ten clicks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from letters.models import Letter, LetterState
from pulje.enums import Role
from pulje.models import Application, Criterion, Pool
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import SMALLEST, BrowserPage, CheckPage
from tests.e2e.living import press
from tests.factories import a_pool, case_in

S = CaseState
pytestmark = pytest.mark.django_db(transaction=True)


def points_of(page: Page, criterion: str, points: int) -> Locator:
    """The place to press for so many points."""
    asked = page.get_by_role("group", name=criterion)
    return asked.get_by_role("radio", name=str(points), exact=True)


def assess(page: Page, first: int, second: int, words: str) -> None:
    points_of(page, "Fællesskab", first).check()
    page.get_by_label("Hvorfor? (Fællesskab)").fill(words)
    points_of(page, "Nytænkning", second).check()


def give(page: Page) -> None:
    page.get_by_label("Jeg har ingen interesse i sagen").check()
    press(page, "Afgiv vurdering")
    expect(page.get_by_text("Din vurdering er afgivet.")).to_be_visible()


def test_three_reviewers_are_blind_until_all_are_done(
    browser_page: BrowserPage, check_page: CheckPage
) -> None:
    pool = a_pool(reviewers=3, needs_criteria=2, needs_points=2)
    case = case_in(S.IN_REVIEW, pool=pool)
    path = f"/sag/{case.pk}/"
    rie, karl = browser_page(people.rie()), browser_page(people.karl())
    rolf = browser_page(people.person("Rolf", Role.CASE_WORKER))

    karl.goto(path)
    assess(karl, 0, 3, "Karls kladde")
    press(karl, "Gem til senere")
    expect(karl.get_by_text("gemt som kladde. Kun du kan se den.")).to_be_visible()
    rie.goto(path)
    expect(rie.get_by_text("Karls kladde")).to_have_count(0)
    assess(rie, 3, 2, "Ries ord")
    give(rie)
    panel = rie.get_by_role("region", name="Vurdering")
    expect(panel).to_contain_text("Mangler: Karl, Rolf.")
    expect(panel).to_contain_text("Ries ord")

    karl.goto(path)
    expect(points_of(karl, "Fællesskab", 0)).to_be_checked()
    expect(karl.get_by_label("Hvorfor? (Fællesskab)")).to_have_value("Karls kladde")
    expect(karl.get_by_text("Ries ord")).to_have_count(0)
    karl.get_by_label("Hvorfor? (Fællesskab)").fill("Karls ord")
    give(karl)
    rolf.goto(path)
    for said in ("Ries ord", "Karls ord", "uenige", "kategorier opfyldt"):
        expect(rolf.get_by_text(said)).to_have_count(0)
    expect(rolf.get_by_text("Mangler: Rolf.")).to_be_visible()
    check_page(rolf, "c2-blind", also=SMALLEST)
    assess(rolf, 1, 2, "Rolfs ord")
    give(rolf)

    panel = rolf.get_by_role("region", name="Vurdering")
    for said in ("Rie: 3 – Ries ord", "Karl: 0 – Karls ord", "Rolf: 1 – Rolfs ord", "uenige: 0–3"):
        expect(panel).to_contain_text(said)
    expect(panel).to_contain_text("1 af 2 kategorier opfyldt – kræver 2 med mindst 2 point.")
    check_page(rolf, "c2-uenige", also=SMALLEST)
    assert Application.objects.get(pk=case.pk).state == S.REVIEWED


class Mouse:
    """Every click goes through it and is counted: links, buttons and choices; typing is free."""

    def __init__(self) -> None:
        self.clicks = 0

    def on(self, place: Locator) -> None:
        self.clicks += 1
        place.click()


def a_pool_to_try_things() -> Pool:
    """As the demo's Prøv det-puljen: three criteria, small amounts, the leader decides."""
    pool = a_pool(delegation_limit_kr=Decimal(10_000), ceiling_kr=Decimal(10_000))
    rules = pool.versions.get()
    Criterion.objects.create(version=rules, position=3, name="Læring", question="Hvad lærer vi?")
    return pool


def test_a_small_case_is_decided_in_ten_clicks(browser_page: BrowserPage) -> None:
    submitted = timezone.now() - timedelta(days=3)
    case = case_in(S.SUBMITTED, pool=a_pool_to_try_things(), starts=submitted)
    Application.objects.filter(pk=case.pk).update(caseworker=people.karl())
    mouse, karl = Mouse(), browser_page(people.karl())
    karl.goto("/sag/")

    mouse.on(karl.get_by_role("link", name="Gennemgå ansøgningen"))
    mouse.on(karl.get_by_role("button", name="Alt er i orden – send til vurdering"))
    for criterion in ("Fællesskab", "Nytænkning", "Læring"):
        mouse.on(points_of(karl, criterion, 3))
    mouse.on(karl.get_by_label("Jeg har ingen interesse i sagen"))
    mouse.on(karl.get_by_role("button", name="Afgiv vurdering"))
    mouse.on(karl.get_by_role("button", name="Indstil sagen"))
    expect(karl.get_by_text("Sagen er indstillet.")).to_be_visible()
    expect(karl.get_by_text("Listen er tom nu.")).to_be_visible()
    dora = browser_page(people.dora())
    dora.goto("/sag/")
    mouse.on(dora.get_by_role("link", name="Afgør sagen"))
    mouse.on(dora.get_by_role("button", name="Afgør sagen"))
    expect(dora.get_by_text("Sagen er afgjort.")).to_be_visible()

    case.refresh_from_db()
    decided = case.decisions.get()
    assert (case.state, case.granted_kr) == (S.APPROVED, case.requested_kr)
    assert Letter.objects.get(application=case, kind="AWARD").state == LetterState.QUEUED
    assert case.assessments.get().declared_at is not None
    assert not case.check_marks.filter(is_fine=False).exists()
    assert case.check_marks.exists()
    assert "Fællesskab" in decided.reasons
    assert mouse.clicks <= 10
