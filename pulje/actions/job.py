"""The rows of work on many cases: the lines are the queue, and a worker takes them one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from pulje.enums import JobState, LineState
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, Job, JobLine, User

Line = tuple[Application, Mapping[str, object]]  # a case and what is special to it
MOST_CASES = 1000
SENTENCE_LENGTH = 500


def check_number(count: int) -> None:
    """Raise RuleBroken for no case at all, or more than are looked through in one go."""
    if not count:
        raise RuleBroken(_("Vælg mindst én sag."))
    if count > MOST_CASES:
        raise RuleBroken(_("Vælg højst %d sager ad gangen. Brug filtrene.") % MOST_CASES)


@transaction.atomic
def write_job(
    action: str,
    lines: Sequence[Line],
    *,
    facts: Mapping[str, object],
    by: User,
    at: datetime,
    key: str = "",
) -> Job:
    """One job with a waiting line per case; nothing is done to the cases yet.

    ``key`` names what the person was shown: the same key again gives the job there is, so that a
    second click starts nothing. Raises RuleBroken for no case at all, or too many.
    """
    own = {case.pk: dict(said) for case, said in lines}
    check_number(len(own))
    User.objects.select_for_update().get(pk=by.pk)  # one's own clicks wait for each other
    if key and (job := Job.objects.filter(started_by=by, facts__key=key).order_by("pk").first()):
        return job
    said = dict(facts) | ({"key": key} if key else {})
    job = Job.objects.create(action=action, facts=said, started_at=at, started_by=by)
    JobLine.objects.bulk_create(
        JobLine(job=job, application_id=case, facts=said) for case, said in own.items()
    )
    return job


def take_line() -> JobLine | None:
    """The next waiting line of a running job, locked; None when all are done or in other hands."""
    return (
        JobLine.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("job__started_by", "application")
        .filter(state=LineState.WAITING, job__state=JobState.RUNNING)
        .order_by("pk")
        .first()
    )


def settle_line(line: JobLine, sentence: str) -> None:
    """Write down how it went, in the transaction of the work itself; no sentence means done."""
    state = LineState.REFUSED if sentence else LineState.DONE
    JobLine.objects.filter(pk=line.pk).update(state=state, sentence=sentence[:SENTENCE_LENGTH])


def end_jobs(at: datetime) -> int:
    """End every running job of which no line waits; returns how many."""
    waiting = JobLine.objects.filter(job=OuterRef("pk"), state=LineState.WAITING)
    running = Job.objects.filter(~Exists(waiting), state=JobState.RUNNING)
    return running.update(state=JobState.DONE, ended_at=at)


@transaction.atomic
def stop(job: Job, *, by: User, at: datetime) -> None:
    """Take no more lines; the case in hand is finished. Nothing happens to a job that has ended."""
    job = _own(job, by)
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        state=JobState.STOPPED, ended_at=at
    )


@transaction.atomic
def resume(job: Job, *, by: User) -> None:
    """Go on with the lines that wait in a stopped job."""
    job = _own(job, by)
    if job.state == JobState.STOPPED:
        _run(job)


@transaction.atomic
def try_again(job: Job, *, by: User) -> None:
    """Let the refused lines wait once more, when what was in the way is gone."""
    job = _own(job, by)
    refused = job.lines.filter(state=LineState.REFUSED)
    if refused.update(state=LineState.WAITING, sentence=""):
        _run(job)


def _own(job: Job, by: User) -> Job:
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.started_by_id != by.pk:
        raise NotAllowed(_("Det er en andens arbejde. Spørg den, der satte det i gang."))
    return job


def _run(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, ended_at=None)
