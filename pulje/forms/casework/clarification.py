"""What a case worker types to ask the applicant: with the pool's own texts and deadlines."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.actions.casework.clarification import PARTS
from pulje.enums import PhraseKind
from pulje.forms.case import CaseForm, a_day, words
from pulje.forms.fields import PlainField
from pulje.models import Application, Phrase
from pulje.rules.deadlines import add_working_days

MORE_TIME = timedelta(days=14)


class PhraseForm(CaseForm):
    """A text from the pool's library with the days that go with it; the address names it."""

    kind: PhraseKind
    text_field: str
    picked = 0
    asked = ""  # the parts the address names, kept when a text is picked

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.initial.setdefault("due_on", in_days(self.usual_days()))

    def usual_days(self) -> int:
        raise NotImplementedError

    def library(self) -> list[Phrase]:
        """What there is to pick from, by name."""
        found = Phrase.objects.filter(version=self.case.version_id, kind=self.kind)
        return list(found.order_by("name", "pk"))

    def prefill(self, told: Mapping[str, str]) -> None:
        self.asked = told.get("dele", "")
        picked = told.get("frase", "")
        phrase = next((row for row in self.library() if str(row.pk) == picked), None)
        if phrase is not None:
            self.picked = phrase.pk
            self.initial[self.text_field] = phrase.text
            self.initial["due_on"] = in_days(phrase.days or self.usual_days())


class InformationForm(PhraseForm):
    kind, text_field = PhraseKind.INFORMATION, "message"

    parts = forms.MultipleChoiceField(
        label=_("Hvad mangler?"),
        choices=list(PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ansøger kan kun rette det, du vælger."),
        error_messages={"required": _("Vælg, hvad der mangler.")},
    )
    message = words(
        _("Skriv til ansøger"), _("Skriv, hvad der mangler."), help_text=_("Det kommer i brevet.")
    )
    due_on = a_day(_("Frist"))

    def usual_days(self) -> int:
        return self.case.version.information_days


class HearingForm(PhraseForm):
    kind, text_field = PhraseKind.HEARING, "fact"

    fact = words(_("Oplysningen"), _("Skriv oplysningen, som ansøger får den at se."))
    source = PlainField(
        label=_("Hvor kommer den fra?"),
        max_length=200,
        help_text=_("Fx et register, en nabo eller en anden forvaltning. Ansøger læser det."),
        error_messages={"required": _("Skriv, hvor oplysningen kommer fra.")},
    )
    against = forms.BooleanField(label=_("Den taler imod ansøgeren"), required=False)
    essential = forms.BooleanField(label=_("Den er væsentlig for afgørelsen"), required=False)
    unknown = forms.BooleanField(label=_("Ansøgeren kender den ikke"), required=False)
    due_on = a_day(_("Frist for bemærkninger"))

    def usual_days(self) -> int:
        return self.case.version.hearing_days


class ExtendForm(CaseForm):
    until = a_day(_("Ny frist"))
    reason = words(
        _("Hvorfor?"),
        _("Skriv hvorfor."),
        rows=2,
        help_text=_("Ansøger får den nye frist og begrundelsen i et brev."),
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        today = timezone.localdate()
        until = max(case.due_on or today, today) + MORE_TIME
        self.initial.setdefault("until", add_working_days(until, 0))


class ControlForm(CaseForm):
    reason = words(
        _("Hvad vil vi se?"),
        _("Skriv, hvad vi vil se."),
        rows=3,
        help_text=_("Fx kvitteringer for materialer. Det kommer i brevet."),
    )
    due_on = a_day(_("Frist"))

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.initial.setdefault("due_on", add_working_days(in_days(MORE_TIME.days), 0))


def in_days(days: int) -> date:
    """The day so many days from now."""
    return timezone.localdate() + timedelta(days=days)
