"""Many cases for a committee, made set-wise, and what people do at its meeting."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from viewflow.workflow.models import Task

from pulje.actions.application.application import register_many
from pulje.actions.meeting.meeting import plan_meeting
from pulje.enums import ApplicantKind, LineKind
from pulje.models import Applicant, Application, BudgetLine, Meeting, Pool, Recommendation, User
from pulje.states import CaseState
from tests import people
from tests.e2e.conftest import BrowserPage
from tests.e2e.living import heading
from tests.factories import a_committee, a_pool, a_round
from workflow.bulk import begin_many
from workflow.flows import GrantFlow

TOWNS = ("Birkerød", "Holte", "Nærum", "Vedbæk")
TITLES = ("Lektiecafé to aftener", "Fælles køkkenhave", "Sommersang på havnen", "Krolf")
FULL, PART = Decimal(20_000), Decimal(12_000)
REASONS = "Åbent for alle og båret af frivillige."


def name_of(number: int) -> str:
    """The applicant of the pool's n-th case; every fifth is a person."""
    name = "Nanna Holmgaard" if number % 5 == 0 else f"{TOWNS[number % 4]} Kor"
    return f"{name} {number:02}"


def public_pool(code: str, name: str, frame_kr: int) -> Pool:
    pool = a_pool(code=code, frame_kr=Decimal(frame_kr))
    pool.name, pool.slug, pool.is_public = name, name.lower(), True
    pool.save()
    return pool


def recommended(pool: Pool, numbers: Sequence[int]) -> list[Application]:
    """A case for each number, recommended by Rie: 20.000 kr. applied for, 12.000 recommended."""
    now, karl, version, round = timezone.now(), people.karl(), pool.versions.get(), a_round(pool)
    applicants = Applicant.objects.bulk_create(
        Applicant(
            kind=ApplicantKind.INDIVIDUAL if number % 5 == 0 else ApplicantKind.ASSOCIATION,
            name=name_of(number),
            email=f"post{number}@puljer.example",
            street="Kirkevej 1",
            postcode="2840",
        )
        for number in numbers
    )
    drafts = [
        Application(
            pool=pool,
            round=round,
            version=version,
            applicant=applicant,
            caseworker=karl,
            title=f"{TITLES[number % 4]} {number}",
            summary="Vi mødes hver tirsdag, og alle i kvarteret kan være med.",
            area=TOWNS[number % 4],
            points=15 - place // 4,
            requested_kr=FULL,
            submitted_at=now - timedelta(days=30),
            starts_on=timezone.localdate() + timedelta(days=60),
            ends_on=timezone.localdate() + timedelta(days=90),
        )
        for place, (number, applicant) in enumerate(zip(numbers, applicants, strict=True))
    ]
    register_many(drafts, by=karl, at=now)
    begin_many(drafts)
    Task.objects.filter(flow_task=GrantFlow.screen).update(
        flow_task=GrantFlow.decide, flow_task_type=GrantFlow.decide.task_type
    )
    round.applications.update(state=CaseState.RECOMMENDED)
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=case, position=1, kind=LineKind.EXPENSE, text="Noder", amount_kr=FULL
        )
        for case in drafts
    )
    _recommend(drafts)
    return list(round.applications.select_related("pool").order_by("pk"))


def _recommend(cases: Sequence[Application]) -> None:
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            application=case,
            amount_kr=PART,
            reasons=REASONS,
            recommended_by=people.rie(),
            recommended_at=timezone.now(),
            is_delegated=False,
        )
        for case in cases
    )
    (ground, *_more) = cases[0].version.grounds.order_by("pk")
    for row in rows:
        row.grounds.add(ground)


def a_meeting_in(days: int) -> Meeting:
    held_at = timezone.now() + timedelta(days=days)
    return plan_meeting(a_committee(), by=people.sanne(), held_at=held_at, place="Rådhuset")


class Seated:
    """Somebody at the meeting with a tablet."""

    def __init__(
        self, browser_page: BrowserPage, who: User, meeting: Meeting, *, scripts: bool = True
    ) -> None:
        self.page: Page = browser_page(who, width=1024, height=768, scripts=scripts)
        self.path = f"/udvalg/moede/{meeting.pk}/"

    def go(self, rest: str = "") -> Page:
        self.page.goto(self.path + rest)
        return self.page

    def row(self, number: int) -> Locator:
        """The case's row in the meeting's table."""
        return self.page.locator(f"tr:has(#sag-{number})")

    def sees(self, number: int, *told: str) -> None:
        for text in told:
            expect(self.row(number)).to_contain_text(text)

    def rule(self, number: int, choice: str, *, kr: str = "", reasons: str = "") -> None:
        """Record what the committee comes to in a case."""
        self.go(f"sag/{number}/")
        self.page.get_by_label(re.compile(f"^{choice}")).check()
        if kr:
            self.page.get_by_label("Andet beløb", exact=True).fill(kr)
        if reasons:
            self.page.get_by_label("Udvalgets begrundelse").fill(reasons)
        self.page.get_by_role("button", name=re.compile("^Gem beslutning")).click()

    def press(self, name: str, then: str | re.Pattern[str] = "") -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        if then:
            heading(self.page, then)

    def told(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()
