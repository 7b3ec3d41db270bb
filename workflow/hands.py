"""The one way a verb is done to a case: state, journal, ledger, letter and task, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from letters import actions as letters
from pulje.actions.casework import assessment, handover
from pulje.actions.meeting.at_meeting import lock_any
from pulje.actions.state import lock
from pulje.errors import WrongState
from pulje.models import Application, JournalEntry, Meeting, User
from workflow import tasklist
from workflow.flows import GrantFlow
from workflow.models import GrantProcess

LOCK_TIMEOUT = "2s"
BUSY = ("55P03", "40P01")  # a lock waited for in vain, or in a circle

Action = Callable[..., JournalEntry | None]


def carry_out(
    action: Action,
    application: Application,
    *,
    by: User | None,
    at: datetime | None = None,
    **facts: Any,
) -> JournalEntry | None:
    """Do one of pulje's actions to a case, in one transaction with its letters and its tasks.

    Raises what the action raises, and WrongState when somebody else holds the case for more than
    two seconds; then nothing has happened. Returns the journal entry (None: nothing to do).
    """
    with one_at_a_time():
        process = lock_process(application)
        entry = action(application, by=by, at=at or timezone.now(), **facts)
        if entry is None:
            return None
        letters.queue_for_entry(entry)
        if process is not None:
            process.application = entry.application
            tasklist.follow(process, entry)
        elif entry.application.submitted_at and entry.from_state != entry.to_state:
            begin(entry.application)
        return entry


def carry_out_at(
    meeting: Meeting, action: Action, cases: Sequence[Application], /, *, by: User, **facts: Any
) -> None:
    """``carry_out`` on cases of a meeting, all or none: the meeting is locked before them."""
    with one_at_a_time():
        lock_any(meeting)
        for case in sorted(cases, key=lambda case: case.pk):
            carry_out(action, case, by=by, **facts)


def begin(application: Application) -> GrantProcess:
    """Open the process of a case just submitted. A draft has none: it is the applicant's own."""
    return GrantFlow.start.run(application=application)


def reassign(task: Task, *, to: User, by: User, at: datetime | None = None) -> JournalEntry | None:
    """Give an open task away: a review changes reviewer, any other task the case's case worker.

    Raises NotAllowed when ``by`` may not give it or ``to`` may not have it, RuleBroken when the
    assessment is made.
    """
    application = Application.objects.get(link__process=task.process_id)
    if task.flow_task != GrantFlow.review:
        return carry_out(handover.assign, application, by=by, at=at, to=to)
    return carry_out(assessment.hand_over, application, by=by, at=at, reviewer=task.owner, to=to)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction that waits two seconds for a lock and then says so in a sentence."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("select set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in BUSY:
            raise
        raise WrongState(
            _("Sagen er ved at blive behandlet af en anden. Prøv igen om lidt.")
        ) from error


def lock_whole(application: Application) -> Application:
    """The case as it stands now, locked until commit, and its process locked before it."""
    lock_process(application)
    return lock(application)


def lock_process(application: Application, *, skip_locked: bool = False) -> GrantProcess | None:
    """The case's process, locked until commit; None for a draft (or, skipping, one in use).

    Everybody locks in one order: a job's line, the round, the meeting, the processes, the letters,
    the cases, the pools, and within a table by pk; who comes to one out of that order takes only
    what is free (``skip_locked``) and waits for nobody. tests/locks.py watches every POST.
    """
    rows = GrantProcess.objects.select_for_update(of=("self",), skip_locked=skip_locked)
    return rows.filter(link__application=application).first()
