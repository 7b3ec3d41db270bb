"""Every verb with facts that would do, for any case in any state (table and machine tests)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.application import application
from pulje.actions.casework import assessment, clarification, recommendation
from pulje.actions.decision import decision
from pulje.actions.grant import award, payment, repayment, report
from pulje.enums import LineKind, PaymentState
from pulje.models import Application, JournalEntry, Payment, User
from pulje.states import Verb
from tests import people
from workflow.hands import carry_out

Facts = dict[str, object]


@dataclass(frozen=True)
class Try:
    """One attempt: who does what to which case, when, and with how much money."""

    case: Application
    by: User | None
    at: datetime
    amount_kr: Decimal

    @property
    def soon(self) -> dict[str, object]:
        return {"due_on": timezone.localdate(self.at) + timedelta(days=14)}


def attempt(verb: Verb, try_: Try) -> JournalEntry | None:
    """Do the verb with plausible facts; what stands beside the table is made first."""
    action, facts = HOW[verb]
    return carry_out(action, try_.case, by=try_.by, at=try_.at, **facts(try_))


def _nothing(_try: Try) -> Facts:
    return {}


def _reason(_try: Try) -> Facts:
    return {"reason": "Sådan er det."}


def _information(try_: Try) -> Facts:
    return {"parts": ["budget"], "message": "Budgettet går ikke op.", **try_.soon}


def _hearing(try_: Try) -> Facts:
    why = {"against": True, "essential": True, "unknown": True}
    return {"fact": "Lokalet er lukket.", "source": "Ejendomscentret", **why, **try_.soon}


def _points(try_: Try) -> Facts:
    criteria = try_.case.version.criteria.order_by("position")
    points = dict.fromkeys(criteria.values_list("pk", flat=True), 2)
    return {"points": points, "is_impartial": True}


def _proposal(try_: Try) -> Facts:
    grounds = list(try_.case.version.grounds.order_by("pk")[:1])
    return {"amount_kr": try_.amount_kr, "reasons": "Godt for kvarteret.", "grounds": grounds}


def _ruling(try_: Try) -> Facts:
    return {"amount_kr": try_.amount_kr, "reasons": "Puljen er lille."}


def _on_its_way(try_: Try) -> Facts:
    """The next payment, sent to the bank by two people, as far as the case lets it."""
    rows = list(try_.case.payments.select_related("application").order_by("number", "pk"))
    sent = next((row for row in rows if row.state == PaymentState.EXPORTED), None)
    payable = [row for row in rows if payment.is_payable(row)]
    if sent is None and payable:
        sent = payable[0]
        batch = payment.propose([sent], by=people.fie(), at=try_.at)
        payment.approve(batch, by=people.dora(), at=try_.at)
        payment.export(batch, by=people.fie(), at=try_.at, sha256="0" * 64)
    return {"payment": sent or (rows[-1] if rows else Payment())}


def _accounts(try_: Try) -> Facts:
    granted = try_.case.granted_kr or Decimal(1)
    spent = min(granted, try_.amount_kr + 1)
    line = report.AccountLine(LineKind.EXPENSE, "Råvarer", granted, spent)
    return {"fields": {"story": "Alle var mætte."}, "lines": [line]}


def _claim(try_: Try) -> Facts:
    """A claim that somebody else has proposed, if the rules let it."""
    if not try_.case.claims.exclude(state="SETTLED").exists():
        proposer = people.rie() if try_.by == people.karl() else people.karl()
        facts = {"amount_kr": Decimal("100.00"), "reasons": "Pengene er ikke brugt.", **try_.soon}
        repayment.propose_claim(try_.case, by=proposer, at=try_.at, **facts)
    return {}


def _received(try_: Try) -> Facts:
    claim = try_.case.claims.exclude(state="SETTLED").order_by("-pk").first()
    return {"received_kr": claim.amount_kr if claim else Decimal(0), "write_off": False}


HOW: dict[Verb, tuple[Callable[..., JournalEntry], Callable[[Try], Facts]]] = {
    Verb.SUBMIT: (application.submit, _nothing),
    Verb.REGISTER_ON_BEHALF: (
        application.register_on_behalf,
        lambda try_: {"received_at": try_.at, "on_behalf_of": "Asta"},
    ),
    Verb.ASK_FOR_INFORMATION: (clarification.ask_for_information, _information),
    Verb.ANSWER_INFORMATION: (
        clarification.answer_information,
        lambda _try: {"answer": "Nu går det op."},
    ),
    Verb.REJECT_FORMALLY: (
        decision.reject_formally,
        lambda _try: {"reasons": "Det er løn til ansatte.", "section": "§ 2"},
    ),
    Verb.ACCEPT_FOR_REVIEW: (
        assessment.accept_for_review,
        lambda _try: {"reviewers": [people.rie()], "rest_is_fine": True},
    ),
    Verb.RECORD_ASSESSMENT: (assessment.record_assessment, _points),
    Verb.OPEN_HEARING: (clarification.open_hearing, _hearing),
    Verb.ANSWER_HEARING: (clarification.answer_hearing, lambda _try: {"answer": "Vi er enige."}),
    Verb.EXPIRE_HEARING: (clarification.expire_hearing, _nothing),
    Verb.RECOMMEND: (recommendation.recommend, _proposal),
    Verb.SEND_BACK: (recommendation.send_back, _reason),
    Verb.DECIDE: (decision.decide, _ruling),
    Verb.ACCEPT: (award.accept, _nothing),
    Verb.DECLINE: (award.decline, _nothing),
    Verb.MARK_PAID: (payment.confirm, _on_its_way),
    Verb.SUBMIT_REPORT: (report.submit_report, _accounts),
    Verb.RETURN_REPORT: (report.return_report, lambda try_: {"missing": "Bilag 3.", **try_.soon}),
    Verb.APPROVE_REPORT: (report.approve_report, _nothing),
    Verb.WAIVE_REPORT: (report.waive_report, _reason),
    Verb.CLAIM_REPAYMENT: (repayment.claim_repayment, _claim),
    Verb.SETTLE_REPAYMENT: (repayment.settle_repayment, _received),
    Verb.CLOSE: (repayment.close, _nothing),
    Verb.WITHDRAW: (application.withdraw, _nothing),
    Verb.LAPSE: (application.lapse, _nothing),
    Verb.REDECIDE: (
        decision.redecide,
        lambda try_: {"amount_kr": try_.amount_kr, "reasons": "Klagen får medhold."},
    ),
    Verb.ANNUL: (decision.annul, _reason),
    Verb.REOPEN: (decision.reopen, _reason),
    Verb.UNDO: (recommendation.undo, _nothing),
}
