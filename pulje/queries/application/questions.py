"""A pool's own questions and an applicant's answers to them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pulje.enums import QuestionKind
from pulje.models import PoolVersion, Question
from pulje.rules.questions import Condition, is_shown

YES, NO = "YES", "NO"


def questions_of(version: PoolVersion) -> list[Question]:
    """The version's questions in their order: one query."""
    return list(version.questions.order_by("position"))


def conditions_of(questions: Sequence[Question]) -> dict[str, Condition]:
    """The condition of each question that has one, by key; ``questions`` is all of a version."""
    keys = {question.pk: question.key for question in questions}
    return {
        question.key: Condition(keys[question.shown_if_id], question.shown_if_answer)
        for question in questions
        if question.shown_if_id is not None
    }


def shown_questions(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """Those the applicant is asked, given the answers; ``questions`` is all of a version."""
    conditions = conditions_of(questions)
    return [question for question in questions if is_shown(question.key, conditions, answers)]


def unanswered(
    questions: Sequence[Question], answers: Mapping[str, str], files: Collection[str]
) -> list[Question]:
    """Those that are asked, must be answered and are not.

    ``files`` holds the keys of the FILE questions that have an attachment or a note about one.
    """
    return [
        question
        for question in shown_questions(questions, answers)
        if question.is_required and not _is_answered(question, answers, files)
    ]


def _is_answered(question: Question, answers: Mapping[str, str], files: Collection[str]) -> bool:
    if question.kind == QuestionKind.FILE:
        return question.key in files
    answer = answers.get(question.key, "")
    if question.kind == QuestionKind.CHOICE:
        return answer in question.choices  # the choices may have changed since
    return bool(answer)


def answered(
    questions: Sequence[Question], answers: Mapping[str, str]
) -> list[tuple[Question, str]]:
    """Those that are asked and answered, each with its answer in words; files are attachments."""
    return [
        (question, answer_text(question, answers[question.key]))
        for question in shown_questions(questions, answers)
        if answers.get(question.key)
    ]


def possible_answers(question: Question) -> list[str]:
    """The answers another question can hang on; none for words, numbers, days and files."""
    if question.kind == QuestionKind.YES_NO:
        return [YES, NO]
    return list(question.choices) if question.kind == QuestionKind.CHOICE else []


def control_id(question: Question) -> str:
    """The id of the question's control on the page, the first of them where there are several."""
    return f"id_q_{question.key}" + ("_0" if possible_answers(question) else "")


def answer_text(question: Question, answer: str) -> str:
    """An answer as people read it: yes or no in words, a day as a day."""
    if question.kind == QuestionKind.YES_NO:
        return yes_no().get(answer, answer)
    if question.kind == QuestionKind.DATE:
        return date_format(date.fromisoformat(answer), "j. F Y")
    return answer


def yes_no() -> dict[str, str]:
    """The two answers to a yes-or-no question, with their words."""
    return {YES: _("Ja"), NO: _("Nej")}


def condition_sentence(question: Question, on: Question) -> str:
    """When a question is asked, in words; ``on`` is the question it hangs on."""
    answer = answer_text(on, question.shown_if_answer)
    return _("Kun hvis svaret på ”%(question)s” er ”%(answer)s”.") % {
        "question": on.label,
        "answer": answer,
    }


def conditions_in_words(questions: Sequence[Question]) -> dict[str, str]:
    """For those with a condition, by key: when the question is asked."""
    by_key = {question.key: question for question in questions}
    return {
        key: condition_sentence(by_key[key], by_key[condition.on])
        for key, condition in conditions_of(questions).items()
    }
