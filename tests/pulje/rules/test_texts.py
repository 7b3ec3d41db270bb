import pytest

from pulje.rules.texts import is_blank, says_nothing


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


@pytest.mark.parametrize(
    ("text", "is_nothing"),
    [
        ("", True),
        (".", True),
        ("-- 1234567890 --", True),
        ("æøåÆØÅæøå", True),
        ("æøåÆØÅæøåé", False),
        ("Vi venter på svar.", False),
    ],
)
def test_a_reason_is_in_words(text, is_nothing):
    assert says_nothing(text) == is_nothing
