"""What the stored cases hang on: people, pools of three years, applicants; made by actions."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from letters.texts.actions import approve_standard_texts
from pulje.enums import ApplicantKind, Role
from pulje.models import AppealGuidance, Applicant, Gate, Pool, User
from tests import factories, people

CODES = {
    "FP": "Frivillighedspuljen",
    "KP": "Kulturpuljen",
    "LP": "Lokalpuljen",
    "UP": "Ungepuljen",
    "IP": "Idrætspuljen",
}
YEARS = (2025, 2026, 2027)
APPLICANTS = 3_000
TOWNS = (
    *("Birkerød", "Holte", "Nærum", "Vedbæk", "Trørød", "Skodsborg"),
    *("Gl. Holte", "Ravnsnæs", "Høsterkøb", "Bistrup", "Sandbjerg"),
)
FRAME_KR = Decimal("900000000.00")


@dataclass(frozen=True)
class Places:
    """Primary keys that the rows in rows.py point at; round and version follow the pool."""

    pools: list[int]
    rounds: list[int]
    versions: list[int]
    grounds: list[int]
    applicants: list[int]
    caseworkers: list[int]
    recommender: int
    decider: int


def build() -> Places:
    """An installation with its people and pools, and no cases."""
    karl, dora = people.karl(), people.dora()
    for someone in (people.rie(), people.fie(), people.mads(), people.sanne()):
        assert someone.is_active
    workers = [people.person(f"Sagsbehandler{n}", Role.CASE_WORKER) for n in range(8)]
    pools = [_pool(code, name, year) for year in YEARS for code, name in CODES.items()]
    _approve_guidance(dora)
    return Places(
        pools=[pool.pk for pool in pools],
        rounds=[factories.a_round(pool).pk for pool in pools],
        versions=[pool.versions.get().pk for pool in pools],
        grounds=[pool.versions.get().grounds.order_by("pk")[0].pk for pool in pools],
        applicants=_applicants(),
        caseworkers=[karl.pk, *(worker.pk for worker in workers)],
        recommender=karl.pk,
        decider=dora.pk,
    )


def _pool(code: str, name: str, year: int) -> Pool:
    pool = factories.a_pool(
        code=code, year=year, frame_kr=FRAME_KR, delegation_limit_kr=Decimal("60000.00")
    )
    pool.name, pool.is_public = name, True
    pool.save()
    Gate.objects.bulk_create(
        Gate(
            version=pool.versions.get(),
            position=number,
            question=f"Er {number} på plads?",
            statement=f"{number} er på plads",
            advice="Sådan kommer det på plads.",
            other_pool_code="KP",
        )
        for number in range(1, 6)
    )
    return pool


def _approve_guidance(by: User) -> None:
    """Letters need approved texts, and decisions an appeal text of their legal basis."""
    AppealGuidance.objects.create(
        legal_basis="KFM",
        version=1,
        text="{Du} kan klage til {kontakt} inden fire uger.\n\nSkriv, hvad {du} er utilfreds med.",
        approved_by=by,
        approved_at=timezone.now(),
    )
    approve_standard_texts(by, timezone.now())


def _applicants() -> list[int]:
    kinds = (ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)
    rows = [
        Applicant(
            kind=kinds[number % 3],
            name=f"Naboskabet {number} i {TOWNS[number % len(TOWNS)]}",
            cvr=factories.cvr(100_000 + number) if number % 3 == 0 else "",
            email=f"post{number}@puljer.example",
            street=f"Hovedgaden {number}",
            postcode="3460",
            town=TOWNS[number % len(TOWNS)],
        )
        for number in range(APPLICANTS)
    ]
    return [row.pk for row in Applicant.objects.bulk_create(rows)]
