import unicodedata
from datetime import date

import pytest

from pulje.rules.impartiality import Tie, matches

ON = date(2027, 4, 15)
TIE = Tie("Gårdens Venner", "29189692", None, None)


@pytest.mark.parametrize(
    ("cvrs", "names", "touches"),
    [
        pytest.param({"29189692"}, set(), True, id="same CVR"),
        pytest.param({"DK 29 18 96 92"}, set(), True, id="same CVR written with spaces"),
        pytest.param({"36729929"}, {"Andre Venner"}, False, id="other CVR, other name"),
        pytest.param({"36729929"}, {"Gårdens Venner"}, True, id="other CVR, same name"),
        pytest.param(set(), {"  GÅRDENS   venner. "}, True, id="case, spaces and full stop"),
        pytest.param(set(), {"Gaardens Venner"}, True, id="å written aa"),
        pytest.param(
            set(), {unicodedata.normalize("NFD", "Gårdens Venner")}, True, id="å in two code points"
        ),
        pytest.param(set(), {"Gardens Venner"}, False, id="å is not a"),
        pytest.param(set(), {"Gårdens Venner og Naboer"}, False, id="only part of the name"),
        pytest.param(set(), set(), False, id="nothing to compare with"),
        pytest.param({""}, {""}, False, id="only blanks to compare with"),
    ],
)
def test_matches_by_cvr_or_name(cvrs, names, touches):
    assert matches([TIE], cvrs=frozenset(cvrs), names=frozenset(names), on=ON) == (
        (TIE,) if touches else ()
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        pytest.param(None, None, True, id="open at both ends"),
        pytest.param(ON, None, True, id="from this day"),
        pytest.param(date(2027, 4, 16), None, False, id="from tomorrow"),
        pytest.param(None, ON, True, id="until this day"),
        pytest.param(None, date(2027, 4, 14), False, id="until yesterday"),
        pytest.param(ON, ON, True, id="this one day"),
    ],
)
def test_a_tie_counts_only_while_it_holds(since, until, holds):
    tie = Tie("Gårdens Venner", "29189692", since, until)

    assert matches([tie], cvrs=frozenset({"29189692"}), names=frozenset(), on=ON) == (
        (tie,) if holds else ()
    )


@pytest.mark.parametrize(
    "tie",
    [
        pytest.param(Tie("", "", None, None), id="empty tie"),
        pytest.param(Tie(" . ", "-", None, None), id="tie of punctuation"),
    ],
)
def test_a_blank_tie_touches_nothing(tie):
    assert matches([tie], cvrs=frozenset({"", "-"}), names=frozenset({"", "."}), on=ON) == ()


def test_accents_do_not_hide_a_tie():
    tie = Tie("Café René", "", None, None)

    assert matches([tie], cvrs=frozenset(), names=frozenset({"cafe rene"}), on=ON) == (tie,)


def test_all_matching_ties_are_given_in_their_order():
    other = Tie("Andre Venner", "36729929", None, None)
    again = Tie("Gårdens Venner", "", None, None)

    found = matches(
        [TIE, other, again], cvrs=frozenset(), names=frozenset({"Gårdens Venner"}), on=ON
    )

    assert found == (TIE, again)
