"""How far a pool is: each part as it is set, and what is missing before it can be published."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from pulje.enums import LedgerKind, LegalBasis, PaymentPlan, Role
from pulje.models import AppealGuidance, Application, Ground, Pool, PoolVersion, User
from pulje.rules.reporting import Demand
from pulje.templatetags.words import kr_text

KLE = re.compile(r"\d{2}\.\d{2}(\.\d{2})?")
ZERO = Decimal("0.00")
DEMANDS: dict[str, str] = {
    Demand.STORY: "Kort rapport",
    Demand.ACCOUNT: "Rapport og regnskab",
    Demand.BOARD_SIGNED: "Regnskab med bestyrelsens underskrift",
    Demand.AUDITED: "Regnskab set af ansøgerens egen revisor",
    Demand.REGISTERED_AUDITOR: "Regnskab med registreret revisors erklæring",
}


@dataclass(frozen=True)
class Missing:
    """What is missing, in a sentence, and the part of the set-up pages where it is given."""

    part: str
    sentence: str


@dataclass(frozen=True)
class Counts:
    """How much there is of each part: one query."""

    criteria: int
    grounds: int
    phrases: int
    questions: int
    gates: int
    bare: Sequence[str]  # names of criteria that no ground carries
    submitted: int
    drafts: int


@dataclass(frozen=True)
class Setup:
    """A pool's newest rules and all parts beside them."""

    pool: Pool
    version: PoolVersion
    counts: Counts
    frame_kr: Decimal
    rounds: Sequence[tuple[str, datetime, datetime | None]]
    reviewers: Sequence[str]
    missing: Sequence[Missing]

    @property
    def is_frozen(self) -> bool:
        return self.counts.submitted > 0

    @property
    def is_coming(self) -> bool:
        return self.version.valid_from > timezone.localdate()

    @property
    def next_number(self) -> int:
        return self.version.number + 1

    @property
    def submitted(self) -> int:
        return self.counts.submitted

    @property
    def drafts(self) -> int:
        return self.counts.drafts


def setup_of(pool: Pool, now: datetime) -> Setup | None:
    """Everything the set-up page shows: seven queries; None when the pool has no rules at all."""
    version = pool.versions.select_related("created_by").order_by("-number").first()
    if version is None:
        return None
    counts = _counts(version)
    frame = pool.ledger.filter(kind=LedgerKind.FRAME).aggregate(kr=Sum("amount_kr"))["kr"] or ZERO
    rounds = list(pool.rounds.order_by("opens_at", "pk").values_list(*ROUND))
    reviewers = [user.name for user in pool.standing_reviewers.order_by("name", "pk")]
    found = [
        *_texts(version),
        *_money(version, pool),
        *_judging(version, counts, reviewers),
        *_deciding(version, pool),
        *_afterwards(version),
    ]
    if frame <= ZERO:
        found.append(Missing("ramme", "Puljen har ingen ramme. En leder sætter den."))
    if not any(closes is None or closes > now for _name, _opens, closes in rounds):
        found.append(Missing("runder", "Der er ingen runde, som er åben eller åbner."))
    return Setup(pool, version, counts, frame, rounds, reviewers, found)


ROUND = ("name", "opens_at", "closes_at")


def missing(pool: Pool, now: datetime) -> list[Missing]:
    """What must be there before the pool can be published; empty when nothing is missing."""
    setup = setup_of(pool, now)
    if setup is None:
        return [Missing("", "Puljen har ingen regler endnu.")]
    return list(setup.missing)


def _counts(version: PoolVersion) -> Counts:
    rows = ("criteria", "grounds", "phrases", "questions", "gates")
    known = PoolVersion.objects.filter(pk=version.pk)
    counted: dict[str, int] = known.aggregate(**{r: Count(r, distinct=True) for r in rows})
    grounds = Ground.objects.filter(criterion=OuterRef("pk"))
    bare = version.criteria.filter(~Exists(grounds)).order_by("position")
    counted |= Application.objects.filter(version=version).aggregate(
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        drafts=Count("pk", filter=Q(submitted_at=None)),
    )
    return Counts(bare=list(bare.values_list("name", flat=True)), **counted)


def _texts(version: PoolVersion) -> Iterator[Missing]:
    wanted = {
        "purpose": "Puljens formål er ikke skrevet.",
        "supported": "Det er ikke skrevet, hvad der gives tilskud til.",
        "guidelines": "Retningslinjerne er ikke skrevet.",
    }
    for name, sentence in wanted.items():
        if not getattr(version, name).strip():
            yield Missing("tekster", sentence)


def _money(version: PoolVersion, pool: Pool) -> Iterator[Missing]:
    """Source of the hearing: folkeoplysningsloven § 35 (hear the committee before new rules)."""
    if not version.applicant_kinds:
        yield Missing("regler", "Det er ikke valgt, hvem der kan søge.")
    if not KLE.fullmatch(version.kle):
        yield Missing("regler", "KLE-nummeret mangler. Det skrives som 18.16.00.")
    if not pool.account_string:
        yield Missing("ansvar", "Kontostrengen mangler.")
    if version.legal_basis == LegalBasis.FOL and version.heard_on is None:
        yield Missing(
            "regler",
            "Folkeoplysningsudvalget er ikke hørt om reglerne (folkeoplysningsloven § 35).",
        )
    approved = AppealGuidance.objects.filter(legal_basis=version.legal_basis)
    if not approved.exclude(approved_at=None).exists():
        yield Missing(
            "regler",
            f"Klagevejledningen for {version.get_legal_basis_display()} er ikke godkendt. "
            "En leder godkender den under Breve, Tekster.",
        )


def _judging(version: PoolVersion, counts: Counts, reviewers: Sequence[str]) -> Iterator[Missing]:
    if not counts.criteria:
        yield Missing("kriterier", "Der er ingen kriterier at vurdere efter.")
    for name in counts.bare:
        yield Missing("begrundelser", f"Kriteriet ”{name}” har ingen begrundelse.")
    if not counts.gates:
        yield Missing("skema", "Der er ingen spørgsmål i ”Kan I søge?”.")
    able = len(reviewers) or _case_workers()
    if able < version.reviewers:
        yield Missing(
            "kriterier",
            f"Der skal {version.reviewers} vurderinger til, men der er {able} vurderere.",
        )


def _case_workers() -> int:
    return User.objects.filter(is_active=True, roles__contains=[Role.CASE_WORKER]).count()


def _deciding(version: PoolVersion, pool: Pool) -> Iterator[Missing]:
    if pool.committee_id is None and version.delegation_limit_kr is None:
        yield Missing("ansvar", "Vælg et udvalg, eller giv forvaltningen delegation.")
    if version.delegation_limit_kr is not None and not version.delegation_basis:
        yield Missing("delegation", "Det er ikke skrevet, hvor delegationen er besluttet.")
    elif (
        pool.committee_id is None
        and version.delegation_limit_kr is not None
        and (version.ceiling_kr is None or version.ceiling_kr > version.delegation_limit_kr)
    ):
        yield Missing("ansvar", "Ingen kan afgøre beløb over delegationen. Vælg et udvalg.")


def _afterwards(version: PoolVersion) -> Iterator[Missing]:
    if version.payment_plan not in PaymentPlan.values:
        yield Missing("udbetaling", "Det er ikke valgt, hvordan der udbetales.")
    if not version.report_steps or version.report_steps[-1][0] is not None:
        yield Missing("udbetaling", "Der er ingen rapportkrav, som dækker alle beløb.")


def steps_in_words(steps: Sequence[Sequence[Any]]) -> list[str]:
    """The report demands, a line for each step."""
    return [f"{_up_to(kr)}: {DEMANDS.get(code, code).lower()}" for kr, code in steps]


def _up_to(kr: object) -> str:
    return "Højere beløb" if kr is None else f"Til og med {kr_text(Decimal(str(kr)))}"


def reviewer_choices() -> list[User]:
    """Who may be a standing reviewer, by name."""
    return list(
        User.objects.filter(is_active=True, roles__contains=[Role.CASE_WORKER]).order_by(
            "name", "pk"
        )
    )
