import pytest

from pulje.actions.casework import assessment, checklist
from pulje.actions.casework.tie import disqualify
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Gate
from pulje.queries.casework.checklist import checklist_of, to_ask_about, to_reject_by
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState


@pytest.fixture
def case():
    case = case_in(S.SUBMITTED)
    Gate.objects.create(
        version=case.version, position=1, question="I byen?", statement="Det sker i byen."
    )
    return case


def said(case):
    return {point.key: (point.is_fine, point.note) for point in checklist_of(case)}


def test_points_stand_in_order_and_nobody_has_said_anything(case):
    keys = "who right idea budget attachments interest core_task not_started state_aid gate:1"

    assert said(case) == {key: (None, "") for key in keys.split()}


def test_state_aid_is_asked_of_those_with_a_cvr_number(case):
    case.applicant.cvr = ""

    assert "state_aid" not in said(case)


def test_a_point_is_marked_and_marked_again(case, now):
    karl = {"by": people.karl(), "at": now}

    checklist.mark(case, **karl, key="budget", is_fine=False, note=" Summen er forkert. ")
    assert said(case)["budget"] == (False, "Summen er forkert.")
    assert last_line(case).data == {"point": "budget", "reason": "Budgettet er ikke i orden"}

    checklist.mark(case, **karl, key="budget", is_fine=True, note="Alligevel")
    assert said(case)["budget"] == (True, "")
    lines = again(case).journal_length

    assert checklist.mark(case, **karl, key="budget", is_fine=True) is None
    assert again(case).journal_length == lines


def test_what_cannot_be_marked_is_told(case, now):
    how = {"at": now, "key": "idea", "is_fine": True}
    disqualify(case, by=people.rie(), at=now, person=people.rie(), reason="Svoger")

    for by in (people.dora(), people.rie(), people.asta()):
        with pytest.raises(NotAllowed):
            checklist.mark(case, by=by, **how)
    with refuses(RuleBroken, "Punktet er ikke på tjeklisten mere."):
        checklist.mark(case, by=people.karl(), **how | {"key": "gate:7"})
    with refuses(RuleBroken, "Skriv, hvad der ikke er i orden ved ”Idéen”."):
        checklist.mark(case, by=people.karl(), **how | {"is_fine": False}, note=" ")
    with refuses(WrongState, "Tjeklisten kan kun udfyldes, mens sagen er modtaget."):
        checklist.mark(case_in(S.RETURNED), by=people.karl(), **how)


def test_a_case_goes_on_when_every_point_is_in_order(case, now):
    accept = {"by": people.karl(), "at": now, "reviewers": [people.rie()]}

    with refuses(RuleBroken, "Tjek først: Ansøgeren, Ret til at søge, Idéen"):
        assessment.accept_for_review(case, **accept)

    checklist.mark(case, by=people.karl(), at=now, key="gate:1", is_fine=False, note="I Hillerød")
    with refuses(RuleBroken, "Det er ikke i orden endnu: Puljens betingelse 1. Bed om"):
        assessment.accept_for_review(case, **accept, rest_is_fine=True)
    assert said(case)["who"] == (None, "")

    checklist.mark(case, by=people.rie(), at=now, key="gate:1", is_fine=True)
    assessment.accept_for_review(case, **accept, rest_is_fine=True)
    assert set(said(case).values()) == {(True, "")}
    assert case.check_marks.filter(checked_by=people.rie()).count() == 1


def test_what_is_not_in_order_leads_on(case, now):
    karl = {"by": people.karl(), "at": now, "is_fine": False}
    checklist.mark(case, **karl, key="budget", note="Summen er forkert.")
    checklist.mark(case, **karl, key="gate:1", note="Det er i Hillerød.")
    points = checklist_of(case)

    assert to_ask_about(points, [], ["budget", ""]) == {
        "parts": ["budget"],
        "message": "Summen er forkert.",
    }
    assert to_reject_by(points, "gate:1") == {
        "section": "Puljens betingelse 1",
        "reasons": "Puljens betingelse er: ”Det sker i byen.” Det er i Hillerød.",
    }
    assert to_reject_by(points, "who") == {}
