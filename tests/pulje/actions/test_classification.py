import pytest

from pulje.actions.classification import classify
from pulje.enums import Theme
from pulje.errors import NotAllowed, RuleBroken
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from tests.pulje.actions.telling import again, last_line, refuses


def test_classify_sets_theme_and_place_once(now):
    case = case_in(CaseState.IN_REVIEW)
    said = {"by": people.karl(), "at": now, "theme": Theme.CULTURE, "area": " Holte "}

    classify(case, **said)

    assert (again(case).theme, again(case).area) == (Theme.CULTURE, "Holte")
    assert last_line(case).data == {"was": {"theme": "", "area": ""}}
    assert classify(case, **said) is None


def test_classify_refuses(now):
    case = case_in(CaseState.IN_REVIEW)

    with refuses(RuleBroken, "Vælg et af temaerne."):
        classify(case, by=people.karl(), at=now, theme="SPORT", area="")
    with pytest.raises(NotAllowed):
        classify(case, by=people.fie(), at=now, theme="", area="")
