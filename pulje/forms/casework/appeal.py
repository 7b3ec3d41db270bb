"""What is typed about a complaint: how it came, what we have looked at again, and the answer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.actions.decision.appeal import NO_AMOUNT
from pulje.enums import AppealState
from pulje.forms.case import CaseForm, a_day, words
from pulje.forms.casework.judgement import KrField
from pulje.forms.fields import PlainField
from pulje.models import Application
from pulje.queries.appeal import last_day_to_appeal, open_appeal
from pulje.templatetags.words import dato_aar, kr_text

OUTCOMES = {
    AppealState.UPHELD: _("Fasthold afgørelsen"),
    AppealState.CHANGED: _("Giv et højere beløb"),
    AppealState.REJECTED_AS_LATE: _("Afvis klagen, fordi den kom for sent"),
}
UNCHANGED = (AppealState.UPHELD, AppealState.REJECTED_AS_LATE)


class ReceiveAppealForm(CaseForm):
    complainant = PlainField(
        label=_("Hvem klager?"),
        max_length=200,
        error_messages={"required": _("Skriv, hvem der klager.")},
    )
    received_on = a_day(_("Hvornår kom klagen?"), days=0)
    text = words(
        _("Klagen"),
        _("Skriv klagen, som den er kommet ind."),
        rows=6,
        help_text=_(
            "Med ansøgerens egne ord. Blev den sagt i telefonen, så skriv, hvad der blev sagt."
        ),
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        self.initial.setdefault("complainant", case.contact_name or case.applicant.name)

    def prefill(self, told: Mapping[str, str]) -> None:
        """``besked``: a message from the applicant that is a complaint."""
        number = told.get("besked", "")
        messages = self.case.messages.filter(is_from_applicant=True).select_related("sender")
        message = messages.filter(pk=number).first() if number.isdecimal() else None
        if message is not None:
            self.initial.update(
                {
                    "complainant": message.sender.name,
                    "received_on": timezone.localdate(message.sent_at),
                    "text": message.text,
                }
            )


class AssessAppealForm(CaseForm):
    assessment = words(
        _("Din genvurdering"),
        _("Skriv, hvad du har set på igen, og hvad du er kommet frem til."),
        rows=6,
        help_text=_("Den, der afgør klagen, læser den. Har du selv indstillet, så bed en kollega."),
    )


class AnswerAppealForm(CaseForm):
    outcome = forms.ChoiceField(
        label=_("Hvad er svaret?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvad svaret er.")},
    )
    amount_kr = KrField(label=_("Nyt beløb, når det bliver højere"), required=False)
    answer = words(
        _("Begrundelse"),
        _("Skriv begrundelsen. Ansøger læser den i svaret."),
        rows=5,
        help_text=_("Ansøger læser den i svaret. Nævn det afsnit eller kriterium, der afgør det."),
    )

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        last = self._last_day()
        given = [outcome for outcome in OUTCOMES if last or outcome != AppealState.REJECTED_AS_LATE]
        outcome = self.fields["outcome"]
        outcome.choices = [(code, OUTCOMES[code]) for code in given]
        if last:
            outcome.help_text = _("Klagefristen var %s.") % dato_aar(last)
        self.fields["amount_kr"].help_text = _("Givet %(granted)s, søgt %(asked)s") % {
            "granted": kr_text(case.granted_kr or 0),
            "asked": kr_text(case.requested_kr),
        }

    def _last_day(self) -> Any:
        appeal = open_appeal(self.case)
        return last_day_to_appeal(self.case, appeal.decision) if appeal else None

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("outcome") == AppealState.CHANGED and said.get("amount_kr") is None:
            self.add_error("amount_kr", _("Skriv det nye beløb."))
        if said.get("outcome") in UNCHANGED and said.get("amount_kr") is not None:
            self.add_error("amount_kr", NO_AMOUNT)
        return said
