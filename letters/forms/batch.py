"""What a case worker chooses to see, ticks, and does to what could not be sent."""

from typing import Any

from django import forms
from django.utils import timezone

from letters.kinds.registry import KINDS
from letters.models import Channel, Letter, LetterState, Mail
from letters.queries.waiting import ORDERS, Standing, Wanted, meetings, rounds
from pulje.models import Meeting, Round

MOST_WORDS = 100
ANY = ""


class FilterForm(forms.Form):
    """The list's filters; what is not understood is as if it were not chosen."""

    moede = forms.ChoiceField(required=False, label="Møde")
    runde = forms.ChoiceField(required=False, label="Pulje")
    type = forms.ChoiceField(required=False, label="Brev")
    status = forms.ChoiceField(required=False, label="Status")
    kanal = forms.ChoiceField(required=False, label="Kanal")
    orden = forms.ChoiceField(required=False, label="Rækkefølge")
    q = forms.CharField(required=False, label="Søg", max_length=MOST_WORDS)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data if data is not None else {}, auto_id="f_%s")
        self.meetings = {str(row.pk): row for row in meetings(self.data.get("moede", ""))}
        self.rounds = {str(row.pk): row for row in rounds(self.data.get("runde", ""))}
        titles = sorted(((code, kind.title) for code, kind in KINDS.items()), key=lambda k: k[1])
        choices: dict[str, list[tuple[str, str]]] = {
            "moede": [(ANY, "Alle"), *((pk, _meeting(m)) for pk, m in self.meetings.items())],
            "runde": [(ANY, "Alle"), *((pk, _round(r)) for pk, r in self.rounds.items())],
            "type": [(ANY, "Alle"), *titles],
            "status": [(ANY, "Venter"), *((one.code, one.label) for one in Standing)],
            "kanal": [(ANY, "Alle"), *Channel.choices],
            "orden": [(code, name) for code, (name, _by) in ORDERS.items()],
        }
        for name, found in choices.items():
            field: Any = self.fields[name]
            field.choices = found
            field.widget.attrs["class"] = "form-select"
        words = {"class": "form-input", "type": "search", "data-search": True}
        self.fields["q"].widget.attrs = words

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            meeting=self.meetings.get(said.get("moede", "")),
            round=self.rounds.get(said.get("runde", "")),
            kind=said.get("type", ""),
            status=said.get("status", ""),
            channel=said.get("kanal", ""),
            words=said.get("q", ""),
            order=said.get("orden", ""),
        )


def _meeting(meeting: Meeting) -> str:
    held_at = timezone.localtime(meeting.held_at)
    return f"{held_at:%d-%m-%Y %H.%M}, {meeting.committee.short_name or meeting.committee.name}"


def _round(round: Round) -> str:
    name = f", {round.name}" if round.number > 1 else ""
    return f"{round.pool.name} {round.pool.year}{name}"


class ShownField(forms.ModelMultipleChoiceField):
    """Letters ticked as "id:sha256", the fingerprint being that of the paper that was shown."""

    def clean(self, value: Any) -> Any:
        return super().clean([str(one).partition(":")[0] for one in value or ()])


class PickedForm(forms.Form):
    """Letters that are ticked, whatever has become of them since; and what they are called."""

    letters = ShownField(
        queryset=Letter.objects.none(),
        label="Breve",
        error_messages={
            "required": "Sæt kryds ved de breve, der skal med.",
            "invalid_choice": "Et af brevene findes ikke længere. Genindlæs siden.",
            "invalid_pk_value": "Et af brevene findes ikke. Genindlæs siden.",
        },
    )
    navn = forms.CharField(required=False, max_length=200)
    vist = forms.DateTimeField(required=False)  # when they were shown

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        rows = Letter.objects.exclude(state=LetterState.SUPERSEDED).defer("facts")
        self.fields["letters"].queryset = rows.order_by("pk")  # type: ignore[attr-defined]

    def read(self) -> dict[int, str]:
        """The id of each letter and the sha256 it was shown with; the form is valid."""
        shown = [str(one).partition(":") for one in self["letters"].data or ()]
        return {int(pk): sha256 for pk, _colon, sha256 in shown}

    def sentence(self) -> str:
        return " ".join(str(said) for errors in self.errors.values() for said in errors)


AGAIN = "igen"


class FailedForm(forms.Form):
    """What is to be done with the letters and mails that are ticked."""

    letters = forms.ModelMultipleChoiceField(Letter.objects.defer("facts"), required=False)
    mails = forms.ModelMultipleChoiceField(Mail.objects.all(), required=False)
    do = forms.ChoiceField(choices=[(AGAIN, "Prøv igen"), *Channel.choices])
