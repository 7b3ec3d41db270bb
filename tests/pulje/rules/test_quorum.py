import pytest

from pulje.rules.quorum import is_carried, least_quorum, quorum_of


@pytest.mark.parametrize(
    ("members", "least"), [(0, 0), (1, 1), (2, 1), (3, 2), (7, 4), (8, 4), (9, 5)]
)
def test_half_or_more(members, least):
    assert least_quorum(members) == least


@pytest.mark.parametrize(
    ("setting", "members", "needed"), [(1, 6, 3), (3, 6, 3), (4, 6, 4), (3, 7, 4), (2, 0, 2)]
)
def test_a_setting_never_takes_it_under_half(setting, members, needed):
    assert quorum_of(setting, members) == needed


@pytest.mark.parametrize(
    ("votes", "carried"), [((1, 4), False), ((2, 2), False), ((0, 0), False), ((3, 2), True)]
)
def test_more_for_than_against(votes, carried):
    assert is_carried(*votes) == carried
