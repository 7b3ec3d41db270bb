"""Five troubles over 500 letters each: every letter once, none lost, by the receivers' own logs."""

from dataclasses import asdict

from django.utils import timezone

from benchmarks import database
from letters.texts.actions import approve_standard_texts
from tests import people
from tests.letters.chaos.run import Outcome, run
from tests.letters.chaos.troubles import ALL

LETTERS, CASES = 500, 40
SEED = 6
LETTERS_A_STRIKE, FEWEST = 50, 4


def measure() -> dict[str, object]:
    """Each trouble alone, at ten moments; a run that loses or doubles a letter ends the bench."""
    count = database.numbers(LETTERS)[-1]
    cases, strikes = min(count, CASES), max(count // LETTERS_A_STRIKE, FEWEST)
    approve_standard_texts(people.dora(), timezone.now())
    found: dict[str, object] = {}
    print(_line("trouble", [name.replace("_", " ") for name in Outcome.__dataclass_fields__]))
    for name, trouble in ALL.items():
        outcome = asdict(run(count, [trouble], cases=cases, strikes=strikes, seed=SEED))
        print(_line(name, list(map(str, outcome.values()))), flush=True)
        found[name] = outcome
    return found


def _line(name: str, values: list[str]) -> str:
    return f"{name:<18}" + "".join(f"{value:>15}" for value in values)
