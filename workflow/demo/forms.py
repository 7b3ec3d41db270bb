"""The form of each invented pool: "Kan I søge?", own questions, demands and budget rules."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format

from pulje.enums import ExpenseCategory, QuestionKind
from pulje.models import Gate, LineRule, PoolVersion, Question
from pulje.queries.application.questions import questions_of, shown_questions

K, E = QuestionKind, ExpenseCategory
# question, what is said when it fits, advice when it does not, a better pool, beyond mending
GateRow = tuple[str, str, str, str, bool]
GATES: tuple[GateRow, ...] = (
    (
        "Foregår aktiviteten i Rudersdal Kommune?",
        "Aktiviteten foregår i Rudersdal Kommune",
        "Puljen er for det, der sker her i kommunen. Søg den kommune, hvor aktiviteten foregår.",
        "",
        True,
    ),
    (
        "Er det frivillige, der står for den?",
        "Det er frivillige, der står for den",
        "Frivillige skal bære idéen. Må lønnede hjælpe til? Ja, så længe de frivillige "
        "bestemmer. Ring til os, hvis I er i tvivl.",
        "",
        False,
    ),
    (
        "Kan andre end jeres egne medlemmer være med?",
        "Andre end jeres egne medlemmer kan være med",
        "Åbn aktiviteten for andre, og fortæl om den, hvor de ser det. En fest for naboerne "
        "passer bedre i Nabopuljen.",
        "NP",
        False,
    ),
    (
        "Begynder aktiviteten tidligst {day}?",
        "Aktiviteten begynder {day} eller senere",
        "Vi kan ikke støtte noget, der er gået i gang, før I får svar. Flyt starten til {day} – "
        "eller søg Prøv det-puljen, hvor svaret kommer inden for 14 dage.",
        "PD",
        False,
    ),
    (
        "Har I en person over 18 år, der kan stå for pengene?",
        "I har en person over 18 år, der kan stå for pengene",
        "Spørg en forælder, en lærer eller en fra en forening, om de vil være ansvarlige. Unge "
        "fra 15 år kan søge selv, når en forælder eller værge siger ja.",
        "",
        False,
    ),
)
# key, kind, label, help, required, choices, (key, answer) it hangs on
Asked = tuple[str, QuestionKind, str, str, bool, tuple[str, ...], tuple[str, str] | None]


@dataclass(frozen=True)
class FormRecipe:
    """What one pool asks for beyond what all pools ask."""

    questions: tuple[Asked, ...] = ()
    shares: Mapping[ExpenseCategory, int] = field(default_factory=dict)
    needs_bylaws: bool = False
    needs_accounts_from_kr: Decimal | None = None
    needs_partner: bool = False


OUTDOORS: tuple[Asked, ...] = (
    ("udendoers", K.YES_NO, "Foregår det udendørs?", "", True, (), None),
    (
        "regnvejr",
        K.TEXT,
        "Hvad sker der, hvis det regner?",
        "Fx et telt, en hal eller en anden dag.",
        True,
        (),
        ("udendoers", "YES"),
    ),
)
INSTITUTION: tuple[Asked, ...] = (
    (
        "institution",
        K.CHOICE,
        "Hvilken slags institution er med?",
        "Den, som lederen bekræfter aftalen for.",
        True,
        ("Plejecenter", "Skole", "Daginstitution", "Bibliotek", "En anden"),
        None,
    ),
    ("hvilken", K.TEXT, "Hvilken institution er det?", "", True, (), ("institution", "En anden")),
)
CULTURE: tuple[Asked, ...] = (
    ("publikum", K.NUMBER, "Hvor mange er der plads til?", "Cirka.", True, (), None),
    (
        "program",
        K.FILE,
        "Program eller plakat",
        "Det må gerne være et udkast.",
        False,
        (),
        None,
    ),
)
STREET: tuple[Asked, ...] = (
    ("dagen", K.DATE, "Hvilken dag skal det være?", "Et bud er nok.", True, (), None),
)
FORMS: Mapping[str, FormRecipe] = {
    "FP": FormRecipe(OUTDOORS, needs_bylaws=True, needs_accounts_from_kr=Decimal(50_000)),
    "PD": FormRecipe(shares={E.FEES: 50}),
    "PP": FormRecipe(INSTITUTION, shares={E.FEES: 60}, needs_partner=True),
    "KP": FormRecipe(CULTURE, shares={E.FOOD: 60}, needs_accounts_from_kr=Decimal(75_000)),
    "NP": FormRecipe(STREET, shares={E.FEES: 30}),
}
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "udendoers": ("YES", "NO", "NO"),
    "regnvejr": ("Vi har lånt spejdernes telt.", "Så rykker vi ind i hallen.", "Vi tager en uge."),
    "institution": ("Plejecenter", "Skole", "Bibliotek", "Daginstitution"),
    "publikum": ("60", "120", "200"),
}


def make_form(version: PoolVersion, code: str, starts_on: date) -> None:
    """The gates, questions and budget rules of a new version."""
    day = date_format(starts_on, "j. F Y")
    Gate.objects.bulk_create(
        Gate(
            version=version,
            position=position,
            question=question.format(day=day),
            statement=statement.format(day=day),
            advice=advice.format(day=day),
            other_pool_code="" if other == code else other,
            is_absolute=is_absolute,
        )
        for position, (question, statement, advice, other, is_absolute) in enumerate(GATES, start=1)
    )
    LineRule.objects.bulk_create(
        LineRule(version=version, category=category, max_percent=percent)
        for category, percent in FORMS[code].shares.items()
    )
    _make_questions(version, code)


def _make_questions(version: PoolVersion, code: str) -> None:
    made: dict[str, Question] = {}
    for position, asked in enumerate(FORMS[code].questions, start=1):
        key, kind, label, help_text, is_required, choices, on = asked
        made[key] = Question.objects.create(
            version=version,
            position=position,
            key=key,
            kind=kind,
            label=label,
            help_text=help_text,
            is_required=is_required,
            choices=list(choices),
            shown_if=made[on[0]] if on else None,
            shown_if_answer=on[1] if on else "",
        )


def answers(version: PoolVersion, dice: random.Random, starts_on: date) -> dict[str, str]:
    """What an applicant answers, question by question as they are asked."""
    given: dict[str, str] = {}
    questions = questions_of(version)
    for question in questions:
        if question.kind == QuestionKind.DATE:
            given[question.key] = (starts_on + timedelta(days=7)).isoformat()
        elif question.key in ANSWERS:
            given[question.key] = dice.choice(ANSWERS[question.key])
    asked = {question.key for question in shown_questions(questions, given)}
    return {key: answer for key, answer in given.items() if key in asked}
