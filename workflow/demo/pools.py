"""Five invented pools a year with rules, criteria, rounds and frames, and the committee."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from letters.texts.actions import approve_standard_texts
from pulje.actions.ledger import set_frame
from pulje.enums import ApplicantKind, CommitteeRole, LateRule, LegalBasis, PaymentPlan
from pulje.models import (
    AppealGuidance,
    Committee,
    CommitteeMember,
    Criterion,
    Ground,
    Pool,
    PoolVersion,
    Round,
    User,
)
from workflow.demo.forms import FORMS, make_form
from workflow.demo.words import CRITERIA, GROUNDS

KINDS = [kind for kind in ApplicantKind if kind != ApplicantKind.MUNICIPAL_INSTITUTION]
GROUPS = [ApplicantKind.ASSOCIATION, ApplicantKind.INFORMAL_GROUP]
DEADLINE = time(12)
SHARES = {1: (100,), 2: (60, 40)}  # per cent of the frame, by the number of rounds in a year
APPEAL = (
    "Kommunens afgørelse kan ikke indbringes for en anden administrativ myndighed. Hvis {du} "
    "mener, at afgørelsen bygger på en fejl, eller {du} har nye oplysninger, kan {du} skrive til "
    "os på {kontakt}, så vurderer vi, om sagen skal behandles igen.\n\n"
    "{Du} kan også henvende {dig} til Ankestyrelsen, som fører tilsyn med kommuner. Tilsynet er "
    "ikke en klageinstans. Det kan se på, om kommunen har overholdt loven, men ikke på, om "
    "afgørelsen er rimelig, og det vælger selv, om det vil tage en sag op. {Du} kan desuden klage "
    "til Folketingets Ombudsmand eller anlægge sag ved domstolene."
)


@dataclass(frozen=True)
class Recipe:
    code: str
    name: str
    frame_kr: int
    ceiling_kr: int
    plan: PaymentPlan
    purpose: str
    delegation_limit_kr: int | None = None
    kinds: tuple[ApplicantKind, ...] = tuple(KINDS)
    is_continuous: bool = False
    opens_in_days: int = -30
    own_share: int = 0
    criteria: tuple[int, ...] = (0, 1, 2, 3, 4)


RECIPES = (
    Recipe(
        "FP",
        "Frivillighedspuljen",
        600_000,
        75_000,
        PaymentPlan.UPFRONT,
        "Til lokale frivillige indsatser og aktiviteter, som andre end jer selv har glæde af.",
    ),
    Recipe(
        "PD",
        "Prøv det-puljen",
        150_000,
        10_000,
        PaymentPlan.UPFRONT,
        "Små prøvehandlinger og eksperimenter. Det må gerne gå galt – bare vi lærer af det.",
        delegation_limit_kr=10_000,
        is_continuous=True,
        criteria=(0, 2, 4),  # quick to judge: small amounts, an answer in ten working days
    ),
    Recipe(
        "PP",
        "Partnerskabspuljen",
        200_000,
        50_000,
        PaymentPlan.INSTALMENTS,
        "Når frivillige og en kommunal institution gør noget sammen.",
        kinds=tuple(GROUPS),
    ),
    Recipe(
        "KP",
        "Kulturpuljen",
        400_000,
        100_000,
        PaymentPlan.DEFICIT_GUARANTEE,
        "Koncerter, udstillinger, teater og andre kulturoplevelser, som alle kan komme til.",
        kinds=tuple(GROUPS),
        own_share=10,
    ),
    Recipe(
        "NP",
        "Nabopuljen",
        120_000,
        20_000,
        PaymentPlan.UPFRONT,
        "Til gadefester, fællesspisning og det, der gør naboer til venner.",
        delegation_limit_kr=5_000,
        opens_in_days=40,
    ),
)


def this_year(today: date) -> int:
    """The town's year: until May still the last one, whose cases have had time for an answer."""
    return (today - timedelta(days=120)).year


def make_committee(secretary: User, members: list[User], substitute: User) -> Committee:
    """Kultur- og Fritidsudvalget with a chair, members, a substitute and a secretary."""
    committee = Committee.objects.create(
        name="Kultur- og Fritidsudvalget",
        short_name="KFU",
        slug="kultur-og-fritidsudvalget",
        quorum=4,
        place="Rådhuset, mødelokale 2",
    )
    started_on = date(timezone.localdate().year - 3, 1, 1)
    seats = [(secretary, CommitteeRole.SECRETARY), (substitute, CommitteeRole.SUBSTITUTE)]
    roles = [CommitteeRole.CHAIR, CommitteeRole.VICE_CHAIR, *[CommitteeRole.MEMBER] * len(members)]
    seats += zip(members, roles, strict=False)
    CommitteeMember.objects.bulk_create(
        CommitteeMember(committee=committee, user=user, role=role, started_on=started_on)
        for user, role in seats
    )
    return committee


def approve_appeal_texts(by: User) -> None:
    """Approve the letters' texts, and the appeal guidance that a source supports; SEL18 waits."""
    at = timezone.now()
    approve_standard_texts(by, at)
    for basis in (LegalBasis.KFM, LegalBasis.FOL):
        AppealGuidance.objects.create(
            legal_basis=basis, version=1, text=APPEAL, approved_by=by, approved_at=at
        )
    AppealGuidance.objects.create(legal_basis=LegalBasis.SEL18, version=1, text=APPEAL)


def make_pool(recipe: Recipe, year: int, today: date, committee: Committee, by: User) -> Pool:
    """One pool of one year; this year's rounds lie around today."""
    pool = Pool.objects.create(
        code=recipe.code,
        year=year,
        name=recipe.name,
        slug=f"{recipe.name.lower().replace(' ', '-').replace('ø', 'oe')}-{year}",
        committee=committee,
        account_string=f"3.64-{year}-{recipe.code}",
        is_public=True,
    )
    version = _make_version(recipe, pool, year, by)
    rounds = _make_rounds(recipe, pool, year, today)
    make_form(version, recipe.code, _first_start(rounds[-1], today))
    rows = Criterion.objects.bulk_create(
        Criterion(version=version, position=n, name=CRITERIA[i][0], question=CRITERIA[i][1])
        for n, i in enumerate(recipe.criteria, start=1)
    )
    criteria = dict(zip(recipe.criteria, rows, strict=True))
    Ground.objects.bulk_create(
        Ground(
            version=version,
            criterion=None if criterion is None else criteria[criterion],
            section=f"Afsnit {section}",
            text=text,
            is_favourable=favourable,
        )
        for criterion, section, text, favourable in GROUNDS
        if criterion is None or criterion in criteria
    )
    set_frame(
        pool,
        by=by,
        amount_kr=Decimal(recipe.frame_kr),
        at=moment(date(year - 1, 12, 1)),
        cause=f"demo-frame:{pool.pk}",
        note="Vedtaget budget",
    )
    return pool


def _first_start(round: Round, today: date) -> date:
    """When a project may begin: the first of the month after the answer, or in two weeks."""
    if round.answer_on is None:
        return today + timedelta(days=14)
    return (round.answer_on.replace(day=1) + timedelta(days=32)).replace(day=1)


def _make_version(recipe: Recipe, pool: Pool, year: int, by: User) -> PoolVersion:
    form = FORMS[recipe.code]
    return PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=date(year - 1, 9, 1),
        adopted_on=date(year - 1, 8, 20),
        legal_basis=LegalBasis.FOL if recipe.code == "KP" else LegalBasis.KFM,
        purpose=recipe.purpose,
        supported="Materialer, forplejning og leje af lokaler\nOplægsholdere og instruktører\n"
        "Transport for deltagere\nAnnoncer, plakater og hjemmeside",
        not_supported="Løn til jer selv\nKlubture kun for medlemmer\n"
        "Udgifter, I har haft før svaret\nPartipolitiske og forkyndende arrangementer",
        guidelines="1. Formål\n2. Hvem kan søge\n3. Kriterier\n4. Hvad der støttes\n5. Fordeling",
        applicant_kinds=list(recipe.kinds),
        min_kr=Decimal(500),
        ceiling_kr=Decimal(recipe.ceiling_kr),
        own_share_percent=recipe.own_share,
        late_rule=LateRule.MARK if recipe.code == "PP" else LateRule.REFUSE,
        delegation_limit_kr=recipe.delegation_limit_kr,
        delegation_basis=f"KFU 20. august {year - 1}" if recipe.delegation_limit_kr else "",
        delegation_from=date(year - 1, 9, 1) if recipe.delegation_limit_kr else None,
        payment_plan=recipe.plan,
        report_steps=[
            [10_000, "STORY"],
            [50_000, "BOARD_SIGNED"],
            [200_000, "AUDITED"],
            [None, "REGISTERED_AUDITOR"],
        ],
        reviewers=2 if recipe.code == "FP" else 1,
        second_reader_for_rejections=year == this_year(timezone.localdate()),  # a new rule
        needs_bylaws=form.needs_bylaws,
        needs_accounts_from_kr=form.needs_accounts_from_kr,
        needs_partner=form.needs_partner,
        kle="18.16.00",
        created_by=by,
    )


def _make_rounds(recipe: Recipe, pool: Pool, year: int, today: date) -> list[Round]:
    if recipe.is_continuous:
        spans: list[tuple[date, date | None]] = [(date(year - 1, 12, 1), None)]
        if year != this_year(today):
            spans = [(date(year - 1, 12, 1), date(year, 12, 1))]
    elif year == this_year(today):
        spans = [
            (today - timedelta(days=330), today - timedelta(days=75)),
            (
                today + timedelta(days=recipe.opens_in_days),
                today + timedelta(days=recipe.opens_in_days + 50),
            ),
        ]
    else:
        spans = [
            (date(year - 1, 12, 1), date(year, 3, 1)),
            (date(year, 6, 1), date(year, 9, 1)),
        ]
    days = 90 if year == this_year(today) else 60  # this year's first round is being answered now
    return Round.objects.bulk_create(
        Round(
            pool=pool,
            number=number,
            name="Løbende" if closes is None else f"Runde {number}",
            opens_at=moment(opens),
            closes_at=None if closes is None else moment(closes),
            answer_on=None if closes is None else closes + timedelta(days=days),
            share_percent=SHARES[len(spans)][number - 1],
        )
        for number, (opens, closes) in enumerate(spans, start=1)
    )


def moment(day: date, hour: int = DEADLINE.hour, minute: int = 0) -> datetime:
    """That day at that clock time in Denmark."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
