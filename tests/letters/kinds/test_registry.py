"""Which letter is written when, and what it says."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from letters import actions, gate, render
from letters.facts.base import issued_at
from letters.kinds.registry import KINDS, kinds_for
from letters.models import Letter
from pulje.actions import reminder
from pulje.actions.application import application
from pulje.actions.casework import clarification, recommendation
from pulje.actions.deadline_counted import WAITING
from pulje.actions.decision import appeal, decision
from pulje.actions.grant import change, control, payment, repayment
from pulje.actions.grant import report as reports
from pulje.actions.meeting import ruling
from pulje.enums import ApplicantKind, ItemOutcome, PaymentPlan, ReminderKind
from pulje.models import AppealGuidance, JournalEntry
from pulje.queries.told import CONTROL_SELECTED, TOLD_BY_LETTER
from pulje.states import CaseState as S
from pulje.templatetags.words import dato_aar
from tests import people
from tests.arrived import arrived, decision_told, letters_there
from tests.factories import Walk, a_draft, a_meeting, a_pool, an_applicant, case_in, walk_to
from tests.letters.text import text_of
from tests.letters.told import LETTERS, html_of
from workflow.bulk import close_meeting

pytestmark = pytest.mark.django_db
SNAPSHOTS = Path(__file__).parent / "snapshots"
REPORT_LADDER = ["REPORT_BEFORE", "REPORT_FIRST", "REPORT_SECOND", "REPORT_LAST"]


def kinds_of(walk_or_case: object) -> list[str]:
    case = getattr(walk_or_case, "case", walk_or_case)
    return list(
        Letter.objects.filter(application=case).order_by("pk").values_list("kind", flat=True)
    )


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (S.DRAFT, []),
        (S.SUBMITTED, ["RECEIPT"]),
        (S.RETURNED, ["RECEIPT", "MISSING_INFORMATION"]),
        (S.REVIEWED, ["RECEIPT"]),
        (S.IN_HEARING, ["RECEIPT", "HEARING"]),
        (S.APPROVED, ["RECEIPT", "AWARD"]),
        (S.REJECTED, ["RECEIPT", "REJECTION"]),
        (S.ACCEPTED, ["RECEIPT", "AWARD"]),
        (S.PAID, ["RECEIPT", "AWARD", "PAYMENT_NOTICE"]),
        (S.REPORT_RETURNED, ["RECEIPT", "AWARD", "PAYMENT_NOTICE", "REPORT_RETURNED"]),
        (S.REPORTED, ["RECEIPT", "AWARD", "PAYMENT_NOTICE", "REPORT_APPROVED"]),
        (
            S.IN_RECOVERY,
            ["RECEIPT", "AWARD", "PAYMENT_NOTICE", "RECOVERY_HEARING", "REPAYMENT_CLAIM"],
        ),
        (S.CLOSED, ["RECEIPT", "AWARD", "PAYMENT_NOTICE", "REPORT_APPROVED", "CLOSING"]),
        (S.DECLINED, ["RECEIPT", "AWARD"]),
        (S.WITHDRAWN, ["RECEIPT", "WITHDRAWAL"]),
        (S.LAPSED, ["RECEIPT", "MISSING_INFORMATION", "LAPSE"]),
    ],
    ids=lambda value: value.lower() if isinstance(value, str) else "",
)
def test_a_life_leaves_these_letters(state: S, kinds: list[str], guidance: AppealGuidance) -> None:
    assert kinds_of(case_in(state)) == kinds


def test_less_than_asked_for_is_a_partial_award(guidance: AppealGuidance) -> None:
    walk = walk_to(S.REVIEWED)

    walk.recommend(Decimal("5000.00"))
    walk.decide()

    assert kinds_of(walk) == ["RECEIPT", "PARTIAL_AWARD"]


def test_a_grant_on_conditions_of_its_own_has_reasons_and_guidance(
    guidance: AppealGuidance,
) -> None:
    walk = walk_to(S.REVIEWED)

    conditional(walk)

    assert kinds_of(walk) == ["RECEIPT", "AWARD_CONDITIONS"]
    html = actions.letter_html(Letter.objects.order_by("-pk")[0])
    assert "<li>Åbent for alle.</li>" in html
    assert "Hvis I er uenige" in html


def test_a_new_decision_names_the_complaint_it_answers(guidance: AppealGuidance) -> None:
    walk = walk_to(S.REVIEWED)
    walk.recommend(Decimal("5000.00"))
    walk.decide()
    complain(walk)
    walk.do(appeal.assess_appeal, people.rie(), assessment="Set på igen.")

    answer = {"outcome": "CHANGED", "answer": "Bilag 2 er læst.", "amount_kr": Decimal(6_000)}
    walk.do(appeal.answer_appeal, people.dora(), **answer)

    assert kinds_of(walk)[1:] == ["PARTIAL_AWARD", "APPEAL_RECEIPT", "PARTIAL_AWARD"]
    first, last = Letter.objects.filter(kind="PARTIAL_AWARD").order_by("pk")
    assert "svar på jeres klage" not in actions.letter_html(first)
    assert "svar på jeres klage" in actions.letter_html(last)


def test_money_that_came_back_is_told_and_still_so_when_the_case_is_closed(
    guidance: AppealGuidance,
) -> None:
    walk = walk_to(S.REPORTED)
    walk.open_hearing()
    walk.answer_hearing()
    walk.claim(Decimal("8000.00"))

    walk.settle(Decimal("8000.00"))
    walk.close()

    assert kinds_of(walk)[-3:] == ["REPAYMENT_CLAIM", "CLOSING", "CLOSING"]
    settled, closed = Letter.objects.filter(kind="CLOSING").order_by("pk")
    told = actions.letter_html(settled)
    assert "Tilbagebetalingen om Fællesspisning er afsluttet" in told
    assert "Vi har modtaget 8.000 kr." in told.replace("\xa0", " ")
    told = actions.letter_html(closed).replace("\xa0", " ")
    assert "fået udbetalt 8.000 kr. i alt og har betalt 8.000 kr. tilbage." in told


def test_a_withdrawn_draft_gets_no_letter() -> None:
    walk = Walk(a_draft(), timezone.now() - timedelta(days=9))

    walk.withdraw()

    assert kinds_of(walk) == []


def test_a_reopened_draft_gets_no_letter() -> None:
    walk = Walk(a_draft(), timezone.now() - timedelta(days=9))
    walk.withdraw()

    walk.do(decision.reopen, people.dora(), reason="Det var en fejl.")

    assert kinds_of(walk) == []


def remind(walk: Walk, kind: ReminderKind, number: int) -> None:
    facts = {"about": walk.case.due_on, "number": number, "new_due_on": walk.soon, "clock_on": None}
    walk.do(
        lambda case, *, by, at, **rest: reminder.remind(case, at=at, **rest),
        None,
        kind=kind,
        **facts,
    )


def complain(walk: Walk) -> None:
    walk.do(
        appeal.receive_appeal,
        people.karl(),
        received_on=timezone.localdate(walk.at),
        text="I har ikke læst bilag 2.",
    )


def answer_complaint(walk: Walk, outcome: str) -> None:
    walk.do(appeal.answer_appeal, people.dora(), outcome=outcome, answer="Bilag 2 er læst.")


def extend(walk: Walk) -> None:
    until = walk.case.due_on + timedelta(days=30)
    walk.do(clarification.extend, people.karl(), until=until, reason="Revisor er syg.")


def ask_for_change(walk: Walk, *, is_approved: bool) -> None:
    ends_on = timezone.localdate(walk.at) + timedelta(days=200)
    facts = {"reason": "Lokalet bliver malet.", "ends_on": ends_on}
    change.request_change(walk.case, by=walk.applicant, at=walk.at, **facts)
    answer = {"is_approved": is_approved, "answer": "Skoleåret er slut."}
    walk.do(change.answer_change, people.karl(), **answer)


def refuse_payment(walk: Walk) -> None:
    row = walk.case.payments.order_by("number")[0]
    batch = payment.propose([row], by=people.fie(), at=walk.at)
    payment.approve(batch, by=people.dora(), at=walk.at)
    walk.do(payment.reject, people.fie(), payment=row, reason="Der er ingen NemKonto.")


def postpone(walk: Walk) -> None:
    held = a_meeting([walk.case], at=walk.at)
    row = ruling.Recorded(held.items.get(), ItemOutcome.POSTPONED, reasons="Vi vil se lokalet.")
    ruling.record_rulings(held, [row], by=people.sanne(), at=walk.at)
    close_meeting(held, by=people.sanne(), at=walk.at)


def conditional(walk: Walk) -> None:
    grounds = list(walk.case.version.grounds.order_by("pk")[:1])
    words = {"reasons": "Godt for kvarteret.", "conditions": "Åbent for alle."}
    whole = {"amount_kr": walk.case.requested_kr, "grounds": grounds}
    walk.do(recommendation.recommend, people.karl(), **words, **whole)
    walk.decide()


def later_kinds(who: dict[str, Any]) -> list[Walk]:
    """A grant on conditions, postponed before, whose grantee asks twice to change it."""
    whole, paid, asked, closed = (
        walk_to(state, applicant=an_applicant(**who))
        for state in (S.REVIEWED, S.PAID, S.RETURNED, S.CLOSED)
    )
    conditional(whole)
    whole.accept()
    ask_for_change(whole, is_approved=False)
    ask_for_change(whole, is_approved=True)
    refuse_payment(whole)
    paid.do(control.select_for_control, people.karl(), reason="Kvitteringer.", due_on=paid.soon)
    extend(paid)
    extend(asked)
    late = walk_to(S.REVIEWED, applicant=an_applicant(**who), requested_kr=Decimal(90_000))
    late.recommend()
    postpone(late)
    return [whole, paid, asked, closed, late]


def walks() -> list[Walk]:
    """Cases that between them cause every kind of letter, to an association and to one person."""
    found = []
    for one in (False, True):
        kind = ApplicantKind.INDIVIDUAL if one else ApplicantKind.ASSOCIATION
        who = {"kind": kind, "cvr": ""} if one else {"kind": kind}
        found += [
            walk_to(state, applicant=an_applicant(**who))
            for state in (S.REJECTED, S.WITHDRAWN, S.LAPSED)
        ]
        for walk in found[-2:]:  # withdrawn; lapsed, where the applicant's answer was missing
            walk.do(decision.reopen, people.dora(), reason="Det var en fejl.")
        asked, paid, approved = (
            walk_to(state, applicant=an_applicant(**who))
            for state in (S.RETURNED, S.PAID, S.APPROVED)
        )
        remind(asked, ReminderKind.INFORMATION, 1)
        for number in (1, 2, 3, 4):
            remind(paid, ReminderKind.REPORT, number)
        remind(approved, ReminderKind.AWARD, 1)
        letters_there(approved.case)
        approved.do(decision.annul, people.dora(), reason="Beløbet var forkert.")
        partial = walk_to(S.REVIEWED, applicant=an_applicant(**who))
        partial.recommend(Decimal("5000.00"))
        partial.decide()
        complain(partial)
        partial.do(appeal.assess_appeal, people.rie(), assessment="Set på igen.")
        answer_complaint(partial, "UPHELD")
        late = walk_to(S.REVIEWED, pool=a_pool(legal_basis="SEL18"), applicant=an_applicant(**who))
        late.recommend(Decimal("5000.00"))
        late.decide()
        decision_told(late.case, "PARTIAL_AWARD", late.at)
        late.at += timedelta(days=40)
        complain(late)
        answer_complaint(late, "REJECTED_AS_LATE")
        pool = a_pool(payment_plan=PaymentPlan.INSTALMENTS)
        rates, waived = (
            walk_to(S.ACCEPTED, pool=pool, applicant=an_applicant(**who)) for _ in range(2)
        )
        rates.pay_one()
        waived.do(reports.waive_report, people.karl(), reason="Foreningen er lukket.")
        found += [asked, paid, approved, partial, rates, waived]
        found += [
            walk_to(state, applicant=an_applicant(**who))
            for state in (S.REPORT_RETURNED, S.IN_RECOVERY)
        ]
        found.append(walk_to(S.IN_HEARING, applicant=an_applicant(**who)))
        reduced = walk_to(S.REPORT_SUBMITTED, applicant=an_applicant(**who))
        less = {"accepted_kr": Decimal(6_000), "reason": "Maden er ikke i budgettet."}
        reduced.do(reports.approve_report, people.karl(), **less)
        found.append(reduced)
        found += later_kinds(who)
    return found


@pytest.mark.slow
def test_every_kind_says_what_it_should_to_one_and_to_several(guidance: AppealGuidance) -> None:
    walks()
    letters = list(Letter.objects.order_by("pk"))

    assert {letter.kind for letter in letters} == set(KINDS)
    for letter in letters:
        html = actions.letter_html(letter)
        words = set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", html.split("<h1>")[1])))
        wrong = {"jer", "jeres"} if letter.facts["is_one_person"] else {"dig", "din", "dit", "dine"}
        assert not words & wrong, letter.kind
        assert letter.facts["number"] in html
        assert "None" not in html, letter.kind
        assert_no_markup_inside_running_text(html)
    assert {entry.event for entry in lines_that_give_a_deadline()} <= TOLD_BY_LETTER


def lines_that_give_a_deadline() -> list[JournalEntry]:
    """Of those a letter tells about: the clock waits for that letter (queries/told.py)."""
    lines = JournalEntry.objects.filter(to_state__in=WAITING, data__has_key="due_on")
    return [line for line in lines.exclude(event=CONTROL_SELECTED) if kinds_for(line)]


def assert_no_markup_inside_running_text(html: str) -> None:
    """WeasyPrint 70.0 strands a word on a line of its own before <strong> or <a>."""
    for part in re.findall(r"(?s)<(?:p|li|dd)[^>]*>(.*?)</(?:p|li|dd)>", html):
        alone = part.strip().startswith("<a") and part.strip().endswith("</a>")
        assert alone or not re.search(r"<(?!br)", part), part


def test_reminders_of_the_report_climb_a_ladder(guidance: AppealGuidance) -> None:
    walk = walk_to(S.PAID)

    for number in (1, 2, 3, 4):
        remind(walk, ReminderKind.REPORT, number)

    assert kinds_of(walk)[-4:] == REPORT_LADDER
    last = Letter.objects.filter(application=walk.case).order_by("-pk")[0]
    assert "§ 19" in actions.letter_html(last)
    assert "betale 8.000\xa0kr. tilbage" in actions.letter_html(last)


def test_what_is_taken_away_is_named_with_its_basis_and_guidance(guidance: AppealGuidance) -> None:
    granted, refused, unanswered = (walk_to(s) for s in (S.APPROVED, S.REJECTED, S.APPROVED))
    for walk in (granted, refused):
        letters_there(walk.case)
        walk.do(decision.annul, people.dora(), reason="Beløbet var forkert.")
    missed = unanswered.case.due_on
    unanswered.at += timedelta(days=40)
    unanswered.do(lambda case, *, by, at: application.lapse(case, at=at), None)

    for walk, said in (
        (granted, "Det var et tilsagn om 8.000\xa0kr."),
        (refused, "Det var et afslag"),
        (unanswered, f"Fristen var den {dato_aar(missed)}"),
    ):
        letter = Letter.objects.filter(application=walk.case).latest("pk")
        html = actions.letter_html(letter)
        assert said in html
        assert "Hvis I er uenige" in html
        assert "retningslinjer" in html
        assert letter.facts["link"].endswith(f"/ansoeg/{walk.case.pk}/")
        assert gate.is_open([row for row in gate.lines_for([letter])[letter.pk]])


def test_a_claim_says_that_the_last_reminder_was_the_hearing(guidance: AppealGuidance) -> None:
    walk = walk_to(S.PAID)
    remind(walk, ReminderKind.REPORT, 4)
    heard_on = timezone.localdate(walk.at)
    arrived(walk.case)
    walk.at += timedelta(days=20)
    claim = {"amount_kr": Decimal(5_000), "reasons": "Rapporten kom ikke.", "due_on": walk.soon}
    walk.do(repayment.propose_claim, people.karl(), **claim)
    walk.do(repayment.claim_repayment, people.rie())

    html = actions.letter_html(Letter.objects.filter(kind="REPAYMENT_CLAIM").get())

    assert f"Vi hørte jer den {dato_aar(heard_on)} i den sidste rykker" in html
    assert "Vi har udbetalt 8.000\xa0kr." in html
    assert f"Afgørelsen er truffet den {dato_aar(timezone.localdate(walk.at))} af" in html


@pytest.mark.parametrize("kind", LETTERS)
def test_snapshot(kind: str) -> None:
    """A decision's words change on purpose: delete the file, run the test, read the difference."""
    facts = LETTERS[kind]
    html = html_of(kind, facts)
    pdf, _sha256 = render.letter(html, facts, issued_at(facts))
    squeezed = re.sub(r"\s*\n\s*", "\n", html)

    for said, name in ((squeezed, f"{kind.lower()}.html"), (text_of(pdf), f"{kind.lower()}.txt")):
        file = SNAPSHOTS / name
        if not file.exists():
            file.write_text(said, "utf-8")
        assert said == file.read_text("utf-8")
