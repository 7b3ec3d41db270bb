"""The 37 real decisions of shared/data, recorded as a meeting of ours from a file of them."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.utils import timezone

from pulje.actions.application.application import register_many
from pulje.actions.meeting.meeting import put_on_agenda
from pulje.actions.meeting.ruling import record_rulings
from pulje.imports.decision_file import read_lines
from pulje.imports.decisions import check_lines
from pulje.models import Application, Decision, Meeting, Recommendation
from pulje.queries.meeting.ruling import left_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, a_round, an_applicant
from tests.pulje.imports.conftest import REAL
from workflow.bulk import begin_many, close_meeting

FILE = REAL / "danish" / "dk_decisions.csv"
FRAME = Decimal(1_000_000)
SUM = Decimal(692_785)


def the_decisions() -> list[tuple[str, Decimal, Decimal, Decimal, str]]:
    """(project, applied, recommended, decided, reason); what the file leaves out is as decided."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    found = []
    for row in rows:
        proposed = row["recommended_dkk"] or row["decided_dkk"]
        decided = row["decided_dkk"] or proposed
        applied = row["applied_dkk"] or decided
        kr = (Decimal(applied), Decimal(proposed), Decimal(decided))
        found.append((row["project"], *kr, row["reason_short_da"]))
    return found


def a_meeting_about(told) -> Meeting:
    """All of them registered, begun, recommended and on the agenda, set-wise."""
    pool, applicant, now = a_pool(frame_kr=FRAME), an_applicant(), timezone.now()
    version, round, karl = pool.versions.get(), a_round(pool), people.karl()
    drafts = [
        Application(
            pool=pool,
            round=round,
            version=version,
            applicant=applicant,
            title=project,
            requested_kr=applied,
            submitted_at=now,
        )
        for project, applied, *_rest in told
    ]
    register_many(drafts, by=karl, at=now)
    begin_many(drafts)
    round.applications.update(state=CaseState.RECOMMENDED)
    cases = list(round.applications.select_related("pool").order_by("pk"))
    proposals = Recommendation.objects.bulk_create(
        Recommendation(
            application=case,
            amount_kr=proposed,
            reasons=reason or "Godt for kvarteret.",
            recommended_by=karl,
            recommended_at=now,
            is_delegated=False,
        )
        for case, (_project, _applied, proposed, _decided, reason) in zip(cases, told, strict=True)
    )
    for proposal in proposals:
        proposal.grounds.add(version.grounds.order_by("pk")[0])
    meeting = a_meeting([])
    put_on_agenda(meeting, cases, by=people.sanne())
    return meeting


def as_file(cases, told) -> bytes:
    """What another meeting system would give us, amounts as it would write them."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Sagsnr.", "Udfald", "Beløb", "Begrundelse"])
    for case, (_project, applied, _proposed, decided, reason) in zip(cases, told, strict=True):
        outcome = "Delvist bevilget" if decided < applied else "Bevilget"
        amount = f"{decided:,.2f}".translate(str.maketrans(",.", ".,"))
        writer.writerow([case.number, outcome if decided else "Afslag", amount, reason])
    return out.getvalue().encode("utf-8-sig")


@pytest.mark.django_db
def test_the_real_decisions_are_recorded_and_decided_as_they_were(real: Path):
    told, sanne, now = the_decisions(), people.sanne(), timezone.now()
    meeting = a_meeting_about(told)
    cases = [item.application for item in meeting.items.order_by("position")]

    check = check_lines(meeting, read_lines("ku.csv", as_file(cases, told)), by=sanne)
    record_rulings(meeting, check.recorded, by=sanne, at=now)
    close_meeting(meeting, by=sanne, at=now)

    really = [decided for _project, _applied, _proposed, decided, _reason in told]
    made = Decision.objects.filter(meeting=meeting).order_by("application__agenda_items__position")
    assert [row.problem for row in check.refused] == []
    assert (len(really), check.left_out) == (37, 0)
    assert list(made.values_list("amount_kr", flat=True)) == really
    assert check.amount_kr == sum(really) == SUM
    assert left_of([cases[0].pool]) == {cases[0].pool_id: FRAME - sum(really)}
    assert Application.objects.filter(state=CaseState.REJECTED).count() == really.count(Decimal(0))
