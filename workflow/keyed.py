"""The applicant's verbs as the house keys them in, where they are more than one action."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pulje.actions.application.draft import Step, Typing, save_step
from pulje.actions.casework import clarification
from pulje.actions.grant import change, control, report
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_may
from pulje.states import ANSWER_CONTROL, REQUEST_CHANGE, Verb

BESIDE = {REQUEST_CHANGE: change.check_may_ask, ANSWER_CONTROL: control.check_may_answer}


def check_key_in(name: str, application: Application, by: User) -> None:
    """Promise that ``by`` may key in this of the applicant's verbs now.

    Raises the sentence that says why not (permissions.py; what stands beside the table asks there).
    """
    if beside := BESIDE.get(name):
        beside(application, by)
    else:
        check_may(by, Verb(name), application)


def mended_answer(
    application: Application,
    *,
    by: User,
    at: datetime,
    steps: Sequence[Step],
    **facts: Any,
) -> JournalEntry:
    """``answer_information`` with what it mends in the named parts; the rest stays as it is."""
    for step in steps:
        save_step(application, step, by=by, at=at, typing=Typing())
    return clarification.answer_information(application, by=by, at=at, **facts)


def whole_report(application: Application, **facts: Any) -> JournalEntry:
    """``submit_report`` with the papers that the amount demands."""
    report.check_papers(application)
    return report.submit_report(application, **facts)


def request_change(application: Application, **facts: Any) -> None:
    """``request_change``; nothing is sent and nobody's task moves until it is answered."""
    change.request_change(application, **facts)
