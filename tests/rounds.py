"""A round with many assessed cases, made at once: none of them has walked its verbs."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.enums import ApplicantKind, Theme
from pulje.models import Applicant, Application, Round
from pulje.states import CaseState
from tests.factories import a_pool, a_round

THEMES = list(Theme)
TOWNS = ("Birkerød", "Holte", "Nærum")


def an_assessed_round(
    cases: int, *, frame_kr: Decimal = Decimal(600_000), **version: object
) -> Round:
    """The cases ask for 10.000, 11.000, 12.000 … and have 0-11 points; two and two share an
    applicant, who has not been supported before."""
    pool = a_pool(frame_kr=frame_kr, **version)
    round = a_round(pool)
    applicants = Applicant.objects.bulk_create(
        Applicant(
            kind=ApplicantKind.INFORMAL_GROUP,
            name=f"Gruppen {number}",
            email=f"gruppe{number}@puljer.example",
            town=TOWNS[number % len(TOWNS)],
        )
        for number in range((cases + 1) // 2)
    )
    now, today = timezone.now(), timezone.localdate()
    rules = pool.versions.get()
    Application.objects.bulk_create(
        Application(
            pool=pool,
            round=round,
            version=rules,
            applicant=applicants[number // 2],
            number=f"{pool.code}-{pool.year}-{number + 1:03}",
            state=CaseState.REVIEWED,
            title=f"Idé {number + 1}",
            theme=THEMES[number % len(THEMES)],
            requested_kr=Decimal(10_000 + 1_000 * number),
            points=number % 12,
            submitted_at=now - timedelta(days=30),
            state_since=now,
            due_on=today + timedelta(days=5),
            starts_on=today + timedelta(days=60),
            ends_on=today + timedelta(days=90),
        )
        for number in range(cases)
    )
    return round
