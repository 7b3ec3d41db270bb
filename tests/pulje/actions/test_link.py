"""Mailed links: read back for their own purpose, in time, and never when touched."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from pulje.actions.link import make_token, read_token
from pulje.errors import RuleBroken

MADE = datetime(2027, 1, 15, 9, tzinfo=UTC)


def test_a_link_carries_its_row() -> None:
    assert read_token("invitation", make_token("invitation", 12)) == 12


@pytest.mark.parametrize(
    "token",
    [
        make_token("guardian", 12),
        make_token("invitation", 12)[:-1],
        make_token("invitation", 12).replace(":", ".", 1),
        "x" + make_token("invitation", 12),
        "12",
        "",
        "æ:ø:å",
        "\x00:1:2",
    ],
    ids=["other purpose", "cut", "colon", "longer", "no sign", "empty", "letters", "zero"],
)
def test_a_link_that_is_not_ours_is_refused_in_a_sentence(token: str) -> None:
    with pytest.raises(RuleBroken, match="Linket virker ikke"):
        read_token("invitation", token)


@pytest.mark.parametrize(("days", "is_read"), [(13, True), (15, False)], ids=["in time", "late"])
def test_a_link_lasts_as_long_as_its_reader_says(days: int, *, is_read: bool) -> None:
    with time_machine.travel(MADE, tick=False):
        token = make_token("start", 7)

    with time_machine.travel(MADE + timedelta(days=days), tick=False):
        if is_read:
            assert read_token("start", token, max_age=timedelta(days=14)) == 7
        else:
            with pytest.raises(RuleBroken, match="for gammelt"):
                read_token("start", token, max_age=timedelta(days=14))
