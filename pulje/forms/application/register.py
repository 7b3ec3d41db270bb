"""An application on paper or by phone: what the case worker keys in for somebody."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pulje.enums import ApplicantKind, AttachmentKind, Channel
from pulje.forms.amounts import AmountField
from pulje.forms.application.uploads import FILE_HINT
from pulje.forms.attachment import UploadsField
from pulje.forms.fields import NO_DATE, NO_EMAIL, DayField, area_field, day_field, offer, text_field
from pulje.models import Applicant, Application, Round
from pulje.queries.applicant.company import Found, look_for
from pulje.queries.application.registration import against_the_rules, applicants_like, perhaps_here
from pulje.templatetags.words import dato_tid

NEW, KNOWN, IN_CVR = "NEW", "a", "cvr"
CONTACT = ("street", "postcode", "town")
WITH_CVR = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)
NOON = time(12)
# the fields that are the application's own, by the same names
OWN = ("channel", "title", "summary", "description", "requested_kr", "starts_on", "ends_on") + (
    "contact_name",
    "contact_email",
    "contact_phone",
    "wants_english",
)


def _day_or_none(label: Any) -> forms.DateField:
    return DayField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": NO_DATE},
    )


class RegisterForm(forms.Form):
    """All but budget and files. ``find`` looks for who applies, ``who`` is the one that was picked.

    ``rounds`` are those one can choose from, each with its pool.
    """

    round = forms.ChoiceField(
        label=gettext_lazy("Pulje og runde"),
        error_messages={"required": gettext_lazy("Vælg puljen.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Hvordan kom den?"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.DIGITAL],
        widget=forms.RadioSelect,
        initial=Channel.PAPER,
        error_messages={"required": gettext_lazy("Vælg, hvordan ansøgningen kom.")},
    )
    received_on = day_field(
        gettext_lazy("Modtaget den"), gettext_lazy("Skriv, hvornår ansøgningen kom.")
    )
    received_time = forms.TimeField(
        label=gettext_lazy("Klokken"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Uden klokkeslæt regner vi med kl. 12."),
        error_messages={"invalid": gettext_lazy("Skriv klokkeslættet som 14.30.")},
    )
    find = forms.CharField(
        label=gettext_lazy("Find ansøgeren"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Navn eller CVR-nummer. Vi leder hos os selv og i CVR."),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Hvem søger?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Vælg, hvem der søger."),
            "invalid_choice": gettext_lazy("Søg ansøgeren frem igen, og vælg den."),
        },
    )
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=ApplicantKind.choices)
    name = text_field(gettext_lazy("Navn"), 250, gettext_lazy("Skriv ansøgerens navn."))
    cvr = text_field(gettext_lazy("CVR-nummer"), 20)
    street = text_field(gettext_lazy("Adresse"), 200)
    postcode = text_field(gettext_lazy("Postnr."), 10)
    town = text_field(gettext_lazy("By"), 100)
    contact_name = text_field(gettext_lazy("Kontaktperson"), 200)
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Brevene kommer på papir, når ingen hos ansøgeren kan logge ind."),
        error_messages={"invalid": NO_EMAIL},
    )
    contact_phone = text_field(gettext_lazy("Telefon"), 30)
    wants_english = forms.BooleanField(
        label=gettext_lazy("Skriv også kort på engelsk i brevene"), required=False
    )
    title = text_field(
        gettext_lazy("Projektets titel"), 200, gettext_lazy("Skriv projektets titel.")
    )
    summary = area_field(gettext_lazy("Kort fortalt"), 200)
    description = area_field(gettext_lazy("Hvad vil de gøre?"), 10_000)
    starts_on = _day_or_none(gettext_lazy("Begynder"))
    ends_on = _day_or_none(gettext_lazy("Slutter"))
    requested_kr = AmountField(
        label=gettext_lazy("Søgt beløb"),
        error_messages={"required": gettext_lazy("Skriv, hvor meget der søges om.")},
    )

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, rounds: Sequence[Round], look: bool, typed: Any = None
    ) -> None:
        """``typed``: shown as it stands, with nothing said of what is missing."""
        now = timezone.localdate()
        super().__init__(data, initial={"received_on": now} | dict(typed or {}))
        said: Mapping[str, Any] = data if data is not None else typed or {}
        self.rounds = {str(one.pk): one for one in rounds}
        self.in_cvr, self.known = Found(), self._known(said)
        if look and said.get("find"):
            self.in_cvr = look_for(said["find"])
        elif said.get("who", "").startswith(f"{IN_CVR}:"):
            self.in_cvr = look_for(said["who"].partition(":")[2])
        offer(self, "round", [("", _("Vælg en pulje")), *map(_of_round, rounds)])
        offer(self, "who", [*self._found(), (NEW, _("En ny ansøger"))])
        self.has_looked = look

    @property
    def found_nobody(self) -> bool:
        return self.has_looked and len(self.fields["who"].choices) == 1

    def _known(self, said: Mapping[str, Any]) -> dict[str, Applicant]:
        """Those we know who look like what was typed, and the one that is picked already."""
        found = applicants_like(said.get("find", "")[:200])
        picked = said.get("who", "").removeprefix(f"{KNOWN}:")
        if picked.isascii() and picked.isdecimal() and len(picked) < 18:
            living = Applicant.objects.filter(pk=int(picked), merged_into=None)
            found += [one for one in living if one not in found]
        return {f"{KNOWN}:{one.pk}": one for one in found}

    def _found(self) -> list[tuple[str, str]]:
        here = {one.cvr for one in self.known.values() if one.cvr}
        found = self.in_cvr
        units = found.companies or ([found.company] if found.company else [])
        if found.here and found.here.cvr not in here:
            self.known[f"{KNOWN}:{found.here.pk}"] = found.here
            here.add(found.here.cvr)
        return [
            *((key, _in_words(one)) for key, one in self.known.items()),
            *(
                (f"{IN_CVR}:{unit.cvr}", _("%s (hentes fra CVR)") % f"{unit.name}, {unit.town}")
                for unit in units
                if unit.cvr not in here and unit.is_active
            ),
        ]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        begins, ends = said.get("starts_on"), said.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("Projektet slutter, før det begynder. Ret datoerne."))
        if said.get("requested_kr") == 0:
            self.add_error("requested_kr", _("Beløbet skal være større end 0."))
        if said.get("who") == NEW:
            self._clean_new(said)
        else:  # what is not typed about somebody new is no error
            self._forgive("kind", "name")
        return said

    def _forgive(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data.setdefault(name, "")

    def _clean_new(self, said: dict[str, Any]) -> None:
        if said.get("cvr") and said.get("kind") in WITH_CVR:
            self.in_cvr = look_for(said["cvr"])
            if not self.in_cvr.number:
                self.add_error("cvr", self.in_cvr.sentence or _("Skriv CVR-nummeret i otte cifre."))
        if self.in_cvr.company and not self["name"].value():
            self._forgive("name")

    def offer_also(self, alike: Sequence[Applicant]) -> None:
        """Let somebody we know be picked instead of the new one that was typed."""
        self.known |= {f"{KNOWN}:{one.pk}": one for one in alike}
        offer(self, "who", [*self._found(), (NEW, _("En ny ansøger"))])

    def alike(self) -> list[Applicant]:
        """Who may be the same as the new applicant that was typed."""
        said = self.cleaned_data
        names = ("name", "contact_email", "contact_phone")
        return perhaps_here(*(said[name] for name in names)) if said["who"] == NEW else []

    def broken_rules(self, lines: Sequence[Any]) -> list[str]:
        """What the applicant would have been told by the pool's rules."""
        who = self.applicant()
        if isinstance(who, dict):
            who = Applicant(kind=who["kind"], name=who["name"], cvr=who["cvr"])
        names = ("starts_on", "ends_on", "requested_kr")
        case = Application(applicant=who, supplements_paid_work=True)
        for name in names:
            setattr(case, name, self.cleaned_data[name])
        received_on = timezone.localdate(self.received_at)
        return against_the_rules(self.chosen_round, case, lines, received_on)

    @property
    def chosen_round(self) -> Round:
        return self.rounds[self.cleaned_data["round"]]

    @property
    def received_at(self) -> datetime:
        """The minute it came; noon when it is not said, and now when noon has not been."""
        said = self.cleaned_data
        clock = said["received_time"] or NOON
        came = timezone.make_aware(datetime.combine(said["received_on"], clock))
        now = timezone.now()
        is_today = said["received_on"] == timezone.localdate(now)
        return min(came, now) if is_today and not said["received_time"] else came

    def own_fields(self) -> dict[str, Any]:
        """What is kept on the application."""
        return {name: self.cleaned_data[name] for name in OWN}

    def applicant(self) -> Applicant | dict[str, Any]:
        """Somebody we know, or the facts of somebody new: CVR's where it knows them."""
        said = self.cleaned_data
        if known := self.known.get(said["who"]):
            return known
        company = self.in_cvr.company
        facts = {name: said[name] for name in ("name", *CONTACT)}
        if company:
            facts = {name: said[name] or getattr(company, name) for name in facts}
        kind = said["kind"] or ApplicantKind.ASSOCIATION
        if said["who"] != NEW:  # picked in CVR: nothing was typed about it
            kind = kind if kind in WITH_CVR else ApplicantKind.ASSOCIATION
            facts = {name: getattr(company, name) for name in facts}
        contact = {"email": said["contact_email"], "phone": said["contact_phone"]}
        since = company.started_on if company else None
        number = {"cvr": self.in_cvr.number, "cvr_since": since}
        return facts | contact | number | {"kind": ApplicantKind(kind)}


class PapersForm(forms.Form):
    """The scanned application and its papers, and which of those kept are not to come along."""

    files = UploadsField(
        AttachmentKind.OTHER, label=gettext_lazy("Scannede bilag"), help_text=FILE_HINT
    )
    uden = forms.CharField(required=False)

    use_required_attribute = False


def _of_round(round: Round) -> tuple[str, str]:
    name = f"{round.pool.name} {round.pool.year}, {round.name}"
    if round.closes_at is None:
        return str(round.pk), name
    word = _("lukkede") if round.closes_at < timezone.now() else _("lukker")
    return str(round.pk), f"{name} – {word} {dato_tid(round.closes_at)}"


def _in_words(one: Applicant) -> str:
    where = f"CVR {one.cvr}" if one.cvr else ""
    parts = [one.name, str(one.get_kind_display()), where, one.town]
    return ", ".join(part for part in parts if part)
