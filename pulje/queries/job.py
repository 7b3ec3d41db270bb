"""How far work on many cases is, and what it refused."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pulje.enums import JobState, LineState
from pulje.models import Application, Job, JobLine, User


@dataclass(frozen=True)
class Progress:
    """How many cases of a job are done, refused, and wait."""

    done: int
    refused: int
    waiting: int

    @property
    def total(self) -> int:
        return self.done + self.refused + self.waiting

    @property
    def looked_at(self) -> int:
        return self.done + self.refused

    @property
    def percent(self) -> int:
        return self.looked_at * 100 // self.total if self.total else 100


def _of(state: LineState) -> Count:
    return Count("pk", filter=Q(state=state))


def progress_of(job: Job) -> Progress:
    """One query, however many cases."""
    return Progress(
        **job.lines.aggregate(
            done=_of(LineState.DONE),
            refused=_of(LineState.REFUSED),
            waiting=_of(LineState.WAITING),
        )
    )


def refusals_of(job: Job) -> list[tuple[str, list[Application]]]:
    """The refused cases by their sentence, the most frequent first: one query."""
    grouped: dict[str, list[Application]] = {}
    for line in _with_case(job.lines.filter(state=LineState.REFUSED)):
        grouped.setdefault(line.sentence, []).append(line.application)
    return sorted(grouped.items(), key=lambda row: (-len(row[1]), row[0]))


def done_of(job: Job, most: int) -> list[Application]:
    """The first cases that are done."""
    lines = _with_case(job.lines.filter(state=LineState.DONE))
    return [line.application for line in lines[:most]]


def _with_case(lines: QuerySet[JobLine]) -> QuerySet[JobLine]:
    light = lines.select_related("application").only(
        "sentence", "job", "application__number", "application__title"
    )
    return light.order_by("pk")


def jobs_of(user: User) -> QuerySet[Job]:
    """One's own work, the newest first, with how far each is."""
    states = {
        f"{state.lower()}_lines": Count("lines", filter=Q(lines__state=state))
        for state in LineState
    }
    return Job.objects.filter(started_by=user).annotate(**states).order_by("-pk")


def running_of(user: User) -> Job | None:
    """The newest of one's own that still runs, with how far it is; None when nothing does."""
    return jobs_of(user).filter(state=JobState.RUNNING).first()
