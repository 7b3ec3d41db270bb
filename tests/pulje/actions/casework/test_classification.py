import pytest

from pulje.actions.casework.classification import classify
from pulje.enums import Theme
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again, last_line, refuses


def test_classify_sets_theme_and_place_once(now):
    case = case_in(CaseState.IN_REVIEW)
    said = {"by": people.karl(), "at": now, "theme": Theme.CULTURE, "area": " Holte "}

    classify(case, **said)

    assert (again(case).theme, again(case).area) == (Theme.CULTURE, "Holte")
    said_so = "tema fra Ikke valgt til Kultur og partnerskaber, sted fra – til Holte"
    assert last_line(case).data == {"was": {"theme": "", "area": ""}, "reason": said_so}
    assert classify(case, **said) is None


def test_classify_refuses(now):
    case = case_in(CaseState.IN_REVIEW)

    with refuses(RuleBroken, "Vælg et af temaerne."):
        classify(case, by=people.karl(), at=now, theme="SPORT", area="")
    with refuses(WrongState, "Sagen er slut, så tema og sted står fast."):
        classify(case_in(CaseState.REJECTED), by=people.karl(), at=now, theme="", area="Holte")
    with pytest.raises(NotAllowed):
        classify(case, by=people.fie(), at=now, theme="", area="")
