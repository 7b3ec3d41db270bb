import pytest

from pulje.rules.selfcheck import Answer, Demand, Verdict, judge

HERE = Demand("1", "Det foregår i kommunen", "Flyt det hertil.", "PD")
OPEN = Demand("2", "Andre kan være med", "Åbn det for flere.")
KIND = Demand("hvem", "Foreninger kan søge", "Puljen er for foreninger.", "NP", is_absolute=True)
ALL = (HERE, OPEN, KIND)
YES, NO, UNSURE = Answer


@pytest.mark.parametrize(
    ("answers", "lines", "verdict", "codes"),
    [
        pytest.param((YES, YES, YES), "fits fits fits", Verdict.FITS, (), id="all fit"),
        pytest.param((YES, UNSURE, YES), "fits ask fits", Verdict.ASK, (), id="one to find out"),
        pytest.param((YES, None, YES), "fits ask fits", Verdict.ASK, (), id="silence is unsure"),
        pytest.param((None,) * 3, "ask ask ask", Verdict.ASK, (), id="nothing said"),
        pytest.param((NO, YES, YES), "mend fits fits", Verdict.MEND, ("PD",), id="to put right"),
        pytest.param((YES, NO, YES), "fits mend fits", Verdict.MEND, (), id="no other pool named"),
        pytest.param((NO, UNSURE, YES), "mend ask fits", Verdict.MEND, ("PD",), id="worst of two"),
        pytest.param((YES, YES, NO), "fits fits never", Verdict.NEVER, ("NP",), id="absolute"),
        pytest.param((NO, NO, NO), "mend mend never", Verdict.NEVER, ("PD", "NP"), id="all no"),
        pytest.param((YES, YES, UNSURE), "fits fits ask", Verdict.ASK, (), id="absolute, unsure"),
    ],
)
def test_answers_are_held_against_the_demands(answers, lines, verdict, codes):
    said = {d.key: a for d, a in zip(ALL, answers, strict=True) if a is not None}

    result = judge(ALL, said)

    assert " ".join(line.verdict for line in result.lines) == lines
    assert result.verdict == verdict
    assert result.other_pool_codes == codes


def test_a_pool_without_demands_fits():
    assert judge((), {}).verdict == Verdict.FITS


def test_lines_of_a_verdict():
    result = judge(ALL, {"1": NO, "2": YES})

    assert [line.demand.key for line in result.of(Verdict.MEND)] == ["1"]
