"""Decision letters as the gate likes them, on an empty page: each lawful until a test breaks it."""

from datetime import timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO

import pypdfium2
from django.utils import timezone

from letters.models import Letter, LetterState, LetterText, Paper
from pulje.actions.decision import appeal
from pulje.models import Application, User
from tests import people
from tests.factories import Walk, a_draft, walk_to
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


def complained(case: Application, by: User, **answer: object) -> None:
    now = {"at": timezone.now()}
    facts = {"received_on": timezone.localdate(), "text": "Vi er uenige."}
    carry_out(appeal.receive_appeal, case, by=people.karl(), **facts, **now)
    said = "Vi har set på det hele igen."
    carry_out(appeal.assess_appeal, case, by=people.rie(), assessment=said, **now)
    carry_out(appeal.answer_appeal, case, by=by, **answer, **now)
