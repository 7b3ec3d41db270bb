import pytest

from pulje.rules.texts import is_blank


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\r\n",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u00ad \u200d",
        "\u3164",
        "\u2800",
        "\ufe0f",
    ],
)
def test_what_nobody_can_see_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", ".", "0", "🎉", "ก็", "\u200bJa\u200b", "田"])
def test_what_can_be_seen_is_not(text):
    assert not is_blank(text)
