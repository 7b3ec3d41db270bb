"""How a letter speaks to one person, and to several."""

# the words that differ between one person and several; `{{ du }}`, `{{ Din }}`
ONE = {"du": "du", "dig": "dig", "din": "din", "dit": "dit", "dine": "dine", "dig_selv": "dig selv"}
SEVERAL = {
    "du": "I",
    "dig": "jer",
    "din": "jeres",
    "dit": "jeres",
    "dine": "jeres",
    "dig_selv": "jer selv",
}


def words(*, one: bool) -> dict[str, str]:
    """The pronouns, small and capital, for one person (du) or several (I)."""
    small = ONE if one else SEVERAL
    return small | {word.capitalize(): text[0].upper() + text[1:] for word, text in small.items()}
