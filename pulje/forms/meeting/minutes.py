"""What is typed when a ruling of a closed meeting is corrected."""

from typing import Any

from django import forms

from pulje.actions.meeting.minutes import Corrected
from pulje.actions.meeting.ruling import Votes
from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.forms.fields import PlainField
from pulje.forms.meeting.ruling import _votes as votes_field
from pulje.queries.meeting.table import AgendaRow


class CorrectForm(forms.Form):
    """The right amount, words and votes, and why the minutes had it wrong."""

    amount_kr = AmountField(
        label="Beløb",
        help_text="Skriv 0, hvis udvalget gav afslag.",
        error_messages={"required": "Skriv beløbet. Skriv 0, hvis udvalget gav afslag."},
    )
    reasons = words(
        "Begrundelse",
        help_text="Som den skal stå i brevet til ansøger.",
    )
    votes_for = votes_field("Stemmer for")
    votes_against = votes_field("Stemmer imod")
    votes_abstained = votes_field("Stemte ikke")
    dissent = words("Mindretallets udtalelse", rows=2)
    correction = PlainField(
        label="Hvorfor rettes beslutningen?",
        max_length=300,
        help_text="Kommer i referatet sammen med det, der stod før.",
        error_messages={"required": "Skriv, hvorfor beslutningen rettes."},
    )

    def __init__(self, data: Any = None, *, row: AgendaRow) -> None:
        super().__init__(data, initial=_as_it_stands(row))

    @property
    def has_votes(self) -> bool:
        return any(self[name].value() for name in ("votes_for", "votes_against", "dissent"))

    def corrected(self) -> Corrected:
        """What the action is told."""
        said = self.cleaned_data
        told = [said[f"votes_{kind}"] for kind in ("for", "against", "abstained")]
        return Corrected(
            amount_kr=said["amount_kr"],
            correction=said["correction"].strip(),
            reasons=said["reasons"].strip(),
            votes=None if told == [None] * 3 else Votes(*(number or 0 for number in told)),
            dissent=said["dissent"].strip(),
        )


def _as_it_stands(row: AgendaRow) -> dict[str, Any]:
    amount_kr = row.decided_kr if row.decision else row.proposed_kr
    words = row.decision.reasons if row.decision else ""
    first = {"amount_kr": amount_kr, "reasons": words}
    if row.ruling is None:
        return first
    return first | {
        "votes_for": row.ruling.votes_for,
        "votes_against": row.ruling.votes_against,
        "votes_abstained": row.ruling.votes_abstained,
        "dissent": row.ruling.dissent,
    }
