"""Words that agendas and minutes share."""

from decimal import Decimal

import pytest

from pulje.models import AgendaItem
from pulje.queries.meeting.packet_text import (
    counted,
    numbers,
    paragraphs,
    sentence,
    share,
    shortened,
)


@pytest.mark.parametrize(
    ("positions", "told"),
    [
        ([7], "nr. 7"),
        ([1, 2], "nr. 1 og 2"),
        ([3, 1, 2], "nr. 1–3"),
        ([1, 2, 3, 4, 6, 9], "nr. 1–4, 6 og 9"),
        ([1, 3, 4, 6, 7, 8], "nr. 1, 3, 4 og 6–8"),
    ],
)
def test_numbers(positions, told):
    assert numbers(AgendaItem(position=position) for position in positions) == told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, "–"), (0, 10, "0 %"), (1, 3, "33 %"), (1, 200, "1 %"), (5, 5, "100 %")],
)
def test_share(part, whole, told):
    assert share(Decimal(part), Decimal(whole)).replace("\xa0", " ") == told


def test_words():
    assert [counted(n, "sag", "sager") for n in (0, 1, 2)] == ["0 sager", "1 sag", "2 sager"]
    assert [sentence(text) for text in ("Ja", "Ja.", "Ja? ")] == ["Ja.", "Ja.", "Ja?"]
    assert shortened("Vi  synger", 10) == "Vi synger"
    assert shortened("Vi synger, og vi spiser", 12) == "Vi synger …"
    written = "Et\nnyt  punkt\r\n \r\nTo\n\n\n"
    assert [block.text for block in paragraphs(written)] == ["Et\nnyt punkt", "To"]
