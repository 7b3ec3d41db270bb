"""What a case worker proposes: an amount, the pool's own reasons, terms, shares of the posts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.enums import LineKind, PhraseKind
from pulje.forms.case import CaseForm, words
from pulje.forms.casework.judgement import KrField
from pulje.forms.fields import PlainField
from pulje.models import Application
from pulje.queries.casework.delegation import who_decides
from pulje.queries.casework.recommendation import by_criterion, grounds_of, phrases_of
from pulje.rules.commitment import needs_consent
from pulje.templatetags.form_parts import options
from pulje.templatetags.words import kr_text

GROUNDS = "grounds"
NOT_OURS = _("Vælg kun blandt puljens egne begrundelser og tekster.")


class PickField(forms.TypedMultipleChoiceField):
    """Ticks over rows the form has read; gives their ids. None need be picked unless required."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        errors = {"invalid_choice": NOT_OURS, "invalid_list": NOT_OURS}
        errors |= kwargs.pop("error_messages", {})
        super().__init__(**{"coerce": int, "required": False, "error_messages": errors} | kwargs)


class RecommendForm(CaseForm):
    """The short form of the case page; on a page of its own there is more."""

    amount_kr = KrField(label=_("Indstillet beløb"))
    grounds = PickField(
        label=_("Puljens egne begrundelser"),
        help_text=_("Vælg mindst én, når der ikke indstilles det hele."),
    )
    phrases = PickField(label=_("Standardtekster"))
    reasons = words(
        _("Begrundelse"),
        rows=3,
        help_text=_(
            "Ansøger og udvalg læser det samme. Skriver du intet, bruges teksterne fra det valgte."
        ),
    )
    conditions = words(_("Vilkår"), rows=2)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.own_grounds = {row.pk: row for row in grounds_of(case.version)}
        self.own_phrases = {row.pk: row for row in phrases_of(case.version)}
        self.fields["grounds"].choices = [
            (row.pk, f"{row.text} ({row.section})") for row in self.own_grounds.values()
        ]
        self.fields["phrases"].choices = self._texts(PhraseKind.REASONS)
        self.fields["phrases"].shown_as = GROUNDS
        self.fields["grounds"].shown_as = GROUNDS
        self._about_the_amount()
        if needs_consent(case.starts_on, case.ends_on):
            self.fields["consent"] = PlainField(
                label=_("Ankestyrelsens samtykke"),
                required=False,
                max_length=200,
                help_text=_(
                    "Projektet løber i mere end tre år. Skriv, hvornår samtykket er givet."
                ),
            )

    def _texts(self, kind: PhraseKind) -> list[tuple[int, str]]:
        rows = self.own_phrases.values()
        return [(row.pk, f"{row.name}: {row.text}") for row in rows if row.kind == kind]

    def _about_the_amount(self) -> None:
        amount, ceiling = self.fields["amount_kr"], self.case.version.ceiling_kr
        asked_kr = self.case.requested_kr or Decimal(0)
        is_less = ceiling is not None and ceiling < asked_kr
        most = _(" Højst %s") % kr_text(ceiling) if is_less else ""
        asked = kr_text(self.case.requested_kr)
        amount.help_text = _("Søgt %(asked)s%(most)s Skriv 0 for afslag.") % {
            "asked": asked,
            "most": most,
        }
        self.initial.setdefault(
            "amount_kr", min(self.case.requested_kr or 0, ceiling or Decimal("Infinity"))
        )

    @property
    def who_decides(self) -> str:
        """Who will decide the case, and why."""
        return who_decides(self.case, timezone.localdate())

    def rows(self) -> Iterator[tuple[str, BoundField]]:
        """The phrases stand under their grounds, in one field."""
        return (row for row in super().rows() if row[1].name != "phrases")

    @property
    def shows_grounds(self) -> bool:
        """Beside the case they are folded: the full amount needs none."""
        return self.is_bound

    def ground_groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The ticks under the name of their criterion: each ground, then its phrases."""
        ticks = {int(tick["value"]): tick for tick in options(self["grounds"])}
        texts = {int(tick["value"]): tick for tick in options(self["phrases"])}
        groups = []
        for name, grounds in by_criterion(list(self.own_grounds.values())).items():
            rows = []
            for ground in grounds:
                rows.append(ticks[ground.pk])
                rows += [
                    tick | {"is_phrase": True}
                    for pk, tick in texts.items()
                    if self.own_phrases[pk].ground_id == ground.pk
                ]
            groups.append((name, rows))
        return groups

    def facts(self) -> Mapping[str, Any]:
        said = self.cleaned_data
        return {
            "amount_kr": said["amount_kr"],
            "grounds": [self.own_grounds[pk] for pk in said["grounds"]],
            "phrases": [self.own_phrases[pk] for pk in said["phrases"]],
            "reasons": said["reasons"],
            "conditions": said["conditions"],
            "consent": said.get("consent", ""),
        }


class RecommendWholeForm(RecommendForm):
    """On a page of its own: also the terms of the library, and shares of the budget's posts."""

    terms = PickField(label=_("Vilkår fra puljens tekster"))

    field_order = ["amount_kr", "grounds", "phrases", "reasons", "terms", "conditions"]
    shows_grounds = True

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.fields["terms"].choices = self._texts(PhraseKind.CONDITIONS)
        if not self.fields["terms"].choices:
            del self.fields["terms"]
        lines = case.budget_lines.filter(kind=LineKind.EXPENSE).order_by("position")
        self.lines = {f"line_{row.position}": row for row in lines}
        for name, row in self.lines.items():
            self.fields[name] = KrField(
                label=row.text,
                required=False,
                help_text=_("Budget %s") % kr_text(row.amount_kr),
            )

    def prefill(self, told: Mapping[str, str]) -> None:
        """The texts of ``frase`` (ids), ready to be mended; a reason brings its ground."""
        picked = [int(pk) for pk in told.get("frase", "").split(",") if pk.isdecimal()]
        phrases = [self.own_phrases[pk] for pk in picked if pk in self.own_phrases]
        for field, kind in (("reasons", PhraseKind.REASONS), ("conditions", PhraseKind.CONDITIONS)):
            self.initial[field] = "\n".join(row.text for row in phrases if row.kind == kind)
        self.initial["grounds"] = [row.ground_id for row in phrases if row.ground_id]

    def rows(self) -> Iterator[tuple[str, BoundField]]:
        """The shares are folded away below the rest."""
        return (row for row in super().rows() if row[1].name not in self.lines)

    def shares(self) -> list[BoundField]:
        """The budget's posts as fields."""
        return [self[name] for name in self.lines]

    @property
    def shares_are_used(self) -> bool:
        """True when something stands in one of them, right or wrong."""
        return any(bound.value() or bound.errors for bound in self.shares())

    def facts(self) -> Mapping[str, Any]:
        said = self.cleaned_data
        terms = [self.own_phrases[pk].text for pk in said.get("terms", ())]
        shared = {
            row.position: said[name] for name, row in self.lines.items() if said[name] is not None
        }
        conditions = "\n".join(filter(None, [*terms, said["conditions"]]))
        return {**super().facts(), "conditions": conditions, "lines": shared}
