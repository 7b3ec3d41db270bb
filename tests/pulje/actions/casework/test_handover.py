from pulje.actions.casework.handover import assign
from pulje.actions.casework.tie import disqualify
from pulje.errors import NotAllowed
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again, refuses

S = CaseState


def test_assign_gives_the_case_away(now):
    case = case_in(S.SUBMITTED)

    entry = assign(case, by=people.dora(), at=now, to=people.karl())

    assert again(case).caseworker == people.karl()
    assert (entry.event, entry.data) == ("assigned", {"to": people.karl().pk})


def test_assign_refuses(now):
    case = case_in(S.SUBMITTED)
    disqualify(case, by=people.karl(), at=now, person=people.karl(), reason="Nabo")

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        assign(case, by=people.fie(), at=now, to=people.rie())
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: sagsbehandler."):
        assign(case, by=people.dora(), at=now, to=people.fie())
    with refuses(NotAllowed, "Karl er inhabil i sagen."):
        assign(case, by=people.dora(), at=now, to=people.karl())
