"""What is the same for every case of a job on many; ``facts()`` is kept as JSON on the job."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pulje.enums import MeetingState
from pulje.forms.case import PLAIN, PeopleField, words
from pulje.forms.casework.handover import ColleagueField
from pulje.models import Meeting, User
from pulje.queries.casework.colleagues import colleagues
from pulje.templatetags.words import dato_tid

REMINDER = _(
    "Vi mangler stadig et svar fra jer. Svar på sagens side, eller ring, hvis I er i tvivl."
)


class JobForm(forms.Form):
    """The base: nothing to type. ``by`` is the person at the keyboard."""

    use_required_attribute = False  # our own sentence, not the browser's

    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.by = by

    def facts(self) -> dict[str, Any]:
        return {}

    def rows(self) -> Iterator[tuple[str, BoundField]]:
        """As a case's form, so that the same template shows it."""
        for bound in self:
            yield PLAIN, bound


class GiveForm(JobForm):
    to = ColleagueField(label=_("Giv sagerne til"))
    with_assessment = forms.BooleanField(
        label=_("Giv også de åbne vurderinger videre"),
        required=False,
        help_text=_("Den hidtidige sagsbehandlers vurderinger, som ikke er afgivet."),
    )

    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, by=by, **kwargs)
        self.fields["to"].queryset = colleagues(timezone.localdate())

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"to": said["to"].pk, "with_assessment": said["with_assessment"]}


class ReviewForm(JobForm):
    reviewers = PeopleField(
        queryset=User.objects.none(),
        label=_("Hvem skal vurdere ansøgningerne?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Vælg, hvem der skal vurdere.")},
    )
    rest_is_fine = forms.BooleanField(
        label=_("Resten af tjeklisten er i orden"),
        required=False,
        help_text=_("Punkter, som ingen har sat mærke ved, regnes for gennemgået af dig."),
    )

    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, by=by, **kwargs)
        self.fields["reviewers"].queryset = colleagues(timezone.localdate())
        self.initial.setdefault("reviewers", [by.pk])

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        people = sorted(person.pk for person in said["reviewers"])
        return {"reviewers": people, "rest_is_fine": said["rest_is_fine"]}


class MeetingField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Meeting) -> str:
        return f"{obj.committee.name}, {dato_tid(obj.held_at)}"


class AgendaForm(JobForm):
    meeting = MeetingField(
        queryset=Meeting.objects.none(),
        label=_("Hvilket møde?"),
        empty_label=_("Vælg et møde"),
        error_messages={"required": _("Vælg et møde.")},
    )

    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, by=by, **kwargs)
        coming = Meeting.objects.filter(held_at__gte=timezone.now(), state=MeetingState.PLANNED)
        meetings = coming.select_related("committee").order_by("held_at", "pk")
        self.fields["meeting"].queryset = meetings
        if data is None and len(meetings) == 1:
            self.initial.setdefault("meeting", meetings[0].pk)

    def facts(self) -> dict[str, Any]:
        return {"meeting": self.cleaned_data["meeting"].pk}


class MessageForm(JobForm):
    text = words(
        _("Besked"),
        _("Skriv en besked."),
        rows=5,
        help_text=_("Den samme besked til alle. Skriv ikke navne eller andet om én af dem."),
    )

    def facts(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class ReminderForm(MessageForm):
    def __init__(self, data: Any = None, *, by: User, **kwargs: Any) -> None:
        super().__init__(data, by=by, **kwargs)
        self.initial.setdefault("text", REMINDER)
