"""A chosen scenario becomes the round's recommendations: looked through first, then a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from json import dumps

from django.db import transaction

from pulje.actions.casework.scenario import GROUNDS, choose_scenario
from pulje.actions.job import Line
from pulje.models import Application, Ground, Job, Round, Scenario, User
from workflow import jobs
from workflow.jobs import Preflight

ACTION = "recommend"
Given = Sequence[tuple[Application, Decimal]]


@dataclass(frozen=True)
class Reasons:
    """The grounds for a cut and for a refusal, and words; no words: the grounds' own texts."""

    cut: Sequence[Ground] = ()
    cut_words: str = ""
    refused: Sequence[Ground] = ()
    refused_words: str = ""


@dataclass(frozen=True)
class Look:
    """What would happen, and a mark of it: only what was shown is started."""

    found: Preflight
    mark: str


def look(scenario: Scenario, given: Given, reasons: Reasons, *, by: User, at: datetime) -> Look:
    """Run every recommendation and roll it back."""
    lines = lines_of(scenario, given, reasons)
    return Look(jobs.preflight(ACTION, lines, facts={}, by=by, at=at), _mark(lines))


def started(by: User, key: str) -> Job | None:
    """The job this person has started from the page with this key."""
    return Job.objects.filter(started_by=by, facts__key=key).order_by("pk").first()


@transaction.atomic
def choose(
    scenario: Scenario, reasons: Reasons, *, by: User, at: datetime, mark: str, key: str
) -> Job | None:
    """Choose it and start writing the recommendations; a second click gives the same job.

    None when the cases, amounts or reasons are no longer those that were shown: nothing is done.
    Raises what choosing raises.
    """
    Round.objects.select_for_update(of=("self",)).get(pk=scenario.round_id)
    if job := started(by, key):
        return job
    lines = lines_of(scenario, choose_scenario(scenario, by=by, at=at), reasons)
    if _mark(lines) != mark:
        transaction.set_rollback(True)
        return None
    return jobs.start(ACTION, lines, facts={}, by=by, at=at, key=key)


def lines_of(scenario: Scenario, given: Given, reasons: Reasons) -> list[Line]:
    """The job's lines: kr., and for what is not met in full the grounds and the words.

    A case with a ground of its own (``set_ground``) has that, and its words are the ground's.
    Grounds of another version of the rules are replaced by the same text in the case's own.
    """
    own = {int(case): int(pk) for case, pk in scenario.numbers.get(GROUNDS, {}).items()}
    in_version = _same_texts([case for case, _kr in given])
    return [(case, _facts(case, kr, reasons, own.get(case.pk), in_version)) for case, kr in given]


def _facts(
    case: Application,
    kr: Decimal,
    reasons: Reasons,
    own: int | None,
    in_version: Mapping[tuple[int, str, str], int],
) -> dict[str, object]:
    if kr >= (case.requested_kr or 0):
        return {"amount_kr": str(kr), "grounds": [], "reasons": ""}
    if own is not None:
        return {"amount_kr": str(kr), "grounds": [own], "reasons": ""}
    grounds, words = (
        (reasons.cut, reasons.cut_words) if kr else (reasons.refused, reasons.refused_words)
    )
    keys = [
        in_version.get((case.version_id, ground.section, ground.text), ground.pk)
        for ground in grounds
    ]
    return {"amount_kr": str(kr), "grounds": keys, "reasons": words}


def _same_texts(cases: Sequence[Application]) -> dict[tuple[int, str, str], int]:
    rows = Ground.objects.filter(version__in={case.version_id for case in cases}).order_by("pk")
    return {(row.version_id, row.section, row.text): row.pk for row in rows}


def _mark(lines: Sequence[Line]) -> str:
    said = dumps([[case.pk, facts] for case, facts in lines], sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()
