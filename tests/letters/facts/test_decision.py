"""What a decision's letter says of who made it, what it replaces, and when the project begins."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from letters import actions, gate
from letters.facts.decision import days_of
from letters.kinds.registry import KINDS
from letters.models import Letter
from letters.texts.mistakes import problems
from pulje.actions.decision import decision
from pulje.actions.grant import report
from pulje.actions.meeting import minutes
from pulje.enums import PaymentPlan
from pulje.errors import RuleBroken
from pulje.models import AppealGuidance, Application, Meeting
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_pool, walk_to
from tests.letters import gated
from workflow.hands import carry_out
from workflow.minutes import correct_ruling


def told(case: Application, kind: str) -> str:
    letter = Letter.objects.filter(application=case, kind=kind).latest("pk")
    letter.text = None  # worded by the texts in force
    return actions.letter_html(letter).replace("\xa0", " ")


@pytest.mark.django_db
def test_what_is_decided_anew_is_not_told_as_the_meeting_s(guidance: AppealGuidance) -> None:
    letter = gated.raised()
    html = told(letter.application, "PARTIAL_AWARD")

    assert "Sekretæren for Kulturudvalget har besluttet" in html
    assert "Sekretæren for Kulturudvalget traf afgørelsen den" in html
    assert "på mødet den" not in html
    assert "på 30.000 kr., som ikke gælder længere" in html
    assert "Gør I ikke det, bortfalder tilsagnet" in html
    assert gate.is_open(gate.lines_for([letter])[letter.pk])
    again = {"amount_kr": Decimal(36_000), "reasons": "Vi har regnet efter igen."}
    carry_out(decision.redecide, letter.application, by=people.karen(), **again)
    assert "Formanden for Kulturudvalget har" in told(letter.application, "PARTIAL_AWARD")
    now = {"decision": letter.application.decisions.get(is_current=True)}
    page = render_to_string("workflow/applicant/_decided.html", now)
    assert "Formand eller sekretær for Kulturudvalget" in page

    taken = walk_to(S.ACCEPTED, starts=gated.days_ago(10))
    same = {"amount_kr": Decimal(8_000), "reasons": "Vi har regnet efter igen."}
    taken.do(decision.redecide, people.dora(), **same)
    assert "har sagt ja før, så tilskuddet bortfalder ikke" in told(taken.case, "AWARD")
    taken.open_hearing()
    taken.answer_hearing()
    taken.do(decision.redecide, people.dora(), amount_kr=Decimal(0), reasons="Lokalet er lukket.")
    html = told(taken.case, "REJECTION")
    assert "I får ikke længere tilskud til" in html
    assert "Afgørelsen erstatter tilsagnet af" in html
    assert "Tak for jeres ansøgning" not in html


@pytest.mark.django_db
def test_minutes_that_are_put_right_are_the_meeting_s(guidance: AppealGuidance) -> None:
    case = gated.partial_award().application
    Meeting.objects.update(minutes_approved_at=None, minutes_approved_by=None)
    more = {"amount_kr": Decimal(35_000), "reasons": "Udvalget gav mere end det."}

    with pytest.raises(RuleBroken, match="Ret beslutningen i referatet"):
        decision.redecide(case, by=people.sanne(), at=timezone.now(), **more)
    right = minutes.Corrected(**more, correction="Der stod et forkert beløb.")
    item = Meeting.objects.get().items.get()
    correct_ruling(item, by=people.sanne(), corrected=right)

    html = told(case, "PARTIAL_AWARD")
    assert "Kulturudvalget traf afgørelsen på mødet den" in html
    assert "erstatter" not in html


@pytest.mark.django_db
def test_a_hearing_after_the_award_says_what_may_be_taken(guidance: AppealGuidance) -> None:
    new, paid = (
        walk_to(S.IN_REVIEW),
        walk_to(S.ACCEPTED, pool=a_pool(payment_plan=PaymentPlan.INSTALMENTS)),
    )
    paid.pay_one()
    for walk in (new, paid):
        walk.open_hearing()

    assert "før vi afgør sagen" in told(new.case, "HEARING")
    html = told(paid.case, "HEARING")
    assert "at vi ændrer afgørelsen, så I får mindre eller ikke noget" in html
    assert "at vi kræver de 3.000 kr., som I har fået, helt eller delvist tilbage" in html
    assert "afgør vi det på det grundlag" in html


@pytest.mark.django_db
def test_spending_that_is_not_accepted_is_told_with_reasons_and_guidance(
    guidance: AppealGuidance,
) -> None:
    less, left = (walk_to(S.REPORT_SUBMITTED, starts=gated.days_ago(9)) for _ in range(2))
    reason = "Maden er ikke med i budgettet."
    less.do(report.approve_report, people.karl(), accepted_kr=Decimal(6_000), reason=reason)
    left.case.report.lines.update(actual_kr=5_000)
    left.approve_report()

    html = told(less.case, "REPORT_REDUCED")
    for said in ("viser 8.000 kr.", "godkendt 6.000 kr.", reason, "Hvis I er uenige",
                 "fået 2.000 kr. mere, end tilskuddet dækker"):  # fmt: skip
        assert said in html
    letter = gated.lies_ready(less.case, "REPORT_REDUCED")
    assert gate.is_open(gate.lines_for([letter])[letter.pk])
    html = told(left.case, "REPORT_APPROVED")
    assert "fået 3.000 kr. mere, end tilskuddet dækker" in html
    for done in (html, told(less.case, "REPORT_REDUCED")):
        assert "skal ikke gøre mere" not in done


def test_a_project_can_begin_before_it_ends() -> None:
    day = date(2027, 1, 15)
    for starts, ends, told_ in (
        (3, 60, (21, 60)),
        (30, 60, (30, 60)),
        (3, 9, (9, 9)),
        (-9, -2, None),
    ):
        case = Application(state=S.APPROVED, due_on=day + timedelta(days=21))
        case.starts_on, case.ends_on = (day + timedelta(days=n) for n in (starts, ends))
        wanted = tuple(day + timedelta(days=n) for n in told_) if told_ else (None, None)
        assert days_of(case, day) == wanted


def test_a_text_that_gives_a_deadline_says_so() -> None:
    for code, kind in KINDS.items():
        if "svarfrist" in kind.demands and code != "REPORT_BEFORE":  # its days were told before
            assert "forsinket" in kind.demands, code
    award = "{{ begrundelse }}\n\n{{ vilkår }}\n\n{{ grundlag }}"
    for code, body in (
        ("AWARD", award.partition("\n\n")[2]),
        ("AWARD_CONDITIONS", award),
        ("PARTIAL_AWARD", award),
    ):
        assert "{{ udbetaling }}" in " ".join(problems(code, "Ja", body, ""))
    (answer_by, later) = problems("UDBETALING", "", "Pengene kommer.", "")
    assert "{{ svarfrist }}" in answer_by
    assert "{{ forsinket }}" in later
