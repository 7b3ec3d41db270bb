"""Lives of invented cases, each walked through the real verbs.

A life is a generator: it runs until it yields because the committee must meet, and goes on after.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from letters.models import Letter
from pulje.actions.application import application as applications
from pulje.actions.casework import assessment, clarification, handover, recommendation
from pulje.actions.decision import decision
from pulje.actions.grant import award, payment, repayment
from pulje.actions.grant import report as reports
from pulje.actions.ledger import paid_kr
from pulje.actions.reminder import remind
from pulje.actions.signature import sign
from pulje.enums import LineKind, PaymentState, ReminderKind, SignatureKind
from pulje.rules.deadlines import next_clock, reminder_ladder
from workflow.demo.papers import add_picture, send_again
from workflow.demo.reasons import fitting, reasons_of
from workflow.demo.walk import Walk
from workflow.demo.words import CLUB_TRIP, CLUB_TRIP_REASONS, STORIES

Life = Iterator[None]
SCORE_WORDS = (
    "Ikke beskrevet",
    "Nævnt, men ikke tydeligt",
    "Godt beskrevet",
    "Båret af mange og meget tydeligt",
)


def drafted(walk: Walk) -> Life:
    yield from ()


def half_signed(walk: Walk) -> Life:
    sign(walk.case, by=walk.asta, at=walk.at)
    yield from ()


def submitted(walk: Walk) -> Life:
    walk.sign(SignatureKind.APPLICATION)
    walk.do(applications.submit, "applicant")
    walk.do(handover.assign, "karl", to=walk.staff["karl"])
    yield from ()


def returned(walk: Walk) -> Life:
    yield from submitted(walk)
    walk.wait(4)
    walk.do(
        clarification.ask_for_information,
        "karl",
        parts=["attachments", "budget"],
        message="Vedtægterne kan ikke åbnes hos os. Vil I sende dem igen som PDF?",
        due_on=walk.due(14),
    )


def answered(walk: Walk) -> Life:
    yield from returned(walk)
    walk.wait(3)
    send_again(walk.case, by=walk.asta, at=walk.at)
    walk.case.refresh_from_db()
    walk.do(clarification.answer_information, "applicant", answer="Undskyld – her er de som PDF.")


def in_review(walk: Walk) -> Life:
    yield from submitted(walk)
    walk.wait(3)
    two = [walk.staff["karl"], walk.staff["rie"]]
    walk.do(
        assessment.accept_for_review,
        "karl",
        reviewers=two[: max(1, walk.case.version.reviewers)],
        rest_is_fine=True,
    )


def reviewed(walk: Walk) -> Life:
    yield from in_review(walk)
    walk.wait(5)
    for name in ("karl", "rie")[: max(1, walk.case.version.reviewers)]:
        low = 2 if walk.share > 0 else 0
        points = {
            c.pk: min(3, low + walk.dice.randint(0, 1))
            for c in walk.case.version.criteria.order_by("position")
        }
        walk.do(
            assessment.record_assessment,
            name,
            points=points,
            words={pk: SCORE_WORDS[given] for pk, given in points.items()},
            comment="En god idé med en plan, der hænger sammen.",
            is_impartial=True,
        )


def in_hearing(walk: Walk) -> Life:
    yield from reviewed(walk)
    walk.do(
        clarification.open_hearing,
        "karl",
        fact="Biblioteket oplyser, at lokalet ikke kan lånes om aftenen.",
        source="Telefonsamtale med biblioteket",
        due_on=walk.due(14),
        against=True,
        essential=True,
        unknown=True,
    )


def heard(walk: Walk) -> Life:
    yield from in_hearing(walk)
    walk.wait(6)
    walk.do(clarification.answer_hearing, "applicant", answer="Vi har fundet et andet lokale.")


def recommended(walk: Walk) -> Life:
    yield from (heard(walk) if walk.dice.random() < 0.04 else reviewed(walk))
    walk.wait(2)
    case = walk.case
    amount = (case.requested_kr * walk.share).quantize(Decimal(100))
    favourable = amount > 0
    grounds = list(case.version.grounds.filter(is_favourable=favourable).order_by("pk"))
    if favourable and amount < case.requested_kr:
        grounds = [case.version.grounds.get(section="Afsnit 5.1")]
    chosen = fitting(case, walk.dice.choice(grounds))
    amount = min(amount, case.requested_kr)
    walk.do(
        recommendation.recommend,
        "karl",
        amount_kr=amount,
        reasons=reasons_of(case, chosen, amount),
        grounds=[chosen],
    )


def decided(walk: Walk) -> Life:
    yield from recommended(walk)
    proposal = walk.case.recommendations.get(is_current=True)
    if proposal.is_delegated:
        walk.wait(1)
        walk.do(decision.decide, "dora", amount_kr=proposal.amount_kr)
    else:
        yield
    walk.case.refresh_from_db()


def formally_rejected(walk: Walk) -> Life:
    walk.case = applications.save_draft(walk.case, by=walk.asta, at=walk.at, fields=CLUB_TRIP)
    yield from submitted(walk)
    walk.wait(2)
    walk.do(
        decision.reject_formally,
        "karl",
        reasons=CLUB_TRIP_REASONS,
        section="Afsnit 3.2",
    )


def accepted(walk: Walk) -> Life:
    yield from decided(walk)
    walk.wait(3)
    walk.do(award.accept, "applicant")


def declined(walk: Walk) -> Life:
    yield from decided(walk)
    walk.wait(2)
    walk.do(award.decline, "applicant", reason="Vi fik pengene fra en fond.")


def paid(walk: Walk) -> Life:
    yield from accepted(walk)
    walk.wait(4)
    _pay(walk, after_report=False)


def payment_bounced(walk: Walk) -> Life:
    yield from accepted(walk)
    walk.wait(2)
    (first, *_rest) = _send_to_bank(walk, after_report=False) or [None]
    if first is not None:
        walk.do(
            payment.reject, "fie", payment=first, reason="Der er ingen NemKonto til CVR-nummeret."
        )


def reported_in(walk: Walk) -> Life:
    yield from paid(walk)
    walk.wait(12)
    _send_report(walk)


def report_returned(walk: Walk) -> Life:
    yield from reported_in(walk)
    walk.wait(2)
    walk.do(
        reports.return_report,
        "karl",
        missing="Regnskabet mangler udgiften til lokalet.",
        due_on=walk.due(21),
    )


def reported(walk: Walk) -> Life:
    yield from reported_in(walk)
    walk.wait(3)
    walk.do(reports.approve_report, "karl")
    _pay(walk, after_report=True)


def closed(walk: Walk) -> Life:
    yield from reported(walk)
    walk.wait(29)
    walk.do(repayment.close, None)


def refused_and_closed(walk: Walk) -> Life:
    yield from decided(walk)
    walk.wait(29)
    walk.do(repayment.close, None)


def withdrawn(walk: Walk) -> Life:
    yield from submitted(walk)
    walk.wait(5)
    walk.do(applications.withdraw, "applicant")


def lapsed_unanswered(walk: Walk) -> Life:
    yield from returned(walk)
    due_on = walk.due_on
    walk.wait(11)
    walk.do(
        remind,
        None,
        kind=ReminderKind.INFORMATION,
        about=due_on,
        number=1,
        new_due_on=due_on,
        clock_on=due_on + timedelta(days=14),
    )
    walk.wait(17)
    walk.do(applications.lapse, None)


def lapsed_award(walk: Walk) -> Life:
    yield from decided(walk)
    due_on = walk.due_on
    walk.wait(14)
    walk.do(
        remind,
        None,
        kind=ReminderKind.AWARD,
        about=due_on,
        number=1,
        new_due_on=due_on,
        clock_on=due_on,
    )
    walk.wait(8)
    walk.do(applications.lapse, None)


def in_recovery(walk: Walk) -> Life:
    yield from paid(walk)
    _remind_about_report(walk, last=3)
    walk.wait(15)
    walk.do(
        clarification.open_hearing,
        "karl",
        fact="Vi har ikke modtaget rapporten og overvejer at kræve pengene tilbage.",
        source="Tre påmindelser om rapporten",
        due_on=walk.due(14),
        against=True,
        essential=True,
        unknown=True,
    )
    walk.wait(10)
    walk.do(clarification.answer_hearing, "applicant", answer="Vi kan ikke finde alle bilagene.")
    walk.wait(2)
    walk.do(
        repayment.propose_claim,
        "karl",
        amount_kr=paid_kr(walk.case),
        reasons="Vi har ikke modtaget den rapport, vilkårene kræver. Derfor kan vi ikke se, at "
        "pengene er brugt efter dem.",
        due_on=walk.due(30),
    )
    walk.do(repayment.claim_repayment, "rie")


def recovered(walk: Walk) -> Life:
    yield from in_recovery(walk)
    walk.wait(20)
    walk.do(repayment.settle_repayment, "fie", received_kr=paid_kr(walk.case), write_off=False)


def reminded_twice(walk: Walk) -> Life:
    yield from paid(walk)
    _remind_about_report(walk, last=2)


def reopened(walk: Walk) -> Life:
    yield from withdrawn(walk)
    walk.wait(2)
    walk.do(decision.reopen, "dora", reason="Ansøgningen blev trukket tilbage ved en fejl.")


def annulled(walk: Walk) -> Life:
    yield from decided(walk)
    Letter.objects.filter(application=walk.case).update(available_at=walk.at)  # it was told
    walk.wait(2)
    walk.do(decision.annul, "dora", reason="Beløbet i afgørelsen var forkert.")


def _remind_about_report(walk: Walk, last: int) -> None:
    about = walk.due_on
    ladder = reminder_ladder(about)
    for step in ladder[:last]:
        walk.at += max(
            timedelta(), timedelta(days=(step.send_on - timezone.localdate(walk.at)).days)
        )
        sent = frozenset(range(1, step.number + 1))
        walk.do(
            remind,
            None,
            kind=ReminderKind.REPORT,
            about=about,
            number=step.number,
            new_due_on=step.new_due_on,
            clock_on=next_clock(ladder, sent),
        )


def _send_to_bank(walk: Walk, *, after_report: bool) -> list:
    rows = list(
        walk.case.payments.filter(after_report=after_report, state=PaymentState.PLANNED).order_by(
            "number"
        )
    )
    if not rows:
        return []
    batch = payment.propose(rows, by=walk.staff["karl"], at=walk.at)
    payment.approve(batch, by=walk.staff["fie"], at=walk.at)
    payment.export(batch, by=walk.staff["fie"], at=walk.at, sha256="")
    return rows


def _pay(walk: Walk, *, after_report: bool) -> None:
    for row in _send_to_bank(walk, after_report=after_report):
        walk.do(payment.confirm, "fie", payment=row)


def _send_report(walk: Walk) -> None:
    case = walk.case
    spent = Decimal("1.00") if walk.dice.random() < 0.85 else Decimal("0.90")
    lines = [
        reports.AccountLine(
            LineKind(line.kind),
            line.text,
            line.amount_kr,
            (line.amount_kr * spent).quantize(Decimal(1)),
        )
        for line in case.budget_lines.order_by("position")
    ]
    went, story, worked, learned = STORIES[case.pk % len(STORIES)]  # neighbours tell different ones
    fields = {
        "went": went,
        "story": story,
        "worked": worked,
        "learned": learned,
        "participants": case.participants,
        "volunteers": case.volunteers,
        "may_publish": case.may_publish,
    }
    if walk.extras.random() < 0.15:
        add_picture(case, by=walk.asta, at=walk.at, dice=walk.extras)
        case.refresh_from_db()
    if walk.second is not None:
        reports.save_report(case, by=walk.asta, fields=fields, lines=lines)
        walk.sign(SignatureKind.REPORT)
    walk.do(reports.submit_report, "applicant", fields=fields, lines=lines)
