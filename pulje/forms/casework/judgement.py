"""Scores, amounts and reasons: the forms in which a case is judged."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pulje.actions.ledger import paid_kr
from pulje.forms.amounts import AmountField
from pulje.forms.case import AMOUNT, SCORE, CaseForm, a_day, words
from pulje.forms.fields import PlainField
from pulje.models import Application
from pulje.rules.scoring import MAX_POINTS
from pulje.templatetags.words import kr_text

POINTS = [(points, str(points)) for points in range(MAX_POINTS + 1)]


class KrField(AmountField):
    shown_as = AMOUNT


class ScoreField(forms.TypedChoiceField):
    shown_as = SCORE


class AssessmentForm(CaseForm):
    """Points 0-3 and words for each of the pool's criteria; begins with the reviewer's draft."""

    comment = words(_("Samlet vurdering"), rows=2)
    is_impartial = forms.BooleanField(
        label=_("Jeg har ingen interesse i sagen (er ikke inhabil)"),
        error_messages={"required": _("Sæt flueben, eller meld dig inhabil i sagen.")},
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.criteria = list(case.version.criteria.order_by("position"))
        fields: dict[str, forms.Field] = {}
        for criterion in self.criteria:
            fields[f"points_{criterion.pk}"] = ScoreField(
                label=f"{criterion.name} – {criterion.question}",
                choices=POINTS,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Giv point for ”%s”.") % criterion.name},
            )
            fields[f"words_{criterion.pk}"] = PlainField(
                label=_("Hvorfor? (%s)") % criterion.name,
                required=False,
                max_length=1000,
                widget=forms.TextInput({"class": "input-width-xl"}),
            )
        self.fields = fields | self.fields
        self.initial.update(getattr(case, "assessment_draft", None) or {})

    def typed(self) -> Mapping[str, str]:
        """What is worth keeping of a form that is not filled in yet."""
        kept = [name for name in self.fields if name != "is_impartial"]
        return {name: str(self.data[name]) for name in kept if self.data.get(name)}

    def facts(self) -> Mapping[str, Any]:
        said = self.cleaned_data
        return {
            "points": {c.pk: said[f"points_{c.pk}"] for c in self.criteria},
            "words": {c.pk: said[f"words_{c.pk}"] for c in self.criteria},
            "comment": said["comment"],
            "is_impartial": said["is_impartial"],
        }


class DecideForm(CaseForm):
    """The leader's own decision: as recommended, or another amount with reasons."""

    amount_kr = KrField(label=_("Bevilget beløb"), help_text=_("Skriv 0 for afslag."))
    reasons = words(_("Begrundelse"), help_text=_("Skal med, når indstillingen ikke følges."))

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        if data is None and "amount_kr" not in self.initial:
            proposal = case.recommendations.filter(is_current=True).first()
            self.initial.setdefault("amount_kr", proposal.amount_kr if proposal else None)


class RedecideForm(CaseForm):
    amount_kr = KrField(label=_("Nyt beløb"), help_text=_("Skriv 0 for afslag."))
    reasons = words(
        _("Hvorfor afgøres sagen på ny?"),
        _("Skriv, hvorfor sagen afgøres på ny."),
        help_text=_("Ansøger læser det. Nævn det afsnit eller kriterium, der afgør det."),
    )


class ApproveReportForm(CaseForm):
    accepted_kr = KrField(
        label=_("Udgifter, vi godkender"),
        required=False,
        help_text=_("Lad feltet stå tomt, når alle udgifter godkendes."),
    )
    reason = words(
        _("Hvorfor ikke alle?"),
        help_text=_("Skal med, når beløbet er mindre end regnskabets. Ansøger læser det i brevet."),
    )


class ClaimForm(CaseForm):
    amount_kr = KrField(label=_("Beløb, der kræves tilbage"))
    reasons = words(_("Begrundelse"), _("Skriv begrundelsen."), rows=4)
    due_on = a_day(_("Betales senest"), days=30)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        if data is None:
            self.fields["amount_kr"].help_text = _("Der er udbetalt %s") % kr_text(paid_kr(case))


class SettleForm(CaseForm):
    received_kr = KrField(label=_("Beløb, der er kommet ind"))
    write_off = forms.BooleanField(label=_("Afskriv resten"), required=False)
