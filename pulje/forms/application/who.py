"""Step 1 of the application: who applies, and who writes along."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pulje.actions.application.guardian import OWN_EMAIL, OWN_NAME, is_one_of
from pulje.enums import ApplicantKind
from pulje.forms.fields import NO_EMAIL, offer, text_field
from pulje.models import Applicant, Application, User
from pulje.queries.applicant.company import Found, look_for

NEW = "NEW"
K = ApplicantKind
WITH_CVR = (K.ASSOCIATION, K.SELF_GOVERNING_INSTITUTION)
# in the order they are offered: what one is, what that means, and the plural of who may not
KINDS: Mapping[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    K.ASSOCIATION: (
        _("En forening eller organisation"),
        _("Vi henter navn og adresse i CVR. Støtten går til foreningens NemKonto."),
        _("foreninger"),
    ),
    K.SELF_GOVERNING_INSTITUTION: (
        _("En selvejende institution"),
        _("Vi henter navn og adresse i CVR. Støtten går til institutionens NemKonto."),
        _("selvejende institutioner"),
    ),
    K.INFORMAL_GROUP: (
        _("Et netværk eller en gruppe af borgere"),
        _("To af jer står som kontaktpersoner. Én af jer tager imod pengene."),
        _("netværk uden CVR-nummer"),
    ),
    K.INDIVIDUAL: (
        _("Mig selv"),
        _("Du står selv for aktiviteten og tager imod pengene."),
        _("enkeltpersoner"),
    ),
    K.MUNICIPAL_INSTITUTION: (
        _("En kommunal institution"),
        _("Fx en skole eller et plejecenter. Pengene flyttes internt i kommunen."),
        _("kommunale institutioner"),
    ),
}


class WhoForm(forms.Form):
    """One of the person's own applicants, or a new one; an association is looked up in CVR."""

    applicant = forms.ChoiceField(
        label=_("Jeg søger for"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Vælg, hvem der søger.")},
    )
    kind = forms.ChoiceField(label=_("Jeg søger for"), widget=forms.RadioSelect, required=False)
    cvr = text_field(
        _("CVR-nummer"),
        200,
        _("Skriv CVR-nummeret. Har I ikke et, så søg som netværk."),
        help_text=_("Otte cifre. I kan også søge på navnet."),
    )
    company = forms.CharField(required=False, max_length=8)
    name = text_field(_("Navn"), 250, _("Skriv navnet på den, der søger."))
    street = text_field(_("Adresse"), 200)
    postcode = text_field(_("Postnr."), 10, widget=forms.TextInput({"inputmode": "numeric"}))
    town = text_field(_("By"), 100)

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        applicants: Sequence[Applicant],
        kinds: Sequence[str],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.applicants = {str(a.pk): a for a in applicants if a.kind in kinds}
        self.left_out = [a for a in applicants if a.kind not in kinds]
        self.user, self.kinds, self.found = user, kinds, Found()
        first = next(iter(self.applicants), NEW)
        kind = next((kind for kind in KINDS if kind in kinds), "")
        super().__init__(data, initial={"applicant": first, "kind": kind} | dict(initial or {}))
        known = [(pk, applicant.name) for pk, applicant in self.applicants.items()]
        offer(self, "applicant", [*known, (NEW, _("En anden"))])
        offer(self, "kind", [(kind, words[0]) for kind, words in KINDS.items() if kind in kinds])

    @property
    def refused(self) -> list[str]:
        """Who the pool is not for, in the plural."""
        return [str(words[2]) for kind, words in KINDS.items() if kind not in self.kinds]

    @property
    def kind_options(self) -> list[dict[str, Any]]:
        """The kinds as radio buttons with what each means."""
        return [
            {
                "id": widget.data["attrs"]["id"],
                "value": widget.data["value"],
                "label": widget.data["label"],
                "hint": KINDS[str(widget.data["value"])][1],
                "checked": widget.data["selected"],
            }
            for widget in self["kind"].subwidgets
        ]

    @property
    def known(self) -> Applicant | None:
        """The chosen applicant, None for a new one."""
        return self.applicants.get(self.cleaned_data["applicant"])

    def look(self) -> None:
        """Look up what was typed, with no other demand: for showing it while one is writing."""
        self.found = look_for(str(self["company"].value() or self["cvr"].value() or ""))

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("applicant") != NEW:
            for name in [*self.errors]:
                if name != "applicant":  # what was typed about a new one is nobody's business now
                    del self.errors[name]
            return data
        kind = data.get("kind")
        if not kind:
            self.add_error("kind", _("Vælg, hvem der søger."))
        if kind in WITH_CVR:
            self._clean_company(data)
        else:
            self.errors.pop("cvr", None)
        if kind == K.INDIVIDUAL and self._is_empty("name"):
            del self.errors["name"]
            data["name"] = self.user.name
        return data

    def _is_empty(self, name: str) -> bool:
        return any(error.code == "required" for error in self.errors.as_data().get(name, []))

    def _clean_company(self, data: dict[str, Any]) -> None:
        if "cvr" in self.errors:
            self.errors.pop("name", None)
            return
        self.found = found = look_for(data.get("company") or data["cvr"])
        has_name = "name" not in self.errors
        self.errors.pop("name", None)
        if found.companies:
            self.add_error("cvr", _("Vælg den rigtige på listen."))
        elif found.is_manual and not found.number:
            self.add_error("cvr", _("Skriv CVR-nummeret. Vi kan ikke søge på navne lige nu."))
        elif found.is_manual and not has_name:
            self.add_error("name", found.sentence)
        elif found.sentence and not found.is_manual:
            self.add_error("cvr", found.sentence)

    def facts(self) -> dict[str, Any]:
        """A new applicant's kind, name, number and address: CVR's where it knows them."""
        said, company = self.cleaned_data, self.found.company
        where = ("name", "street", "postcode", "town")
        facts = {name: getattr(company, name) if company else said.get(name, "") for name in where}
        since = company.started_on if company else None
        return facts | {"kind": said["kind"], "cvr": self.found.number, "cvr_since": since}


class PeopleForm(forms.Form):
    """Who is asked along: somebody to write with, and a guardian for who is 15-17.

    ``needs_guardian``: the person is known to be that young, and wants to go on.
    """

    makker = forms.EmailField(
        label=_("Inviter en makker til at skrive med"),
        required=False,
        max_length=254,
        help_text=_("Skriv en e-mail. Makkeren logger ind med sit eget MitID."),
        error_messages={"invalid": NO_EMAIL},
    )
    guardian_name = text_field(_("Forælders eller værges navn"), 200)
    guardian_email = forms.EmailField(
        label=_("Forælders eller værges e-mail"),
        required=False,
        max_length=254,
        help_text=_("Vi sender et link, hvor de kan læse om ansøgningen og sige ja eller nej."),
        error_messages={"invalid": NO_EMAIL},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        application: Application | None,
        needs_guardian: bool = False,
    ) -> None:
        consent = application.guardian_consents.first() if application else None
        asked = {"guardian_name": consent.name, "guardian_email": consent.email} if consent else {}
        super().__init__(data, initial=asked)
        self.user, self.consent, self.needs_guardian = user, consent, needs_guardian
        self.applicant = application.applicant if application else None

    def clean_makker(self) -> str:
        email: str = self.cleaned_data["makker"]
        if email.lower() == self.user.email.lower():
            raise forms.ValidationError(gettext("Det er din egen e-mail. Skriv den andens."))
        return email

    def clean_guardian_email(self) -> str:
        email: str = self.cleaned_data["guardian_email"]
        own = [self.user.email, self.data.get("contact_email", "")]
        if is_one_of(email, [*own, self.applicant.email if self.applicant else ""]):
            raise forms.ValidationError(OWN_EMAIL)
        return email

    def clean_guardian_name(self) -> str:
        name: str = self.cleaned_data["guardian_name"]
        if is_one_of(name, [self.user.name, self.applicant.name if self.applicant else ""]):
            raise forms.ValidationError(OWN_NAME)
        return name

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.needs_guardian:
            sentence = _("Du er under 18 år. Skriv, hvem vi skal spørge.")
            for name in ("guardian_name", "guardian_email"):
                if name not in self.errors and not data[name]:
                    self.add_error(name, sentence)
        elif data.get("guardian_name") and not data.get("guardian_email"):
            if "guardian_email" not in self.errors:
                self.add_error("guardian_email", _("Skriv e-mailen, så vi kan spørge."))
        elif data.get("guardian_email") and not data.get("guardian_name"):
            self.add_error("guardian_name", _("Skriv navnet på den, vi spørger."))
        return data
