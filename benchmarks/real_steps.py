"""The steps of real_round.py; imported after django.setup()."""

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import page
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone
from pypdf import PdfReader

from letters.models import SENT_STATES, Letter, Paper
from letters.tasks import deliver_due
from letters.texts.actions import approve_standard_texts
from pulje.actions.casework import assessment, recommendation
from pulje.actions.grant import award, payment
from pulje.actions.grant import report as reports
from pulje.actions.ledger import remaining_kr, set_frame
from pulje.actions.meeting import meeting
from pulje.enums import ApplicantKind, LegalBasis, LineKind, MemberRole, PaymentPlan, RightProof
from pulje.models import (
    AppealGuidance,
    Application,
    Criterion,
    Ground,
    Membership,
    Payment,
    Pool,
    PoolVersion,
    Round,
    User,
)
from pulje.states import CaseState
from workflow.demo.meetings import have_read, hold
from workflow.demo.people import make_staff
from workflow.demo.pools import APPEAL, make_committee
from workflow.hands import carry_out

ACCEPTED = 100
REPORTS = 3
FALSE_ALARMS = {"PDFA3A-STREAM-LENGTH-001"}  # a stream that ends in CR (engines.md B)


@dataclass
class Town:
    staff: dict[str, User]
    pool: Pool
    ground: Ground
    awarded: dict[str, Decimal]
    cases: list[Application] = field(default_factory=list)


def prepare(file: Path, map_file: Path) -> Town:
    """An empty municipality with one pool, and the file's applications in its round."""
    call_command("migrate", verbosity=0)
    staff = make_staff()
    members = [staff[name] for name in ("karen", "mads", "ejler", "gerda", "hakon")]
    committee = make_committee(staff["sanne"], members)
    today = timezone.localdate()
    pool = Pool.objects.create(
        code="AMS", year=today.year, name="Rigtig runde", slug="rigtig", committee=committee
    )
    version = PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=date(today.year, 1, 1),
        adopted_on=date(today.year, 1, 1),
        legal_basis=LegalBasis.KFM,
        purpose="-",
        supported="-",
        applicant_kinds=list(ApplicantKind),
        payment_plan=PaymentPlan.UPFRONT,
        second_reader_for_rejections=False,
    )
    Criterion.objects.create(version=version, position=1, name="Formål", question="Passer den?")
    ground = Ground.objects.create(version=version, section="Afsnit 5", text="Midlerne spredes.")
    AppealGuidance.objects.create(
        legal_basis=LegalBasis.KFM,
        version=1,
        text=APPEAL,
        approved_by=staff["dora"],
        approved_at=timezone.now(),
    )
    approve_standard_texts(staff["dora"], timezone.now())
    Round.objects.create(
        pool=pool, number=1, name="Runde 1", opens_at=timezone.now() - timedelta(days=3000)
    )
    set_frame(pool, by=staff["dora"], amount_kr=Decimal(10) ** 10, at=timezone.now(), cause="frame")
    awards = Path("/tmp/real_round_awards.json")
    options = {"map": map_file, "purpose": "applications", "pool": f"AMS-{today.year}"}
    call_command(
        "import_grants",
        file,
        **options,
        user="karl@puljer.example",
        awards_file=awards,
        refused_file=Path("/tmp/real_round_refused.json"),
        json=True,
    )
    rows = json.loads(awards.read_text())
    awarded = {row["case"]: Decimal(row["awarded_kr"] or 0) for row in rows}
    return Town(staff, pool, ground, awarded)


def assess(town: Town) -> None:
    """Every case is screened, and Karl gives points."""
    (criterion,) = Criterion.objects.filter(version__pool=town.pool)
    karl, dice = town.staff["karl"], random.Random(1)
    for case in Application.objects.filter(pool=town.pool).order_by("pk"):
        facts = {"reviewers": [karl], "rest_is_fine": True}
        carry_out(assessment.accept_for_review, case, by=karl, **facts)
        points = {criterion.pk: dice.randint(1, 3)}
        facts = {"points": points, "is_impartial": True}
        carry_out(assessment.record_assessment, case, by=karl, **facts)


def recommend(town: Town) -> None:
    """What the file says was awarded, never more than applied for."""
    for case in Application.objects.filter(pool=town.pool).order_by("pk"):
        carry_out(
            recommendation.recommend,
            case,
            by=town.staff["karl"],
            amount_kr=min(town.awarded[case.number], case.requested_kr),
            reasons="Vurderet efter puljens kriterier.",
            grounds=[town.ground],
        )


def decide(town: Town) -> None:
    """One meeting decides them all, set-wise."""
    sanne = town.staff["sanne"]
    session = meeting.plan_meeting(
        town.pool.committee, by=sanne, held_at=timezone.now(), place="Rådhuset"
    )
    cases = list(Application.objects.filter(state=CaseState.RECOMMENDED).order_by("pk"))
    meeting.put_on_agenda(session, cases, by=sanne)
    present = [seat.user for seat in town.pool.committee.seats.select_related("user")]
    meeting.record_attendance(session, by=sanne, at=session.held_at, present=present)
    hold(session, at=timezone.now(), secretary=sanne, chair=town.staff["karen"])
    have_read(session, reader=town.staff["dora"], at=timezone.now())


def wait_for_letters(town: Town) -> None:
    """Nudge the workers, as beat does each minute, until every letter has left or failed."""
    began, nudged = time.monotonic(), 0.0
    while Letter.objects.exclude(state__in=[*SENT_STATES, "FAILED"]).exists():
        if time.monotonic() - nudged > 20:
            deliver_due.delay()
            nudged = time.monotonic()
        if time.monotonic() - began > 1800:
            raise SystemExit("The letters did not leave within half an hour.")
        time.sleep(2)


def check_letters(town: Town, count: int) -> None:
    """Open letters at random: valid PDF/UA-1 and PDF/A-3a, and the case number in the text."""
    letters = list(Letter.objects.filter(kind__in=["AWARD", "PARTIAL_AWARD", "REJECTION"]))
    chosen = random.Random(2).sample(letters, min(count, len(letters)))
    good = 0
    for letter in chosen:
        pdf = bytes(Paper.objects.get(letter=letter).pdf)
        text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)
        assert letter.application.number in text.replace("\n", ""), letter
        reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in ("ua1", "3a")]
        good += not {f.rule_id for report in reports for f in report.failures} - FALSE_ALARMS
    print(f"letters opened: {len(chosen)}, of them valid PDF/UA-1 and PDF/A-3a: {good}")


def pay_and_report(town: Town) -> None:
    """A hundred say yes, their payments are proposed and three are paid and report."""
    granted = list(Application.objects.filter(state=CaseState.APPROVED).order_by("pk")[:ACCEPTED])
    ulla, fie = town.staff["ulla"], town.staff["fie"]
    applicants = {case.applicant_id for case in granted}
    Membership.objects.bulk_create(
        Membership(
            applicant_id=pk,
            user=ulla,
            role=MemberRole.CHAIR,
            may_sign=True,
            started_on=timezone.localdate(),
            confirmed_at=timezone.now(),
            proof=RightProof.DOCUMENT,
        )
        for pk in sorted(applicants)
    )
    for case in granted:
        carry_out(award.accept, case, by=ulla)
    due = list(Payment.objects.filter(application__in=granted).order_by("pk"))
    batch = payment.propose(due, by=town.staff["karl"], at=timezone.now())
    payment.approve(batch, by=fie, at=timezone.now())
    payment.export(batch, by=fie, at=timezone.now(), sha256="")
    for row in due[:REPORTS]:
        row.refresh_from_db()
        carry_out(payment.confirm, row.application, by=fie, payment=row)
        lines = [reports.AccountLine(LineKind.EXPENSE, "Alt", row.amount_kr, row.amount_kr)]
        fields = {"story": "Det blev til noget."}
        carry_out(reports.submit_report, row.application, by=ulla, fields=fields, lines=lines)
        carry_out(reports.approve_report, row.application, by=town.staff["karl"])
    print(f"accepted: {len(granted)}, payments proposed: {len(due)}, reports: {REPORTS}")


def tell(town: Town) -> None:
    """States, money and letters as they stand."""
    cases = Application.objects.filter(pool=town.pool)
    print(dict(Counter(cases.order_by("pk").values_list("state", flat=True))))
    print(cases.aggregate(applied=Sum("requested_kr"), granted=Sum("granted_kr")))
    print(f"left of the frame: {remaining_kr(town.pool)} kr.")
    states = Letter.objects.order_by("pk").values_list("kind", "state")
    print(dict(Counter(f"{kind} {state}" for kind, state in states)))
