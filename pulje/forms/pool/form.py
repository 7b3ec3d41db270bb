"""What a case worker types about a pool's form: a question, a condition, the demands, a day."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from pulje.enums import ExpenseCategory, QuestionKind
from pulje.forms.amounts import AmountField
from pulje.forms.fields import NO_DATE, DayField, area_field, offer, text_field
from pulje.models import Gate, PoolVersion, Question
from pulje.queries.application.questions import answer_text, possible_answers

ALWAYS = "altid"
SHARE = "share_"


class QuestionForm(forms.Form):
    """One question of the pool's own; the condition is one choice among earlier answers."""

    label = text_field(
        _("Spørgsmål"),
        250,
        _("Skriv spørgsmålet."),
        help_text=_("Som ansøgerne skal læse det, fx ”Hvor mange unge regner I med?”"),
    )
    kind = forms.ChoiceField(
        label=_("Hvordan skal der svares?"),
        choices=QuestionKind,
        initial=QuestionKind.TEXT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvordan der skal svares.")},
    )
    choices = area_field(
        _("Valg"), 4_000, help_text=_("Kun til ”Ét valg”: skriv ét valg på hver linje.")
    )
    help_text = text_field(
        _("Hjælp"), 300, help_text=_("Står under spørgsmålet. Skriv, hvad et godt svar er.")
    )
    is_required = forms.BooleanField(label=_("Skal besvares"), required=False)
    condition = forms.ChoiceField(
        label=_("Hvornår skal det vises?"),
        initial=ALWAYS,
        help_text=_("Efter et spørgsmål med faste svar, der står før i skemaet."),
        error_messages={
            "required": _("Vælg, hvornår det skal vises."),
            "invalid_choice": _("Det svar findes ikke længere. Vælg et andet."),
        },
    )

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Sequence[Question],
        question: Question | None = None,
    ) -> None:
        super().__init__(data, initial=_said(question) if question else {})
        earlier = [q for q in questions if question is None or q.position < question.position]
        self.earlier = {question.pk: question for question in earlier}
        offer(self, "condition", [(ALWAYS, _("Altid")), *_answers(earlier)])

    def clean_choices(self) -> list[str]:
        lines = self.cleaned_data["choices"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def facts(self) -> Mapping[str, Any]:
        """What the action takes."""
        facts = dict(self.cleaned_data)
        pk, colon, answer = facts.pop("condition").partition(":")
        if colon:
            facts |= {"shown_if": self.earlier[int(pk)], "shown_if_answer": answer}
        return facts


def _said(question: Question) -> dict[str, Any]:
    names = ("label", "kind", "help_text", "is_required")
    on = question.shown_if_id
    return {name: getattr(question, name) for name in names} | {
        "choices": "\n".join(question.choices),
        "condition": f"{on}:{question.shown_if_answer}" if on else ALWAYS,
    }


def _answers(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    for question in questions:
        for answer in possible_answers(question):
            words = {"question": question.label, "answer": answer_text(question, answer)}
            yield (
                f"{question.pk}:{answer}",
                _("Når svaret på ”%(question)s” er ”%(answer)s”") % words,
            )


class GateForm(forms.Form):
    """One of the pool's hard rules, asked before anybody applies."""

    question = text_field(
        _("Spørgsmål"),
        200,
        _("Skriv spørgsmålet."),
        help_text=_("Så et ja betyder, at I kan søge."),
    )
    statement = text_field(
        _("Når svaret er ja"),
        200,
        _("Skriv, hvad der står, når det passer."),
        help_text=_("Fx ”Aktiviteten foregår i kommunen.”"),
    )
    advice = area_field(
        _("Når svaret er nej"),
        2_000,
        _("Skriv, hvad de kan gøre i stedet."),
        help_text=_("Hvad kan de ændre, eller hvem kan de ringe til?"),
    )
    other_pool_code = forms.ChoiceField(
        label=_("Findes der en pulje, der passer bedre?"), required=False
    )
    is_absolute = forms.BooleanField(
        label=_("Et nej kan ikke rettes: så kan de ikke søge denne pulje"), required=False
    )

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, pools: Sequence[tuple[str, str]], gate: Gate | None = None
    ) -> None:
        names = [*self.base_fields]
        super().__init__(data, initial={n: getattr(gate, n) for n in names} if gate else {})
        offer(self, "other_pool_code", [("", _("Nej")), *pools])

    def facts(self) -> Mapping[str, Any]:
        """What the action takes."""
        return self.cleaned_data


class DemandsForm(forms.Form):
    """What must be attached, and how much of the expenses may be of one kind."""

    needs_bylaws = forms.BooleanField(label=_("Foreninger skal vedlægge vedtægter"), required=False)
    needs_partner = forms.BooleanField(
        label=_("Der skal være en samarbejdspartner med"), required=False
    )
    needs_accounts_from_kr = AmountField(
        label=_("Seneste regnskab skal vedlægges fra"),
        required=False,
        help_text=_("Det beløb, der søges om. Tomt felt: aldrig."),
    )

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, version: PoolVersion, shares: Mapping[str, int]
    ) -> None:
        names = ("needs_bylaws", "needs_partner", "needs_accounts_from_kr")
        initial = {name: getattr(version, name) for name in names}
        super().__init__(data, initial=initial | {SHARE + c: n for c, n in shares.items()})
        for category in ExpenseCategory:
            self.fields[SHARE + category] = _percent(category.label)

    @property
    def share_fields(self) -> list[BoundField]:
        return [self[SHARE + category] for category in ExpenseCategory]

    def facts(self) -> Mapping[str, Any]:
        """What the action takes; an empty share is no rule."""
        facts = {n: value for n, value in self.cleaned_data.items() if not n.startswith(SHARE)}
        given = {c: self.cleaned_data[SHARE + c] for c in ExpenseCategory}
        return facts | {"shares": {c: share for c, share in given.items() if share is not None}}


def _percent(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Skriv et helt tal fra 0 til 100.")
        ),
    )


class VersionForm(forms.Form):
    """The day a version begins."""

    valid_from = DayField(
        label=_("Gælder fra"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Vælg en dato."), "invalid": NO_DATE},
    )

    use_required_attribute = False
