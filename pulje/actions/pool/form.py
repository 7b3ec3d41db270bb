"""A pool's form: its own questions, conditions and demands, of the version still open."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pulje.actions.pool.version import open_version, save_positions, swapped
from pulje.enums import ExpenseCategory, QuestionKind
from pulje.errors import RuleBroken
from pulje.models import Gate, LineRule, PoolVersion, Question, User
from pulje.queries.application.questions import (
    conditions_of,
    possible_answers,
    questions_of,
    yes_no,
)
from pulje.rules.questions import hangs_on_later

LONGEST_CHOICE = 100
MOST_CHOICES = 30
KEY_LENGTH = 40
SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def _own_form(version_id: int, by: User) -> PoolVersion:
    return open_version(version_id, by=by, verb="edit_form")


# --- questions ---


@transaction.atomic
def save_question(
    version: PoolVersion,
    question: Question | None,
    *,
    by: User,
    kind: QuestionKind,
    label: str,
    help_text: str = "",
    is_required: bool = False,
    choices: Sequence[str] = (),
    shown_if: Question | None = None,
    shown_if_answer: str = "",
) -> Question:
    """Add a question at the end, or change one; its key never changes.

    Raises RuleBroken for a choice without choices, a text that is there already, a condition that
    does not stand before it or asks for an answer nobody can give, and when questions that hang on
    it would never be asked.
    """
    version = _own_form(version.pk, by)
    questions = questions_of(version)
    saved = _own(questions, question) or Question(
        version=version,
        key=_key(label, questions),
        position=max((q.position for q in questions), default=0) + 1,
    )
    saved.kind, saved.label, saved.help_text = kind, label, help_text
    saved.is_required = is_required
    saved.choices = _checked_choices(choices) if kind == QuestionKind.CHOICE else []
    saved.shown_if = _own(questions, shown_if)
    saved.shown_if_answer = shown_if_answer if saved.shown_if else ""
    others = [q for q in questions if q.pk != saved.pk]
    if any(other.label.casefold() == label.casefold() for other in others):
        raise RuleBroken(_("Der er allerede et spørgsmål med den tekst. Skriv det anderledes."))
    _check_condition(saved)
    _check_dependents(saved, others)
    saved.save()
    return saved


def _own(questions: Sequence[Question], wanted: Question | None) -> Question | None:
    """That question as it is now in this version."""
    if wanted is None:
        return None
    found = next((q for q in questions if q.pk == wanted.pk), None)
    if found is None:
        raise RuleBroken(_("Spørgsmålet er slettet i mellemtiden. Genindlæs siden."))
    return found


def _key(label: str, questions: Sequence[Question]) -> str:
    taken = {question.key for question in questions}
    stem = slugify(label.lower().translate(SPELLED))[: KEY_LENGTH - 4].strip("-") or "spoergsmaal"
    tries = (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3)))
    return next(key for key in tries if key not in taken)


def _checked_choices(choices: Sequence[str]) -> list[str]:
    if len(choices) < 2:
        raise RuleBroken(_("Skriv mindst to valg, ét på hver linje."))
    if len(choices) > MOST_CHOICES:
        raise RuleBroken(_("Skriv højst %d valg.") % MOST_CHOICES)
    if len({choice.casefold() for choice in choices}) < len(choices):
        raise RuleBroken(_("Det samme valg står der to gange. Slet det ene."))
    if any(len(choice) > LONGEST_CHOICE for choice in choices):
        raise RuleBroken(_("Et valg kan højst være på %d tegn.") % LONGEST_CHOICE)
    return list(choices)


def _check_condition(saved: Question) -> None:
    on = saved.shown_if
    if on is None:
        return
    if on.position >= saved.position:
        raise RuleBroken(
            _("”%s” kommer først senere i skemaet. Vælg et spørgsmål, der står før.") % on.label
        )
    if saved.shown_if_answer not in possible_answers(on):
        raise RuleBroken(_("”%s” har ikke længere det svar. Vælg et andet.") % on.label)


def _check_dependents(saved: Question, others: Sequence[Question]) -> None:
    for other in others:
        if other.shown_if_id != saved.pk or saved.pk is None:
            continue
        answer = other.shown_if_answer
        if answer not in possible_answers(saved):
            raise RuleBroken(
                _("”%(other)s” bliver kun vist, når svaret her er ”%(answer)s”. Ret det først.")
                % {"other": other.label, "answer": yes_no().get(answer, answer)}
            )


@transaction.atomic
def move_question(question: Question, *, by: User, up: bool) -> None:
    """Change places with the neighbour; at the end of the list nothing happens.

    Raises RuleBroken when a question would come before the one it hangs on.
    """
    version = _own_form(question.version_id, by)
    questions = questions_of(version)
    pair = swapped(questions, question, up=up)
    if hangs_on_later([q.key for q in questions], conditions_of(questions)):
        first, second = sorted(pair, key=lambda q: q.position)
        raise RuleBroken(
            _("”%(other)s” bliver vist efter svaret på ”%(question)s” og skal stå efter det.")
            % {"other": first.label, "question": second.label}
        )
    save_positions(pair)


@transaction.atomic
def delete_question(question: Question, *, by: User) -> None:
    """Remove a question; answers in drafts are kept and shown nowhere.

    Raises RuleBroken when others hang on it.
    """
    _own_form(question.version_id, by)
    others = question.dependents.order_by("position").values_list("label", flat=True)
    if others:
        raise RuleBroken(
            _("Andre spørgsmål bliver vist efter svaret her: ”%s”. Ret eller slet dem først.")
            % "”, ”".join(others)
        )
    Question.objects.filter(pk=question.pk).delete()


# --- conditions ("Kan I søge?") and demands ---


@transaction.atomic
def save_gate(
    version: PoolVersion,
    gate: Gate | None,
    *,
    by: User,
    question: str,
    statement: str,
    advice: str,
    other_pool_code: str = "",
    is_absolute: bool = False,
) -> Gate:
    """Add one of the pool's hard rules as a question at the end, or change one."""
    version = _own_form(version.pk, by)
    last = version.gates.order_by("-position").first()
    saved = gate or Gate(version=version, position=last.position + 1 if last else 1)
    if saved.pk is not None and not version.gates.filter(pk=saved.pk).exists():
        raise RuleBroken(_("Spørgsmålet er slettet i mellemtiden. Genindlæs siden."))
    saved.question, saved.statement, saved.advice = question, statement, advice
    saved.other_pool_code, saved.is_absolute = other_pool_code, is_absolute
    saved.save()
    return saved


@transaction.atomic
def move_gate(gate: Gate, *, by: User, up: bool) -> None:
    """Change places with the neighbour; at the end of the list nothing happens."""
    version = _own_form(gate.version_id, by)
    save_positions(swapped(list(version.gates.order_by("position")), gate, up=up))


@transaction.atomic
def delete_gate(gate: Gate, *, by: User) -> None:
    """Remove one of the questions of "Kan I søge?"."""
    _own_form(gate.version_id, by)
    Gate.objects.filter(pk=gate.pk).delete()


@transaction.atomic
def save_demands(
    version: PoolVersion,
    *,
    by: User,
    needs_bylaws: bool,
    needs_accounts_from_kr: Decimal | None,
    needs_partner: bool,
    shares: Mapping[ExpenseCategory, int],
) -> PoolVersion:
    """What must be attached, and how many per cent of the expenses may be of one kind."""
    version = _own_form(version.pk, by)
    version.needs_bylaws, version.needs_partner = needs_bylaws, needs_partner
    version.needs_accounts_from_kr = needs_accounts_from_kr
    version.save(update_fields=["needs_bylaws", "needs_partner", "needs_accounts_from_kr"])
    version.line_rules.all().delete()
    LineRule.objects.bulk_create(
        LineRule(version=version, category=category, max_percent=percent)
        for category, percent in shares.items()
    )
    return version
