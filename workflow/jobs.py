"""The same verb on many cases: looked through first, done by a worker one case at a time.

Rows are the queue. A line's work and its mark are one transaction, so that a worker may be killed
at any moment and several may run: nothing is lost and nothing is done twice.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.mails.actions import nudge
from pulje.actions import job as rows
from pulje.actions.job import Line
from pulje.errors import PuljeError
from pulje.models import Application, Job, JobLine, User
from workflow.hands import one_at_a_time
from workflow.job_actions import ACTIONS, JobAction

log = logging.getLogger(__name__)
WORK = "workflow.tasks.run_jobs"
BATCH = 200
SECONDS = 20.0


@dataclass(frozen=True)
class Preflight:
    """What would happen: the cases that are ready, and the others by the sentence of refusal.

    ``unseen`` are those there was no time for.
    """

    ready: list[Application]
    refused: dict[str, list[Application]]
    unseen: list[Application]


def preflight(
    action: str,
    lines: Sequence[Line],
    *,
    facts: Mapping[str, Any],
    by: User,
    at: datetime | None = None,
    seconds: float = SECONDS,
) -> Preflight:
    """Do the very action to each case and roll it back: the checks are those of one by one.

    Somebody waits for the page, so it ends after ``seconds``.
    """
    at, ends = at or timezone.now(), monotonic() + seconds
    found, todo = Preflight([], {}, []), ACTIONS[action]
    shared = todo.read(facts) if not all(own for _case, own in lines) else {}
    for case, own in lines:
        if monotonic() > ends:
            found.unseen.append(case)
            continue
        read = todo.read({**facts, **own}) if own else shared
        if sentence := _why_not(todo, case, read, by, at):
            found.refused.setdefault(sentence, []).append(case)
        else:
            found.ready.append(case)
    return found


def start(
    action: str,
    lines: Sequence[Line],
    *,
    facts: Mapping[str, Any],
    by: User,
    at: datetime | None = None,
    key: str = "",
) -> Job:
    """Hand the cases to the worker; what is special to a case stands on its line.

    Raises RuleBroken for no case or too many; see ``pulje.actions.job.write_job`` for ``key``.
    """
    assert action in ACTIONS, f"no job does {action}"
    with transaction.atomic():
        job = rows.write_job(action, lines, facts=facts, by=by, at=at or timezone.now(), key=key)
        nudge(WORK)
    return job


def resume(job: Job, *, by: User) -> None:
    """Go on with a stopped job."""
    with transaction.atomic():
        rows.resume(job, by=by)
        nudge(WORK)


def try_again(job: Job, *, by: User) -> None:
    """The refused lines once more."""
    with transaction.atomic():
        rows.try_again(job, by=by)
        nudge(WORK)


def work_off(most: int = BATCH) -> int:
    """Do waiting lines, at most so many, and end the jobs that are through; returns how many."""
    worked = 0
    while worked < most and _next_line():
        worked += 1
    rows.end_jobs(timezone.now())
    return worked


@transaction.atomic
def _next_line() -> bool:
    line = rows.take_line()
    if line is None:
        return False
    rows.settle_line(line, _do(line))
    return True


def _do(line: JobLine) -> str:
    """The work of one line; the sentence when it was refused, and then nothing has happened."""
    job, case = line.job, line.application
    try:
        with one_at_a_time():
            action = ACTIONS[job.action]
            facts = action.read({**job.facts, **line.facts})
            action.do(case, by=job.started_by, at=timezone.now(), **facts)
    except PuljeError as refusal:
        return without_number(refusal.sentence, case)
    except OperationalError:
        raise  # the database is going away: the line waits, and the next worker takes it
    except Exception:
        # one bad case must not stop the others; what it was stands in the log
        log.exception("job %s (%s): case %s", job.pk, job.action, case.number or case.pk)
        return _("Noget gik galt i denne sag. Prøv den for sig selv, eller sig det til os.")
    return ""


def _why_not(
    action: JobAction, case: Application, facts: Mapping[str, Any], by: User, at: datetime
) -> str:
    try:
        with one_at_a_time():
            action.check(case, by=by, at=at, **facts)
            transaction.set_rollback(True)
    except PuljeError as refusal:
        return without_number(refusal.sentence, case)
    return ""


def without_number(sentence: str, case: Application) -> str:
    """The same reason reads the same for every case, and nobody is at its page to load it again."""
    sentence = sentence.removesuffix(_(" Genindlæs siden for at se den."))
    return sentence.replace(case.number, _("sagen")) if case.number else sentence
