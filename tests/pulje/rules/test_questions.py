import pytest

from pulje.rules.questions import Condition, hangs_on_later, is_shown

CHAIN = {"b": Condition("a", "YES"), "c": Condition("b", "Plejecenter")}


@pytest.mark.parametrize(
    ("key", "answers", "shown"),
    [
        pytest.param("a", {}, True, id="no condition"),
        pytest.param("b", {}, False, id="nothing answered"),
        pytest.param("b", {"a": "NO"}, False, id="another answer"),
        pytest.param("b", {"a": "YES"}, True, id="the answer"),
        pytest.param("c", {"a": "YES", "b": "Plejecenter"}, True, id="whole chain"),
        pytest.param("c", {"a": "YES", "b": "Skole"}, False, id="last link"),
        pytest.param("c", {"a": "NO", "b": "Plejecenter"}, False, id="old answer below a no"),
        pytest.param("c", {"b": "Plejecenter"}, False, id="first link unanswered"),
    ],
)
def test_is_shown(key, answers, shown):
    assert is_shown(key, CHAIN, answers) is shown


def test_a_circle_opens_nothing():
    circle = {"a": Condition("b", "YES"), "b": Condition("a", "YES")}

    assert not is_shown("a", circle, {"a": "YES", "b": "YES"})


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        pytest.param(["a", "b", "c"], "", id="in order"),
        pytest.param(["a", "c", "b"], "c", id="before its condition"),
        pytest.param(["b", "c"], "b", id="its condition is gone"),
        pytest.param([], "", id="none"),
    ],
)
def test_hangs_on_later(keys, found):
    assert hangs_on_later(keys, CHAIN) == found


def test_a_question_cannot_hang_on_itself():
    assert hangs_on_later(["a"], {"a": Condition("a", "YES")}) == "a"
