from datetime import timedelta
from decimal import Decimal

import pytest

from pulje.actions.meeting.conflict import declare_disqualified, raise_conflict, settle_conflict
from pulje.actions.meeting.ruling import record_ruling
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import ConflictQuestion, ItemRuling, Meeting, Tie
from pulje.permissions import (
    check_impartial,
    check_none_disqualified,
    check_not_disqualified,
    hidden_from,
    shut_out,
)
from pulje.queries.casework.case import find_case
from pulje.queries.meeting.attendance import attendance_of
from pulje.queries.meeting.committee import agenda_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, case_in
from tests.pulje.actions.telling import last_line, refuses

LARGE = Decimal(40_000)


@pytest.fixture
def case():
    return case_in(CaseState.RECOMMENDED, requested_kr=LARGE)


def test_declare_disqualified_on_the_agenda(case, now):
    held, mads = a_meeting([case]), people.mads()
    said = {"by": mads, "at": now, "meeting": held}
    changes = Meeting.objects.get(pk=held.pk).changes

    declare_disqualified(case, **said, reason="  Min søster er kasserer. ")

    conflict = case.conflicts.get()
    assert (conflict.user, conflict.reason) == (mads, "Min søster er kasserer.")
    assert (last_line(case).event, last_line(case).by) == ("disqualified", mads)
    assert Meeting.objects.get(pk=held.pk).changes == changes + 1
    assert declare_disqualified(case, **said, reason="Igen") is None
    with refuses(RuleBroken, "Skriv kort hvorfor."):
        declare_disqualified(case, **said, reason=" ")
    with refuses(WrongState, "Sagen er ikke på mødets dagsorden."):
        declare_disqualified(case_in(CaseState.SUBMITTED), **said, reason="Naboer")


def test_doubt_keeps_the_person_out_until_the_committee_has_answered(case, now):
    held, mads = a_meeting([case]), people.mads()
    Tie.objects.create(user=mads, name=case.applicant.name, relation="Kasserer")
    doubt = {"by": mads, "at": now, "meeting": held, "person": mads}

    raise_conflict(case, **doubt, reason="Vi er naboer.")

    question = ConflictQuestion.objects.get()
    assert (question.person, question.raised_by, question.reason) == (mads, mads, "Vi er naboer.")
    assert last_line(case).data["reason"] == "Mads: Vi er naboer."
    assert raise_conflict(case, **doubt, reason="Igen") is None
    assert shut_out([mads], [case]) == {(mads.pk, case.pk)}
    assert hidden_from(mads, [case]) == {case.pk}
    facts = {"by": people.sanne(), "at": now, "outcome": "DECIDED", "amount_kr": LARGE}
    with refuses(RuleBroken, ".*inhabil"):
        record_ruling(held.items.get(), **facts)
    with refuses(NotAllowed, "Udvalget har ikke afgjort endnu, om du er inhabil i sagen."):
        check_not_disqualified(mads, case)
    with refuses(NotAllowed, f"Udvalget har ikke afgjort endnu, om du er inhabil i {case.number}"):
        check_none_disqualified(mads, [case])
    with refuses(NotAllowed, "Udvalget har ikke afgjort, om Mads er inhabil i sagen."):
        check_impartial(mads, case)
    _case, standing = find_case(case.pk, mads)
    assert standing.is_disqualified
    (part,) = attendance_of(held, held.items.all()).parts
    assert part.missing == [(mads, "udvalget skal afgøre, om medlemmet er inhabilt")]
    (row,) = agenda_of(held, mads).rows
    assert (row.is_mine_question, row.is_mine_tie) == (True, False)
    assert row.why_apart == "Udvalget skal først afgøre, om Mads er inhabil."

    answer = {"at": now, "question": question, "is_disqualified": False, "reason": ""}
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun"):
        settle_conflict(case, by=mads, **answer)
    settle_conflict(case, by=people.sanne(), **answer)

    statement = case.impartiality_statements.get()
    assert (statement.user, statement.tie) == (mads, f"{case.applicant.name}: Kasserer")
    assert last_line(case).data["reason"] == "Mads er ikke inhabil."
    assert shut_out([mads], [case]) == set()
    assert settle_conflict(case, by=people.karen(), **answer) is None
    with refuses(WrongState, "Udvalget har allerede svaret."):
        settle_conflict(case, by=people.karen(), **answer | {"is_disqualified": True})


def test_others_raise_it_and_the_committee_disqualifies(case, now):
    held, karen = a_meeting([case]), people.karen()
    about = {"at": now, "meeting": held, "person": karen, "reason": "Hendes bror er formand."}

    raise_conflict(case, by=people.mads(), **about)
    question = ConflictQuestion.objects.get()
    answer = {"at": now, "question": question, "is_disqualified": True, "reason": "Nær familie."}
    with refuses(NotAllowed, "En anden fører udvalgets beslutning"):
        settle_conflict(case, by=karen, **answer)
    held.present.remove(karen, people.mads())
    with refuses(RuleBroken, "Udvalget er ikke beslutningsdygtigt"):
        settle_conflict(case, by=people.sanne(), **answer)
    held.present.add(karen, people.mads())
    with refuses(RuleBroken, "Mødet er den"):
        early = answer | {"at": now - timedelta(days=1)}
        settle_conflict(case, by=people.sanne(), **early)
    settle_conflict(case, by=people.sanne(), **answer)

    assert case.conflicts.get().user == karen
    assert last_line(case).data["reason"] == "Karen er inhabil. Nær familie."
    with refuses(RuleBroken, "Karen er allerede inhabil i sagen."):
        raise_conflict(case, by=people.mads(), **about)
    with refuses(RuleBroken, "Karen er allerede inhabil i sagen."):  # it was not her own word
        raise_conflict(case, by=karen, **about)


def test_own_mistake_is_taken_back_by_the_committee_before_anything_is_recorded(case, now):
    held, mads = a_meeting([case]), people.mads()
    said = {"by": mads, "at": now, "meeting": held, "reason": "Forkert forening"}
    declare_disqualified(case, **said)

    raise_conflict(case, **said, person=mads)
    question = ConflictQuestion.objects.get()
    answer = {"by": people.sanne(), "at": now, "question": question, "is_disqualified": False}
    settle_conflict(case, **answer, reason="Det er en anden forening.")

    assert not case.conflicts.exists()
    statement = case.impartiality_statements.get()
    assert (statement.tie, statement.reason) == ("Forkert forening", "Det er en anden forening.")
    declare_disqualified(case, **said)
    facts = {"outcome": "POSTPONED", "recorded_at": now, "recorded_by": people.sanne()}
    ItemRuling.objects.create(item=held.items.get(), **facts)
    with refuses(WrongState, "Udvalget har behandlet sagen."):
        raise_conflict(case, **said, person=mads)


def test_raise_and_settle_refuse(case, now):
    held, mads = a_meeting([case]), people.mads()
    about = {"at": now, "meeting": held, "person": mads, "reason": "Naboer"}

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        raise_conflict(case, by=people.karl(), **about)
    with refuses(NotAllowed, "Det kan kun udvalgets egne medlemmer og sekretær."):
        stranger = people.person("Frede", *mads.roles)
        raise_conflict(case, by=stranger, **about)
    with refuses(RuleBroken, "Sanne er ikke medlem af udvalget."):
        raise_conflict(case, by=mads, **about | {"person": people.sanne()})
    people.seat(case.applicant, mads)
    with refuses(RuleBroken, "Mads er allerede inhabil i sagen."):  # as one of the applicant's own
        raise_conflict(case, by=mads, **about)
    question = ConflictQuestion.objects.create(
        meeting=held,
        application=case,
        person=mads,
        reason="Naboer",
        raised_at=now,
        raised_by=people.karen(),
    )
    with refuses(RuleBroken, "Mads er med hos ansøgeren og er derfor altid inhabil i sagen."):
        settle_conflict(
            case, by=people.sanne(), at=now, question=question, is_disqualified=False, reason=""
        )
