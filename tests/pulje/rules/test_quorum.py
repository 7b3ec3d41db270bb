import pytest

from pulje.rules.quorum import least_quorum


@pytest.mark.parametrize(
    ("members", "least"), [(0, 0), (1, 1), (2, 1), (3, 2), (7, 4), (8, 4), (9, 5)]
)
def test_half_or_more(members, least):
    assert least_quorum(members) == least
