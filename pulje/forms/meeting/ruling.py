"""What is typed while a meeting records what it comes to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from pulje.actions.meeting.ruling import Votes
from pulje.enums import ItemOutcome
from pulje.forms.amounts import AmountField
from pulje.forms.case import words
from pulje.forms.fields import PlainField
from pulje.models import AgendaAlternative, ItemRuling, Pool
from pulje.queries.meeting.ruling import left_of
from pulje.queries.meeting.table import AgendaRow
from pulje.templatetags.words import kr_text, tid

FOLLOW, OTHER, REJECT, POSTPONE, SEND_BACK = "1", "2", "3", "4", "5"
OUTCOMES = {POSTPONE: ItemOutcome.POSTPONED, SEND_BACK: ItemOutcome.SENT_BACK}
MISSING = {
    POSTPONE: "Skriv, hvorfor sagen udsættes.",
    SEND_BACK: "Skriv, hvorfor sagen sendes tilbage.",
}


def _votes(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=99,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Skriv et antal.",
            "min_value": "Skriv et antal.",
            "max_value": "Så mange er der ikke i udvalget.",
        },
    )


class RulingForm(forms.Form):
    """What the committee comes to in one case; ``set`` is the ruling that stood on the screen."""

    use_required_attribute = False  # which fields must be filled depends on the choice

    besl = forms.ChoiceField(
        label="Udvalgets beslutning",
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg udvalgets beslutning."},
    )
    amount_kr = AmountField(label="Andet beløb")
    reasons = words(
        "Udvalgets begrundelse",
        "Skriv udvalgets begrundelse.",
        help_text="Skal med, når indstillingen ikke følges: mindst 10 bogstaver."
        " Den står i referat og brev.",
    )
    votes_for = _votes("Stemmer for")
    votes_against = _votes("Stemmer imod")
    votes_abstained = _votes("Stemte ikke")
    dissent = words("Mindretallets udtalelse", rows=2)
    set = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: AgendaRow) -> None:
        super().__init__(data, initial=_as_recorded(row))
        self.row = row
        self.is_over_frame = False  # the page then says where the frame is raised
        self.alternatives = {one.letter: one for one in _alternatives(row)}
        self.fields["besl"].choices = [
            (FOLLOW, f"Følg indstillingen – {_given(row.proposed_kr)}"),
            *(
                (letter, f"{letter}) {_given(one.amount_kr)}: {one.text}")
                for letter, one in self.alternatives.items()
            ),
            (OTHER, "Giv et andet beløb"),
            (REJECT, "Giv afslag"),
            (POSTPONE, "Udsæt sagen"),
            (SEND_BACK, "Send sagen tilbage til forvaltningen"),
        ]
        if self.is_bound:
            self._demand(self.data.get("besl", ""))

    def _demand(self, choice: str) -> None:
        """Which fields must be filled follows from the choice."""
        self.fields["amount_kr"].required = choice == OTHER
        reasons = self.fields["reasons"]
        is_refusal = choice == REJECT and bool(self.row.proposed_kr)
        reasons.required = is_refusal or choice in (OTHER, *OUTCOMES)
        if choice in MISSING:
            reasons.error_messages["required"] = MISSING[choice]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("besl") != OTHER:
            self.errors.pop("amount_kr", None)  # the field is folded away
        later = self.row.ruling
        if later and found.get("set") != str(later.pk) and not self._is_what_stands(found):
            self.add_error(
                None,
                f"{later.recorded_by.name} har ført en beslutning til protokol"
                f" {tid(later.recorded_at)}, siden du åbnede siden. Se den, og gem igen, hvis din"
                " skal gælde i stedet.",
            )
        return found

    def _is_what_stands(self, found: dict[str, Any]) -> bool:
        """True for the same sent twice, which is no news to anybody."""
        choice, stands = found.get("besl"), self.initial
        if choice != stands.get("besl"):
            return False
        if choice not in (OTHER, REJECT, *OUTCOMES):
            return True
        is_same = choice != OTHER or found.get("amount_kr") == stands["amount_kr"]
        return is_same and found.get("reasons", "").strip() == stands["reasons"]

    @property
    def has_votes(self) -> bool:
        """True when what is folded away holds something."""
        names = ("votes_for", "votes_against", "votes_abstained", "dissent")
        return any(self[name].value() not in (None, "") for name in names)

    def facts(self) -> dict[str, Any]:
        """What ``record_ruling`` is told; following the recommendation needs no words."""
        choice = self.cleaned_data["besl"]
        facts = {"votes": self._votes(), "dissent": self.cleaned_data["dissent"].strip()}
        reasons = self.cleaned_data["reasons"].strip()
        if choice in OUTCOMES:
            return facts | {"outcome": OUTCOMES[choice], "reasons": reasons}
        facts["outcome"] = ItemOutcome.DECIDED
        if choice in self.alternatives:
            return facts | {"alternative": self.alternatives[choice]}
        if choice == FOLLOW:
            return facts | {"amount_kr": self.row.proposed_kr}
        amount_kr = self.cleaned_data["amount_kr"] if choice == OTHER else Decimal(0)
        return facts | {"amount_kr": amount_kr, "reasons": reasons}

    def _votes(self) -> Votes | None:
        told = [self.cleaned_data[f"votes_{kind}"] for kind in ("for", "against", "abstained")]
        return None if told == [None] * 3 else Votes(*(number or 0 for number in told))


class RaiseForm(forms.Form):
    """A pool's frame raised by the committee, here and now."""

    pool = forms.ModelChoiceField(Pool.objects.none(), label="Hvilken pulje?", empty_label=None)
    amount_kr = AmountField(label="Hvor meget forhøjes rammen?")
    source = forms.ModelChoiceField(
        Pool.objects.none(),
        label="Tages pengene fra en anden pulje?",
        required=False,
        empty_label="Nej, rammen bliver større",
        help_text="Nye penge, der ikke tages fra en pulje, skal være bevilget af den, der kan:"
        " økonomiudvalget eller kommunalbestyrelsen.",
    )
    reason = PlainField(
        label="Hvad har udvalget besluttet?",
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text="Mindst 10 bogstaver. Beslutningen kommer i referatet.",
        error_messages={"required": "Skriv, hvad udvalget har besluttet om rammen."},
    )

    is_checked = forms.BooleanField(label="Beløbet er rigtigt", required=False)

    def __init__(self, data: Any = None, *, pools: Sequence[Pool], committee: int) -> None:
        super().__init__(data)
        self._offer("pool", pools)
        self._offer("source", _sources(pools, committee))

    def _offer(self, name: str, pools: Sequence[Pool]) -> None:
        """The pools are read already: they are shown without asking once more."""
        field = self.fields[name]
        field.queryset = Pool.objects.filter(pk__in=[pool.pk for pool in pools])
        empty = [("", field.empty_label)] if field.empty_label else []
        field.choices = [*empty, *((pool.pk, str(pool)) for pool in pools)]

    def facts(self) -> dict[str, Any]:
        """What ``raise_frame`` is told."""
        return {name: self.cleaned_data[name] for name in ("pool", "amount_kr", "source", "reason")}


def _sources(pools: Sequence[Pool], committee: int) -> list[Pool]:
    """The committee's other pools of the same year that have money."""
    years = {pool.year for pool in pools}
    own = Pool.objects.filter(committee=committee, is_test=False, year__in=years)
    own = own.exclude(published_at=None)
    if len(pools) == 1:
        own = own.exclude(pk=pools[0].pk)
    rows = list(own.order_by("name", "pk"))
    left = left_of(rows)
    return [pool for pool in rows if left[pool.pk] > 0]


def _given(amount_kr: Decimal | None) -> str:
    return kr_text(amount_kr) if amount_kr else "afslag"


def _alternatives(row: AgendaRow) -> list[AgendaAlternative]:
    return [] if row.is_mine_conflict else list(row.item.alternatives.all())


def _as_recorded(row: AgendaRow) -> dict[str, Any]:
    """The form as it was when what stands was recorded; else the recommendation is followed."""
    ruling = None if row.is_mine_conflict else row.ruling
    if ruling is None:
        return {"besl": FOLLOW, "set": str(row.ruling.pk) if row.ruling else ""}
    return {
        "besl": _choice(ruling, row.proposed_kr),
        "amount_kr": ruling.amount_kr,
        "reasons": ruling.reasons,
        "votes_for": ruling.votes_for,
        "votes_against": ruling.votes_against,
        "votes_abstained": ruling.votes_abstained,
        "dissent": ruling.dissent,
        "set": str(ruling.pk),
    }


def _choice(ruling: ItemRuling, proposed_kr: Decimal | None) -> str:
    others = {outcome: choice for choice, outcome in OUTCOMES.items()}
    if ruling.outcome in others:
        return others[ItemOutcome(ruling.outcome)]
    if ruling.alternative is not None:
        return ruling.alternative.letter
    if ruling.amount_kr == proposed_kr:
        return FOLLOW
    return OTHER if ruling.amount_kr else REJECT
