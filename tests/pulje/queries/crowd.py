"""Many recommended cases at once, for what must not grow with them: rows, not walked verbs."""

from decimal import Decimal

from pulje.enums import ApplicantKind, LineKind
from pulje.models import Applicant, Application, BudgetLine, Ground, Recommendation
from pulje.states import CaseState
from tests import people
from tests.factories import a_round, case_in

KINDS = (ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)


def recommended(number: int, pool) -> list[Application]:
    """Cases of the pool like one that has walked its way; the n-th asks for n times 1.000 kr."""
    round = pool.rounds.first() or a_round(pool)
    first = case_in(
        CaseState.RECOMMENDED, pool=pool, round=round, requested_kr=Decimal(60_000), title="Sommer"
    )
    made = [_like(first, n) for n in range(1, number)]
    Applicant.objects.bulk_create(case.applicant for case in made)
    Application.objects.bulk_create(made)
    grounds = list(Ground.objects.filter(version=first.version).order_by("pk"))
    rows = [
        Recommendation(
            application=case,
            amount_kr=case.requested_kr if n % 4 else Decimal(0),
            reasons="Det er nyt, og mange har glæde af det.",
            recommended_by=people.karl(),
            recommended_at=first.state_since,
        )
        for n, case in enumerate(made, start=1)
    ]
    Recommendation.objects.bulk_create(rows)
    links = Recommendation.grounds.through
    links.objects.bulk_create(
        links(recommendation_id=row.pk, ground_id=grounds[0].pk) for row in rows
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(
            application=case,
            position=1,
            kind=LineKind.EXPENSE,
            text="Lejrskole",
            amount_kr=case.requested_kr,
        )
        for case in made
    )
    return [first, *made]


def _like(first: Application, n: int) -> Application:
    applicant = Applicant(kind=KINDS[n % 3], name=f"Holte Kor {n}")
    return Application(
        pool=first.pool,
        round=first.round,
        version=first.version,
        applicant=applicant,
        number=f"{first.number}-{n}",
        state=CaseState.RECOMMENDED,
        title=f"Projekt {n}",
        summary="Vi synger sammen.",
        contact_name="Lone Berg",
        contact_email="lone@eksempel.example",
        requested_kr=Decimal(n * 1000),
        submitted_at=first.submitted_at,
        state_since=first.state_since,
    )
