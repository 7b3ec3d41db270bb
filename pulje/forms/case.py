"""What a case worker types on a case, one form per verb; ``facts()`` is what the action gets."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pulje.forms.fields import DayField, PlainField
from pulje.models import Application, User
from pulje.queries.casework.impartiality import Reviewer, reviewers_for

ANSWER_DAYS = 14
LONGEST, SENTENCE = 5000, 20
PLAIN, SCORE, AMOUNT = "plain", "score", "amount"


class CaseForm(forms.Form):
    """The base: knows its case, and how each of its fields is to be shown."""

    use_required_attribute = False  # our own sentence, not the browser's

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.case = case

    def facts(self) -> Mapping[str, Any]:
        return self.cleaned_data

    def prefill(self, told: Mapping[str, str]) -> None:
        """Fill in what the page's address says; most forms know nothing of it."""

    def rows(self) -> Iterator[tuple[str, BoundField]]:
        """Each field with the way it is shown: plain, score or amount."""
        for bound in self:
            yield getattr(bound.field, "shown_as", PLAIN), bound


def words(label: Any, missing: Any = "", *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """Free text; ``missing`` is the sentence when it must be written."""
    errors = {"required": missing} if missing else {}
    return PlainField(
        label=label,
        required=bool(missing),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages=errors,
        **kwargs,
    )


def a_day(label: Any, *, days: int = ANSWER_DAYS, **kwargs: Any) -> forms.DateField:
    """A deadline; the browser's own calendar, two weeks ahead unless told."""
    return DayField(
        label=label,
        widget=forms.DateInput({"type": "date", "class": "input-width-s"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + timedelta(days=days),
        error_messages={
            "required": _("Vælg en dato."),
            "invalid": _("Skriv datoen som 02.02.2027."),
        },
        **kwargs,
    )


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class ConfirmForm(CaseForm):
    """Nothing to type: the button is the answer."""


class ReviewersForm(CaseForm):
    reviewers = PeopleField(
        queryset=User.objects.none(),
        label=_("Hvem skal vurdere ansøgningen?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, hvem der skal vurdere.")},
    )
    rest_is_fine = forms.BooleanField(label=_("Resten af tjeklisten er i orden"), required=False)

    def __init__(self, data: Any = None, *, case: Application, **kwargs: Any) -> None:
        super().__init__(data, case=case, **kwargs)
        field = self.fields["reviewers"]
        people = reviewers_for(case)
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.choices = [(person.pk, _with_load(person)) for person in people]
        wanted = case.version.reviewers
        field.help_text = _("Puljen kræver %d.") % wanted if wanted > 1 else ""
        usual = [person.pk for person in people if person.is_standing]
        worker = case.caseworker_id or self.initial.get("by")  # whoever screens it takes charge
        own = [person.pk for person in people if person.pk == worker]
        self.initial.setdefault("reviewers", usual or own)

    def rows(self) -> Iterator[tuple[str, BoundField]]:
        """Beside the checklist a button says the rest; on a page of its own it is a tick."""
        shown = super().rows()
        return shown if self.is_bound else (row for row in shown if row[1].name != "rest_is_fine")


def _with_load(person: Reviewer) -> str:
    """The name, and how many assessments the person has not given yet."""
    if not person.load:
        return person.name
    said = {"name": person.name, "number": person.load}
    return ngettext("%(name)s – %(number)d åben", "%(name)s – %(number)d åbne", person.load) % said


class FormalRejectionForm(CaseForm):
    section = PlainField(
        label=_("Afsnit i puljens regler"),
        max_length=300,
        error_messages={"required": _("Skriv, hvilket afsnit i reglerne det er.")},
    )
    reasons = words(
        _("Begrundelse"),
        _("Skriv begrundelsen."),
        rows=4,
        help_text=_("Ansøger læser den i afgørelsen. Skriv, hvilken regel det er, og hvorfor."),
        validators=[MinLengthValidator(SENTENCE, _("Skriv begrundelsen i mindst en hel sætning."))],
    )
    is_guided = forms.BooleanField(
        label=_("Ansøger er vejledt først (§ 7)"),
        help_text=_("Fx om at rette ansøgningen eller om en pulje, der passer bedre."),
        error_messages={"required": _("Vejled ansøger først, og sæt så kryds (§ 7).")},
    )

    def facts(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in ("section", "reasons")}


class ReasonForm(CaseForm):
    """A reason and nothing else; the view names what it is for."""

    reason = words(_("Hvorfor?"), _("Skriv hvorfor."))


class ReturnReportForm(CaseForm):
    missing = words(_("Hvad mangler?"), _("Skriv, hvad der mangler."))
    due_on = a_day(_("Ny frist"))


class NoteForm(CaseForm):
    text = words(
        _("Ny note"),
        _("Skriv en note."),
        rows=2,
        help_text=_("Ansøger ser den ikke, men den kan være omfattet af aktindsigt."),
    )
    is_phone_call = forms.BooleanField(label=_("Det er et telefonnotat"), required=False)


class RightForm(CaseForm):
    """What the house has seen that proves a person's right to act."""

    note = words(
        _("Hvad har du set?"),
        _("Skriv, hvilket dokument du har set."),
        rows=2,
        help_text=_("Fx vedtægterne § 9 og referatet af generalforsamlingen den 3. maj."),
    )


class MessageForm(CaseForm):
    text = words(_("Skriv til ansøger"), _("Skriv en besked."))
