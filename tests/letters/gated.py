"""Decision letters as the gate likes them, on an empty page: each lawful until a test breaks it."""

from datetime import timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

import pypdfium2
from django.utils import timezone

from letters.models import Letter, LetterState, LetterText, Paper
from pulje.actions import reminder
from pulje.actions.decision import appeal, decision
from pulje.actions.grant import change
from pulje.actions.journal import note_down
from pulje.enums import ReminderKind
from pulje.models import Application, User
from pulje.queries.told import LETTER_AVAILABLE
from tests import people
from tests.arrived import decision_told, letters_there
from tests.factories import Walk, a_draft, a_pool, walk_to
from workflow.hands import carry_out


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


def lies_ready(case: Application, kind: str) -> Letter:
    """The case's newest letter of the kind, as a worker would have left it for a reader."""
    letter = Letter.objects.filter(application=case, kind=kind).latest("pk")
    letter.text = LetterText.objects.filter(kind=kind, approved_at__isnull=False).first()
    assert letter.failure == ""
    letter.state, letter.sha256, letter.rendered_at = LetterState.RENDERED, "0" * 64, days_ago(0)
    letter.save()
    Paper.objects.create(letter=letter, pdf=empty_page())
    return letter


@cache
def empty_page() -> bytes:
    held, document = BytesIO(), pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(held)
    document.close()
    return held.getvalue()


def partial_award(days: int = 7, **draft: object) -> Letter:
    """Three quarters of 40.000 kr. from the committee; minutes approved two days ago."""
    wanted = {"requested_kr": Decimal(40_000), "starts": days_ago(days)} | draft
    walk = Walk(a_draft(**wanted), wanted["starts"])
    for step in ("submit", "accept_for_review", "review"):
        getattr(walk, step)()
    walk.recommend(Decimal(30_000))
    walk.decide()
    return lies_ready(walk.case, "PARTIAL_AWARD")


def award() -> Letter:
    """All of it, by delegation."""
    return lies_ready(walk_to("APPROVED", starts=days_ago(8)).case, "AWARD")


def formal_rejection() -> Letter:
    return lies_ready(walk_to("REJECTED", starts=days_ago(4)).case, "REJECTION")


def claim() -> Letter:
    return lies_ready(walk_to("IN_RECOVERY", starts=days_ago(14)).case, "REPAYMENT_CLAIM")


def upheld() -> Letter:
    """A complaint over a formal rejection that the leader does not follow."""
    case = walk_to("REJECTED", starts=days_ago(4)).case
    answer = {"outcome": "UPHELD", "answer": "Puljen giver ikke til løn."}
    complained(case, people.dora(), **answer)
    return lies_ready(case, "APPEAL_UPHELD")


def raised() -> Letter:
    """A complaint over three quarters that gets the applicant some more, after the meeting."""
    case = partial_award().application
    answer = {"outcome": "CHANGED", "answer": "Fællesskab er beskrevet, viser klagen."}
    complained(case, people.sanne(), **answer, amount_kr=Decimal(35_000))
    return lies_ready(case, "PARTIAL_AWARD")


def lowered() -> Letter:
    """Less than before, by delegation, after the applicant was heard about it."""
    walk = walk_to("APPROVED", starts=days_ago(9))
    walk.open_hearing()
    walk.answer_hearing()
    less = "Lokalet er gratis, viste partshøringen, så § 1 er ikke opfyldt."
    walk.do(decision.redecide, people.dora(), amount_kr=Decimal(6_000), reasons=less)
    return lies_ready(walk.case, "PARTIAL_AWARD")


def waiting_award() -> Letter:
    """A complaint over three quarters that the committee does not follow: the yes still waits."""
    case = partial_award().application
    complained(case, people.sanne(), outcome="UPHELD", answer="Fællesskab er ikke beskrevet.")
    return lies_ready(case, "APPEAL_UPHELD")


def late_complaint() -> Letter:
    """A complaint that came six weeks after a refusal by serviceloven § 18, which has four."""
    pool = a_pool(legal_basis="SEL18")
    case = walk_to("REJECTED", pool=pool, starts=days_ago(50)).case
    decision_told(case, "REJECTION", days_ago(42))
    late = {"outcome": "REJECTED_AS_LATE", "answer": "Klagen kom efter fristen på fire uger."}
    complained(case, people.dora(), **late)
    return lies_ready(case, "APPEAL_LATE")


def annulled() -> Letter:
    walk = walk_to("APPROVED", starts=days_ago(8))
    letters_there(walk.case)
    walk.do(decision.annul, people.dora(), reason="Beløbet i afgørelsen var forkert.")
    return lies_ready(walk.case, "ANNULMENT")


def change_refused() -> Letter:
    walk = walk_to("ACCEPTED", starts=days_ago(9))
    ends_on = timezone.localdate() + timedelta(days=200)
    wish = {"reason": "Lokalet bliver malet.", "ends_on": ends_on}
    change.request_change(walk.case, by=walk.applicant, at=walk.at, **wish)
    answer = {"is_approved": False, "answer": "Skoleåret er slut til den tid."}
    walk.do(change.answer_change, people.rie(), **answer)
    return lies_ready(walk.case, "CHANGE_REFUSED")


def unanswered() -> Letter:
    """The clock has ended an application that lacked something."""
    return lies_ready(walk_to("LAPSED", starts=days_ago(20)).case, "LAPSE")


def unreported() -> Letter:
    """The clock has ended a grant that lacked its report, after the last reminder."""
    walk = walk_to("ACCEPTED", starts=days_ago(27))
    remind_for_the_last_time(walk)
    walk.lapse()
    return lies_ready(walk.case, "LAPSE")


def claim_after_reminder() -> Letter:
    walk = walk_to("PAID", starts=days_ago(30))
    remind_for_the_last_time(walk)
    walk.at += timedelta(days=16)
    walk.claim()
    return lies_ready(walk.case, "REPAYMENT_CLAIM")


def remind_for_the_last_time(walk: Walk) -> None:
    """The last report reminder, which could be read the same day."""
    told = {"kind": ReminderKind.REPORT, "number": 4, "about": walk.case.due_on}
    walk.do(
        lambda case, *, by, at, **rest: reminder.remind(case, by=by, at=at, **rest),
        None,
        new_due_on=walk.soon,
        clock_on=None,
        **told,
    )
    about = {"entry": walk.case.journal.get(event="reminded").number}
    note_down(walk.case, LETTER_AVAILABLE, by=None, at=walk.at, data=about)


def complained(case: Application, by: User, **answer: object) -> None:
    now = {"at": timezone.now()}
    facts = {"received_on": timezone.localdate(), "text": "Vi er uenige."}
    carry_out(appeal.receive_appeal, case, by=people.karl(), **facts, **now)
    said = "Vi har set på det hele igen."
    carry_out(appeal.assess_appeal, case, by=people.rie(), assessment=said, **now)
    carry_out(appeal.answer_appeal, case, by=by, **answer, **now)
