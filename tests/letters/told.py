"""The letters whose words are kept as snapshots, made of the invented case."""

from typing import Any

from letters import actions
from letters.kinds.registry import KINDS
from letters.models import Letter
from letters.previews import samples
from letters.texts.chosen import Chosen, complete
from letters.texts.standard import all_standards

Facts = dict[str, Any]

LETTERS: dict[str, Facts] = {
    "AWARD": samples.facts("AWARD"),
    "AWARD_CONDITIONS": samples.facts("AWARD_CONDITIONS", english=True),
    "PARTIAL_AWARD": samples.facts("PARTIAL_AWARD", one=True) | {"amount_kr": "12500.50"},
    "REJECTION": samples.facts("REJECTION", decided_by=samples.DELEGATED),
    "CHANGE_REFUSED": samples.facts("CHANGE_REFUSED", one=True),
    "RECOVERY_HEARING": samples.facts("RECOVERY_HEARING"),
    "APPEAL_RECEIPT": samples.facts("APPEAL_RECEIPT"),
    "APPEAL_UPHELD": samples.facts("APPEAL_UPHELD", one=True) | {"accept_by": "2027-03-12"},
    "APPEAL_LATE": samples.facts("APPEAL_LATE"),
}


def standards_for(kind: str) -> Chosen:
    """The standard texts of a kind: no database."""
    return complete(KINDS[kind], {text.kind: text for text in all_standards()})


def html_of(kind: str, facts: Facts) -> str:
    """The letter with the standard texts: no database."""
    return actions.letter_html(Letter(kind=kind, facts=facts), standards_for(kind))
