"""For how long a municipality may bind itself by a grant."""

from datetime import date

LONGEST_YEARS = 3


def needs_consent(starts_on: date | None, ends_on: date | None) -> bool:
    """Say whether a grant runs so long that Ankestyrelsen must consent first: over three years.

    The third anniversary of the first day is one day too many. Without both days nothing is said.
    Compared as parts, so that a start on 29 February needs no such day three years on.
    Source: lånebekendtgørelsen § 13; Ankestyrelsen, "Tilsynet skal godkende kommuners beslutning om
    tilskud" for more than three years (domain.md B).
    """
    if starts_on is None or ends_on is None:
        return False
    anniversary = (starts_on.year + LONGEST_YEARS, starts_on.month, starts_on.day)
    return (ends_on.year, ends_on.month, ends_on.day) >= anniversary
