"""Cases built by walking the real verbs: each has a journal, a ledger, letters and tasks.

    case = case_in(CaseState.RECOMMENDED)  # small: the leader decides
    case = case_in(CaseState.APPROVED, requested_kr=Decimal(40_000))  # the committee decides

Every step is a day after the one before it; all are in the past unless ``starts`` says otherwise.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from pulje.actions.application import application
from pulje.actions.casework import assessment, clarification, recommendation
from pulje.actions.decision import decision
from pulje.actions.grant import award, payment, repayment, report
from pulje.actions.ledger import set_frame
from pulje.actions.meeting import meeting
from pulje.enums import (
    ApplicantKind,
    CommitteeRole,
    LegalBasis,
    LineKind,
    MemberRole,
    PaymentPlan,
)
from pulje.models import (
    Applicant,
    Application,
    Committee,
    CommitteeMember,
    Criterion,
    Ground,
    JournalEntry,
    Meeting,
    Payment,
    Pool,
    PoolVersion,
    Round,
    User,
)
from pulje.models.fields import CVR_WEIGHTS
from pulje.states import CaseState
from tests import people
from tests.meetings import hold
from workflow.hands import carry_out

S = CaseState
SMALL_KR = Decimal("8000.00")
_numbers = count(1)


# --- places ---


def a_committee() -> Committee:
    """The committee with Karen as chair, Mads, one more and Sanne as secretary; quorum 2."""
    committee, is_new = Committee.objects.get_or_create(
        name="Kulturudvalget", short_name="KU", slug="kulturudvalget", quorum=2
    )
    if is_new:
        seats = [
            (people.karen(), CommitteeRole.CHAIR),
            (people.mads(), CommitteeRole.VICE_CHAIR),
            (people.person("Muhammed"), CommitteeRole.MEMBER),
            (people.sanne(), CommitteeRole.SECRETARY),
        ]
        for user, role in seats:
            CommitteeMember.objects.create(
                committee=committee, user=user, role=role, started_on=date(2020, 1, 1)
            )
    return committee


def a_pool(
    *, frame_kr: Decimal = Decimal("600000.00"), code: str = "", year: int = 2027, **version: object
) -> Pool:
    """A pool with rules in force, two criteria, two grounds, a frame and a committee.

    Extra names go to its version: ``reviewers=3``, ``payment_plan=…``, ``ceiling_kr=…``.
    """
    code = code or f"P{next(_numbers)}"
    pool = Pool.objects.create(
        code=code,
        year=year,
        name=f"Frivillighedspuljen {code}",
        slug=f"frivillighed-{code.lower()}-{year}",
        committee=a_committee(),
    )
    rules = PoolVersion.objects.create(
        **{
            "pool": pool,
            "number": 1,
            "valid_from": date(2020, 1, 1),
            "adopted_on": date(2020, 1, 1),
            "legal_basis": LegalBasis.KFM,
            "purpose": "At støtte frivillige.",
            "supported": "Aktiviteter for borgere.",
            "applicant_kinds": list(ApplicantKind),
            "delegation_limit_kr": Decimal("10000.00"),
            "delegation_basis": "KU 1. januar 2020",
            "payment_plan": PaymentPlan.UPFRONT,
            "report_steps": [[None, "ACCOUNT"]],
            "kle": "18.16.00",
        }
        | version
    )
    for position, name in enumerate(("Fællesskab", "Nytænkning"), start=1):
        criterion = Criterion.objects.create(
            version=rules, position=position, name=name, question=f"{name}?"
        )
        Ground.objects.create(
            version=rules,
            criterion=criterion,
            section=f"§ {position}",
            text=f"{name} er ikke beskrevet.",
        )
    set_frame(pool, by=None, amount_kr=frame_kr, at=_past(400), cause=f"frame:{pool.pk}")
    return pool


def a_round(pool: Pool | None = None, **fields: object) -> Round:
    """A round that opened over a year ago and has not closed."""
    pool = pool or a_pool()
    return Round.objects.create(
        **{
            "pool": pool,
            "number": 1 + pool.rounds.count(),
            "name": "Løbende",
            "opens_at": _past(500),
        }
        | fields
    )


def an_applicant(*, signer: User | None = None, **fields: object) -> Applicant:
    """An association with Asta (or ``signer``) as chair, who may bind it."""
    number = next(_numbers)
    fields = {
        "kind": ApplicantKind.ASSOCIATION,
        "name": f"Naboerne {number}",
        "cvr": cvr(number),
        "email": "post@puljer.example",
    } | fields
    applicant = Applicant.objects.create(**fields)
    people.seat(applicant, signer or people.asta(), role=MemberRole.CHAIR, may_sign=True)
    return applicant


def a_draft(
    *,
    pool: Pool | None = None,
    round: Round | None = None,
    applicant: Applicant | None = None,
    requested_kr: Decimal = SMALL_KR,
    starts: datetime | None = None,
    **fields: object,
) -> Application:
    """A complete draft that can be submitted. Extra names are fields of the application."""
    at = starts or _past(60)
    round = round or (pool and pool.rounds.order_by("-number").first()) or a_round(pool)
    applicant = applicant or an_applicant()
    signer = applicant.memberships.signing().order_by("pk")[0].user
    title = str(fields.pop("title", "Fællesspisning"))
    draft = application.start_draft(round, applicant, by=signer, at=at, title=title)
    day = timezone.localdate(at)
    typed = {
        "summary": "Fællesspisning hver tirsdag.",
        "description": "Vi laver mad sammen hver tirsdag.",
        "target_group": "Alle i kvarteret",
        "starts_on": day + timedelta(days=60),
        "ends_on": day + timedelta(days=120),
        "requested_kr": requested_kr,
        "contact_name": "Asta",
        "contact_email": "asta@puljer.example",
        "supplements_paid_work": True,
    } | fields
    lines = [application.Line(LineKind.EXPENSE, "Råvarer", requested_kr)]
    return application.save_draft(draft, by=signer, fields=typed, lines=lines)


# --- one step each ---


class Walk:
    """A case on its way: each method does one verb, a day later, as the person whose verb it is."""

    def __init__(self, case: Application, at: datetime) -> None:
        self.case, self.at = case, at

    def do(
        self, action: Callable[..., object], by: User | None, **facts: object
    ) -> JournalEntry | None:
        self.at += timedelta(days=1)
        entry = carry_out(action, self.case, by=by, at=self.at, **facts)
        self.case = Application.objects.get(pk=self.case.pk)
        return entry

    @property
    def applicant(self) -> User:
        return self.case.applicant.memberships.signing().order_by("pk")[0].user

    @property
    def soon(self) -> date:
        """A deadline two weeks ahead of the last step."""
        return timezone.localdate(self.at) + timedelta(days=15)

    def submit(self) -> None:
        self.do(application.submit, self.applicant)

    def ask(self) -> None:
        facts = {"parts": ["budget"], "message": "Budgettet går ikke op.", "due_on": self.soon}
        self.do(clarification.ask_for_information, people.karl(), **facts)

    def answer(self) -> None:
        self.do(clarification.answer_information, self.applicant, answer="Nu går det op.")

    def accept_for_review(self) -> None:
        wanted = self.case.version.reviewers
        reviewers = [people.rie(), people.karl(), people.person("Rolf", *people.rie().roles)][
            : max(wanted, 1)
        ]
        facts = {"reviewers": reviewers, "rest_is_fine": True}
        self.do(assessment.accept_for_review, people.karl(), **facts)

    def review(self, given: int = 2) -> None:
        criteria = self.case.version.criteria.order_by("position")
        points = dict.fromkeys(criteria.values_list("pk", flat=True), given)
        facts = {"points": points, "words": {}, "comment": "Fint.", "is_impartial": True}
        for row in self.case.assessments.filter(state="OPEN").order_by("pk"):
            self.do(assessment.record_assessment, row.reviewer, **facts)

    def open_hearing(self) -> None:
        facts = {"fact": "Lokalet er lukket.", "source": "Ejendomscentret", "due_on": self.soon}
        self.do(
            clarification.open_hearing,
            people.karl(),
            **facts,
            against=True,
            essential=True,
            unknown=True,
        )

    def answer_hearing(self) -> None:
        self.do(clarification.answer_hearing, self.applicant, answer="Vi har fundet et andet.")

    def recommend(self, amount_kr: Decimal | None = None) -> None:
        amount_kr = self.case.requested_kr if amount_kr is None else amount_kr
        grounds = list(self.case.version.grounds.order_by("pk")[:1])
        self.do(
            recommendation.recommend,
            people.karl(),
            amount_kr=amount_kr,
            reasons="Godt for kvarteret.",
            grounds=grounds,
        )

    def decide(self) -> None:
        proposal = self.case.recommendations.get(is_current=True)
        if proposal.is_delegated:
            self.do(decision.decide, people.dora(), amount_kr=proposal.amount_kr)
        else:
            self.at += timedelta(days=1)
            hold(a_meeting([self.case], at=self.at - timedelta(days=1)), at=self.at)
            self.case = Application.objects.get(pk=self.case.pk)

    def accept(self) -> None:
        self.do(award.accept, self.applicant)

    def pay(self) -> None:
        """Propose, approve, export and confirm every payment that may be paid now."""
        payments = self.case.payments.select_related("application").order_by("number", "pk")
        self.pay_these([row for row in payments if payment.is_payable(row)])

    def pay_one(self) -> None:
        """Only the first instalment."""
        self.pay_these(list(self.case.payments.order_by("number")[:1]))

    def pay_these(self, rows: list[Payment]) -> None:
        if not rows:
            return
        batch = payment.propose(rows, by=people.fie(), at=self.at)
        payment.approve(batch, by=people.dora(), at=self.at)
        payment.export(batch, by=people.fie(), at=self.at, sha256="0" * 64)
        for row in rows:
            self.do(payment.confirm, people.fie(), payment=row)

    def submit_report(self, actual_kr: Decimal | None = None) -> None:
        granted = self.case.granted_kr
        spent = granted if actual_kr is None else actual_kr
        lines = [report.AccountLine(LineKind.EXPENSE, "Råvarer", granted, spent)]
        self.do(
            report.submit_report, self.applicant, fields={"story": "Alle var mætte."}, lines=lines
        )

    def return_report(self) -> None:
        self.do(report.return_report, people.karl(), missing="Bilag 3.", due_on=self.soon)

    def approve_report(self) -> None:
        self.do(report.approve_report, people.karl())

    def claim(self, amount_kr: Decimal = Decimal("1000.00")) -> None:
        """Claim money back, by two people; the applicant was heard after the decision."""
        facts = {"amount_kr": amount_kr, "reasons": "Pengene er ikke brugt.", "due_on": self.soon}
        self.do(repayment.propose_claim, people.karl(), **facts)
        self.do(repayment.claim_repayment, people.rie())

    def settle(self, received_kr: Decimal = Decimal("1000.00")) -> None:
        self.do(repayment.settle_repayment, people.fie(), received_kr=received_kr, write_off=False)

    def reject(self) -> None:
        told = {"reasons": "Det er løn til ansatte.", "section": "§ 2"}
        self.do(decision.reject_formally, people.karl(), **told)

    def withdraw(self) -> None:
        self.do(application.withdraw, self.applicant)

    def decline(self) -> None:
        self.do(award.decline, self.applicant, reason="Vi fik andre penge.")

    def lapse(self) -> None:
        """Noon the day after the deadline: the clock ends nothing before.

        Noon, for a day counted near midnight can be another when summer time has ended.
        """
        self.at = timezone.make_aware(datetime.combine(self.case.due_on, time(12)))
        self.do(application.lapse, None)

    def close(self) -> None:
        self.do(repayment.close, None)


TO_REVIEWED = ("submit", "accept_for_review", "review")
TO_APPROVED = (*TO_REVIEWED, "recommend", "decide")
TO_PAID = (*TO_APPROVED, "accept", "pay")
WAYS: dict[CaseState, tuple[str, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.RETURNED: ("submit", "ask"),
    S.IN_REVIEW: ("submit", "accept_for_review"),
    S.IN_HEARING: (*TO_REVIEWED, "open_hearing"),
    S.REVIEWED: TO_REVIEWED,
    S.RECOMMENDED: (*TO_REVIEWED, "recommend"),
    S.APPROVED: TO_APPROVED,
    S.REJECTED: ("submit", "reject"),
    S.ACCEPTED: (*TO_APPROVED, "accept"),
    S.PAID: TO_PAID,
    S.REPORT_SUBMITTED: (*TO_PAID, "submit_report"),
    S.REPORT_RETURNED: (*TO_PAID, "submit_report", "return_report"),
    S.REPORTED: (*TO_PAID, "submit_report", "approve_report", "pay"),
    S.IN_RECOVERY: (*TO_PAID, "open_hearing", "answer_hearing", "claim"),
    S.CLOSED: (*TO_PAID, "submit_report", "approve_report", "pay", "close"),
    S.WITHDRAWN: ("submit", "withdraw"),
    S.DECLINED: (*TO_APPROVED, "decline"),
    S.LAPSED: ("submit", "ask", "lapse"),
}


def case_in(state: CaseState, **draft: object) -> Application:
    """A case that has walked its verbs to ``state``; extra names go to ``a_draft`` (pool=…)."""
    case = walk_to(state, **draft).case
    assert case.state == state, f"walked to {case.state}, not {state}"
    return case


def walk_to(state: CaseState, **draft: object) -> Walk:
    """Like ``case_in``, but gives the walk, so that more steps can follow."""
    walk = Walk(a_draft(**draft), draft.get("starts") or _past(60))
    for step in WAYS[state]:
        getattr(walk, step)()
    return walk


def a_meeting(cases: list[Application], *, at: datetime | None = None) -> Meeting:
    """A quorate meeting with the cases (RECOMMENDED, for the committee) on its agenda."""
    held = meeting.plan_meeting(
        a_committee(), by=people.sanne(), held_at=at or timezone.now(), place="Rådhuset"
    )
    meeting.put_on_agenda(held, cases, by=people.sanne())
    voting = [seat.user for seat in held.committee.seats.voting().order_by("pk")]
    meeting.record_attendance(held, by=people.sanne(), at=held.held_at, present=voting)
    return held


def cvr(number: int) -> str:
    """The ``number``-th CVR number that passes the check of modulus 11."""
    digits = [int(digit) for digit in f"{9_100_000 + number:07}"]
    rest = sum(map(int.__mul__, CVR_WEIGHTS, digits)) % 11
    return f"{9_100_000 + number}{11 - rest if rest else 0}" if rest != 1 else cvr(number + 50_000)


def _past(days: int) -> datetime:
    """The same time of day in Denmark: near midnight, summer time would take a day."""
    return timezone.localtime() - timedelta(days=days)
