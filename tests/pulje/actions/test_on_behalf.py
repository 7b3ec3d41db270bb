"""The life of a case whose applicant cannot log in: every answer is keyed in by a case worker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pulje.actions.application.application import withdraw
from pulje.actions.casework import clarification
from pulje.actions.casework.tie import disqualify
from pulje.actions.grant import award, change, control, report
from pulje.actions.on_behalf import OnBehalf
from pulje.actions.state import lock, move
from pulje.enums import CameBy, LineKind
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, JournalEntry
from pulje.queries.casework.case import words_for
from pulje.queries.casework.course import course_of
from pulje.queries.grant.change import open_change
from pulje.states import CaseState, Verb
from tests import people
from tests.factories import Walk, walk_to
from tests.people import seat
from tests.pulje.actions.telling import again, last_line, refuses
from workflow.keyed import request_change

S = CaseState


def on_paper(state: CaseState) -> Walk:
    walk = walk_to(state)
    walk.case.applicant.memberships.update(ended_on=timezone.localdate(walk.at))
    return walk


def by_letter(walk: Walk, *, days: int = 0, **facts: object) -> OnBehalf:
    came_on = timezone.localdate(walk.at) + timedelta(days=1 - days)
    return OnBehalf(**{"of": "Holger", "came_by": CameBy.LETTER, "came_on": came_on} | facts)


def keyed(walk: Walk) -> JournalEntry:
    """The last line tells who keyed it in, for whom, and how it came."""
    line = last_line(walk.case)
    assert (line.by, line.on_behalf_of, line.data["came_by"]) == (
        people.karl(),
        "Holger",
        "LETTER",
    )
    assert "(pr. brev, modtaget " in words_for(line)
    return line


def test_a_life_on_paper(now):
    walk = on_paper(S.RETURNED)
    karl = people.karl()

    walk.do(clarification.answer_information, karl, answer="Her er det.", keyed=by_letter(walk))
    assert (keyed(walk).event, walk.case.state) == ("answer_information", S.SUBMITTED)
    assert walk.case.information_requests.get().answer == "Her er det."
    for step in ("accept_for_review", "review", "open_hearing"):
        getattr(walk, step)()
    walk.do(clarification.answer_hearing, karl, answer="Nej tak.", keyed=by_letter(walk))
    assert (keyed(walk).event, walk.case.hearings.get().is_answered) == ("answer_hearing", True)
    walk.recommend()
    walk.decide()
    walk.do(award.accept, karl, keyed=by_letter(walk))
    decision = walk.case.decisions.get()
    assert (keyed(walk).event, decision.acceptance.is_accepted) == ("accept", True)
    assert (decision.opened_at, decision.acceptance.answered_by) == (None, karl)
    assert decision.acceptance.said_by == ""  # not Karl's own yes
    walk.pay()
    lines = [report.AccountLine(LineKind.EXPENSE, "Mad", walk.case.granted_kr, 8000)]
    facts = {"fields": {"story": "Alle var mætte."}, "lines": lines}
    walk.do(report.submit_report, karl, keyed=by_letter(walk, days=3), **facts)
    came_on = timezone.localdate(walk.at) - timedelta(days=3)
    assert (keyed(walk).event, walk.case.due_on) == ("submit_report", came_on + timedelta(days=14))
    walk.approve_report()
    assert walk.case.state == S.REPORTED


def test_a_no_and_a_withdrawal_on_paper():
    declined, withdrawn = on_paper(S.APPROVED), on_paper(S.IN_REVIEW)

    declined.do(award.decline, people.karl(), reason="Nej.", keyed=by_letter(declined))
    withdrawn.do(withdraw, people.karl(), keyed=by_letter(withdrawn))

    assert (keyed(declined).to_state, keyed(withdrawn).to_state) == (S.DECLINED, S.WITHDRAWN)


def test_a_change_and_the_papers_of_a_control_on_paper(now):
    walk, karl = on_paper(S.PAID), people.karl()
    ends_on = walk.case.ends_on + timedelta(days=7)

    facts = {"reason": "Regn.", "ends_on": ends_on, "keyed": by_letter(walk)}
    with refuses(RuleBroken, "Skriv, hvem det kom fra"):
        walk.do(request_change, karl, **facts | {"keyed": None})
    walk.do(request_change, karl, **facts)
    assert keyed(walk).event == "change_requested"
    asked = open_change(walk.case)
    assert (asked.on_behalf_of, asked.request.asked_by) == ("Holger", karl)
    walk.do(change.answer_change, karl, is_approved=True)
    assert walk.case.ends_on == ends_on

    with refuses(WrongState, "Vi har ikke bedt om bilag"):
        walk.do(control.answer_control, karl, keyed=by_letter(walk))
    due_on = timezone.localdate(walk.at) + timedelta(days=30)
    walk.do(control.select_for_control, karl, reason="Kvitteringer", due_on=due_on)
    with refuses(RuleBroken, "Det kan ikke være kommet, før vi spurgte."):
        walk.do(control.answer_control, karl, keyed=by_letter(walk, days=3))
    told = {"keyed": by_letter(walk), "text": "Her er de."}
    walk.do(control.answer_control, karl, **told)
    assert keyed(walk).event == "control_answered"
    with refuses(WrongState, "Det er allerede skrevet ind."):
        control.answer_control(walk.case, by=karl, at=walk.at, **told)
    (course,) = course_of(walk.case, timezone.localdate(walk.at)).controls
    assert [(came.of, came.text, came.keyed_by) for came in course.papers] == [
        ("Holger", "Her er de.", "Karl")
    ]
    walk.case.applicant.memberships.update(ended_on=None)
    for verb, more in ((control.answer_control, told), (request_change, facts)):
        with refuses(NotAllowed, "Det kan du ikke gøre. Ansøgeren kan selv logge ind"):
            walk.do(verb, karl, **more)


def test_refuses_what_is_not_told_and_the_wrong_hands(now):
    walk = on_paper(S.RETURNED)
    case, tomorrow = walk.case, timezone.localdate(now) + timedelta(days=1)

    def answer(by, told):
        clarification.answer_information(case, by=by, at=now, answer="Ja.", keyed=told)

    with refuses(RuleBroken, "Skriv, hvem det kom fra, hvordan"):
        answer(people.karl(), None)
    with refuses(RuleBroken, "Skriv, hvem det kom fra."):
        answer(people.karl(), by_letter(walk, of=" "))
    with refuses(RuleBroken, "Det kan ikke være kommet i fremtiden."):
        answer(people.karl(), by_letter(walk, came_on=tomorrow))
    with refuses(RuleBroken, "Det kan ikke være kommet før ansøgningen."):
        answer(people.karl(), by_letter(walk, days=40))
    asked_at = case.state_since
    Application.objects.filter(pk=case.pk).update(submitted_at=asked_at - timedelta(days=9))
    case.refresh_from_db()
    with refuses(RuleBroken, "Det kan ikke være kommet, før vi spurgte."):
        came_on = timezone.localdate(asked_at) - timedelta(days=1)
        answer(people.karl(), by_letter(walk, came_on=came_on))
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: ansøger."):
        answer(people.dora(), by_letter(walk))
    disqualify(case, by=people.rie(), at=now, person=people.rie(), reason="Nabo")
    with refuses(NotAllowed, "Du er inhabil i sagen"):
        answer(people.rie(), by_letter(walk))
    place = seat(case.applicant, people.karl(), may_sign=True)
    with refuses(NotAllowed, "Du er selv med hos ansøgeren."):
        answer(people.karl(), by_letter(walk))
    place.delete()
    seat(case.applicant, people.ulla())
    with refuses(NotAllowed, "Det kan du ikke gøre. Ansøgeren kan selv logge ind"):
        answer(people.karl(), by_letter(walk))
    assert again(case).state == S.RETURNED


def test_what_is_not_the_applicant_s_is_never_keyed_in(now):
    walk = on_paper(S.DECLINED)

    told = OnBehalf("Holger", CameBy.PHONE, timezone.localdate(now))
    with pytest.raises(AssertionError, match="close is not keyed in"):
        move(lock(walk.case), Verb.CLOSE, by=None, at=now, keyed=told)
