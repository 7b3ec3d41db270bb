"""A pool as the public sees it, for page tests."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.text import slugify

from pulje.actions.ledger import set_frame
from pulje.enums import ApplicantKind, LegalBasis, PaymentPlan
from pulje.models import Committee, Criterion, Pool, PoolVersion, Round

CRITERIA = (
    ("Frivillig indsats", "Er det frivillige, der bærer idéen?"),
    ("Åbent fællesskab", "Kan andre end de sædvanlige være med?"),
    ("Lokal værdi", "Gør det en forskel i lokalområdet?"),
    ("Samarbejde", "Gør I det sammen med andre?"),
    ("Realistisk plan", "Hænger plan og budget sammen?"),
)


def a_pool(
    code: str = "FP",
    name: str = "Frivillighedspuljen",
    *,
    opens: datetime | None = None,
    closes: datetime | None = None,
    frame_kr: Decimal = Decimal("600000.00"),
    **fields: object,
) -> Pool:
    """A public pool with a version in force, five criteria, a frame and one round."""
    now = timezone.now()
    committee, _created = Committee.objects.get_or_create(
        name="Kultur- og Fritidsudvalget",
        defaults={"short_name": "KFU", "slug": "kultur-og-fritidsudvalget", "quorum": 3},
    )
    pool = Pool.objects.create(
        code=code,
        year=now.year,
        name=name,
        slug=slugify(name),
        committee=committee,
        is_public=True,
        **fields,
    )
    version = PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=timezone.localdate() - timedelta(days=400),
        adopted_on=timezone.localdate() - timedelta(days=420),
        legal_basis=LegalBasis.KFM,
        purpose="Til lokale, frivillige fællesskaber, der er åbne for andre end jer selv.",
        supported="Materialer og leje af lokaler\nOplægsholdere og instruktører",
        not_supported="Løn til jer selv\nKlubture kun for medlemmer",
        applicant_kinds=[
            ApplicantKind.ASSOCIATION,
            ApplicantKind.INFORMAL_GROUP,
            ApplicantKind.INDIVIDUAL,
        ],
        ceiling_kr=Decimal("75000.00"),
        delegation_limit_kr=Decimal("10000.00"),
        delegation_basis="KFU 1. januar 2020",
        payment_plan=PaymentPlan.UPFRONT,
    )
    for position, (criterion, question) in enumerate(CRITERIA, start=1):
        Criterion.objects.create(
            version=version, position=position, name=criterion, question=question
        )
    Round.objects.create(
        pool=pool,
        number=1,
        name="Runde 1",
        opens_at=opens or now - timedelta(days=20),
        closes_at=closes,
    )
    set_frame(pool, by=None, amount_kr=frame_kr, at=now, cause=f"frame:{pool.pk}", note="Vedtaget")
    return pool
