from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from pulje.actions.application.application import start_draft
from pulje.actions.pool import form as actions
from pulje.actions.pool import version as versions
from pulje.enums import ExpenseCategory, QuestionKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Gate, PoolVersion, Question
from pulje.queries.application.questions import questions_of
from pulje.queries.pool.form import is_frozen, newer_version
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, a_round, an_applicant, case_in
from tests.pulje.actions.telling import refuses

K = QuestionKind


@pytest.fixture
def version() -> PoolVersion:
    return a_pool().versions.get()


def ask(version, label="Foregår det udendørs?", question=None, **fields) -> Question:
    fields = {"by": people.karl(), "kind": K.YES_NO, "label": label} | fields
    return actions.save_question(version, question, **fields)


def labels(version) -> list[str]:
    return [question.label for question in questions_of(version)]


def test_save_question_adds_at_the_end_with_a_key_of_its_own(version):
    first = ask(version, "Hvor mange børn på Ærø?", kind=K.NUMBER)
    second = ask(version, "Hvor mange børn på Ærø", kind=K.TEXT, help_text="Cirka.")
    third = ask(version, "???", kind=K.CHOICE, choices=["Skole", "Andet"], is_required=True)

    assert [q.key for q in questions_of(version)] == [
        "hvor-mange-boern-paa-aeroe",
        "hvor-mange-boern-paa-aeroe-2",
        "spoergsmaal",
    ]
    assert (first.position, second.position, third.position) == (1, 2, 3)
    assert (third.choices, third.is_required) == (["Skole", "Andet"], True)


def test_save_question_changes_all_but_the_key(version):
    question = ask(version)

    ask(version, "Er det ude?", question, kind=K.TEXT, choices=["til ingen nytte"])

    question.refresh_from_db()
    assert (question.key, question.label, question.kind) == (
        "foregaar-det-udendoers",
        "Er det ude?",
        "TEXT",
    )
    assert question.choices == []


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        pytest.param(["Skole"], "Skriv mindst to valg, ét på hver linje.", id="one"),
        pytest.param(["Skole", "SKOLE"], "Det samme valg står der to gange.", id="twice"),
        pytest.param(["a" * 101, "b"], "Et valg kan højst være på 100 tegn.", id="long"),
        pytest.param([str(n) for n in range(31)], "Skriv højst 30 valg.", id="many"),
    ],
)
def test_save_question_refuses_choices(version, choices, sentence):
    with refuses(RuleBroken, sentence):
        ask(version, kind=K.CHOICE, choices=choices)


def test_save_question_refuses_a_text_that_is_there(version):
    ask(version)

    with refuses(RuleBroken, "Der er allerede et spørgsmål med den tekst."):
        ask(version, "FOREGÅR det udendørs?")


def test_save_question_refuses_conditions_that_cannot_hold(version):
    outdoors, rain = ask(version), ask(version, "Hvad når det regner?", kind=K.TEXT)
    elsewhere = ask(a_pool().versions.get())

    with refuses(RuleBroken, "”Hvad når det regner.” kommer først senere i skemaet"):
        ask(version, question=outdoors, shown_if=rain, shown_if_answer="YES")
    with refuses(RuleBroken, "”Foregår det udendørs.” kommer først senere i skemaet"):
        ask(version, question=outdoors, shown_if=outdoors, shown_if_answer="YES")
    with refuses(RuleBroken, "”Foregår det udendørs.” har ikke længere det svar"):
        ask(version, rain.label, rain, shown_if=outdoors, shown_if_answer="MAYBE")
    with refuses(RuleBroken, "Spørgsmålet er slettet i mellemtiden."):
        ask(version, rain.label, rain, shown_if=elsewhere, shown_if_answer="YES")


def test_a_question_that_others_hang_on_keeps_its_answers_its_place_and_itself(version):
    outdoors = ask(version)
    rain = ask(version, "Hvad når det regner?", shown_if=outdoors, shown_if_answer="YES")

    with refuses(RuleBroken, "”Hvad når det regner.” bliver kun vist, når svaret her er ”Ja”."):
        ask(version, question=outdoors, kind=K.TEXT)
    with refuses(RuleBroken, "”Hvad når det regner.” bliver vist efter svaret på ”Foregår det"):
        actions.move_question(rain, by=people.karl(), up=True)
    with refuses(RuleBroken, "Andre spørgsmål bliver vist efter svaret her: ”Hvad når"):
        actions.delete_question(outdoors, by=people.karl())
    actions.delete_question(rain, by=people.karl())
    actions.delete_question(outdoors, by=people.karl())

    assert labels(version) == []


def test_move_question(version):
    for label in "ABC":
        ask(version, label)
    first, _second, last = questions_of(version)

    actions.move_question(first, by=people.karl(), up=False)
    actions.move_question(last, by=people.karl(), up=False)
    assert labels(version) == ["B", "A", "C"]
    actions.move_question(last, by=people.karl(), up=True)
    assert labels(version) == ["B", "C", "A"]
    actions.delete_question(last, by=people.karl())
    actions.move_question(last, by=people.karl(), up=True)
    assert labels(version) == ["B", "A"]


def gate(version, question="Foregår det her?", saved=None, **fields) -> Gate:
    told = {"statement": "Det foregår her.", "advice": "Søg, hvor det foregår."} | fields
    return actions.save_gate(version, saved, by=people.dora(), question=question, **told)


def test_gates_are_saved_moved_and_deleted(version):
    first, second = gate(version, "A"), gate(version, "B", is_absolute=True)

    gate(version, "A!", first, other_pool_code="NP")
    actions.move_gate(second, by=people.karl(), up=True)

    rows = list(version.gates.order_by("position").values_list("question", "other_pool_code"))
    assert rows == [("B", ""), ("A!", "NP")]
    actions.delete_gate(second, by=people.karl())
    assert version.gates.get() == first
    with refuses(RuleBroken, "Spørgsmålet er slettet i mellemtiden."):
        gate(version, "B", second)


def test_save_demands_replaces_the_line_rules(version):
    told = {"needs_bylaws": True, "needs_partner": True, "by": people.karl()}
    for percent in (50, 40):
        actions.save_demands(
            version,
            needs_accounts_from_kr=Decimal(50_000),
            shares={ExpenseCategory.FEES: percent},
            **told,
        )

    version.refresh_from_db()
    assert (version.needs_bylaws, version.needs_partner) == (True, True)
    assert version.needs_accounts_from_kr == Decimal(50_000)
    assert list(version.line_rules.values_list("category", "max_percent")) == [("FEES", 40)]


def test_new_version_is_a_copy_with_everything_that_belongs_to_it(version):
    outdoors = ask(version)
    ask(version, "Hvad når det regner?", shown_if=outdoors, shown_if_answer="YES")
    gate(version)
    actions.save_demands(
        version,
        by=people.karl(),
        needs_bylaws=True,
        needs_accounts_from_kr=None,
        needs_partner=False,
        shares={ExpenseCategory.FEES: 50},
    )
    version.refresh_from_db()
    today = timezone.localdate()

    made = versions.new_version(version, by=people.karl(), valid_from=today, today=today)

    assert (made.number, made.valid_from, made.created_by) == (2, today, people.karl())
    for name in ("purpose", "needs_bylaws", "delegation_limit_kr", "report_steps", "adopted_on"):
        assert getattr(made, name) == getattr(version, name)
    for name in ("criteria", "grounds", "questions", "gates", "line_rules"):
        old, new = getattr(version, name), getattr(made, name)
        assert old.count() == new.count() > 0
        assert not set(old.values_list("pk", flat=True)) & set(new.values_list("pk", flat=True))
    assert questions_of(made)[1].shown_if == questions_of(made)[0]
    assert [ground.criterion.version for ground in made.grounds.order_by("pk")] == [made, made]


def test_new_version_refuses(version):
    today = timezone.localdate()
    told = {"by": people.karl(), "today": today}

    with refuses(RuleBroken, "Den nye version kan tidligst gælde fra i dag."):
        versions.new_version(version, valid_from=today - timedelta(days=1), **told)
    with refuses(RuleBroken, "Den nye version kan senest gælde fra "):
        versions.new_version(version, valid_from=today + timedelta(days=5 * 366), **told)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        versions.new_version(version, by=people.fie(), valid_from=today, today=today)
    versions.new_version(version, valid_from=today, **told)
    with refuses(RuleBroken, "Version 2 er allerede begyndt."):
        versions.new_version(version, valid_from=today, **told)


def test_a_coming_version_can_begin_another_day(version):
    today = timezone.localdate()
    told = {"by": people.karl(), "today": today}
    made = versions.new_version(version, valid_from=today + timedelta(days=9), **told)

    with refuses(RuleBroken, "Version 2 gælder først fra "):
        versions.new_version(made, valid_from=today, **told)
    moved = versions.set_valid_from(made, valid_from=today, **told)

    assert moved.valid_from == today
    with refuses(RuleBroken, "Version 2 gælder allerede."):
        versions.set_valid_from(made, valid_from=date(2099, 1, 1), **told)
    coming = versions.new_version(moved, valid_from=today + timedelta(days=2), **told)
    with refuses(RuleBroken, "Den nye version kan tidligst gælde fra i dag."):
        versions.set_valid_from(coming, valid_from=today - timedelta(days=1), **told)


def test_a_version_stands_when_an_application_has_been_submitted(version, now):
    question = ask(version)
    draft = start_draft(
        a_round(version.pool), an_applicant(), by=people.asta(), at=now, title="Haver"
    )
    ask(version, "En kladde låser ikke.")
    assert not is_frozen(version)

    case_in(CaseState.SUBMITTED, pool=version.pool)

    frozen = "Der er sendt en ansøgning efter version 1. Begynd på den næste version først."
    with refuses(RuleBroken, frozen):
        ask(version, "For sent?")
    with refuses(RuleBroken, frozen):
        actions.delete_question(question, by=people.karl())
    with refuses(RuleBroken, frozen):
        gate(version)
    today = timezone.localdate()
    assert newer_version(draft, today) is None
    made = versions.new_version(version, by=people.karl(), valid_from=today, today=today)
    ask(made, "Nu går det.")
    draft.refresh_from_db()
    assert draft.version == version
    assert newer_version(draft, today) == made


@pytest.mark.parametrize("who", [people.fie, people.mads, people.asta])
def test_only_the_house_edits_forms(version, who):
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        ask(version, by=who())
