"""A list kept under a name: no more than twenty, and a name is one's own."""

import pytest

from pulje.actions.casework.saved_view import MOST_VIEWS, delete_view, save_view
from pulje.errors import NotAllowed, RuleBroken
from tests import people

pytestmark = pytest.mark.django_db


def test_views_are_few_named_once_and_not_too_long():
    karl, where = people.karl(), {"path": "/sag/"}
    first = save_view(karl, name="Haster", query="vis=mine", **where)

    again = save_view(karl, name="Haster", query="vis=team", **where)
    assert again == first
    assert karl.saved_views.get().query == "vis=team"
    assert save_view(people.rie(), name="Haster", query="", **where) != first
    with pytest.raises(RuleBroken, match="for langt"):
        save_view(karl, name="Lang", query="q=" + "%C3%A6" * 100, **where)
    with pytest.raises(NotAllowed):
        save_view(people.asta(), name="Min", query="", **where)
    for number in range(MOST_VIEWS - 1):
        save_view(karl, name=f"Nr. {number}", query="", **where)
    with pytest.raises(RuleBroken, match="20 visninger"):
        save_view(karl, name="Én til", query="", **where)
    save_view(karl, name="Haster", query="vis=mine", **where)
    delete_view(first)
    assert karl.saved_views.count() == MOST_VIEWS - 1
