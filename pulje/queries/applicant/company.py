"""Finding an association in CVR by what somebody typed: a number or a name."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pulje.errors import RegisterUnavailable
from pulje.models import Applicant
from pulje.models.fields import validate_cvr
from pulje.registers import cvr as register
from pulje.registers.cvr import Company

MOST, LONGEST_NAME = 8, 200


@dataclass(frozen=True)
class Found:
    """What CVR and our own list say. ``sentence`` tells what is wrong and how to go on.

    ``is_manual``: the register cannot help, so name and address are typed. ``number`` is the
    checked CVR number, ``here`` the applicant that has it with us already.
    """

    number: str = ""
    company: Company | None = None
    companies: list[Company] = field(default_factory=list)
    here: Applicant | None = None
    sentence: str = ""
    is_manual: bool = False


def look_for(typed: str) -> Found:
    """One association by its number, or those with such a name; never raises."""
    compact = "".join(typed.split()).upper().removeprefix("DK").removeprefix("CVR")
    if not compact:
        return Found(sentence=_("Skriv CVR-nummeret. Har I ikke et, så søg som netværk."))
    try:
        return _by_number(compact) if compact.isdecimal() else _by_name(typed)
    except RegisterUnavailable as refusal:
        number = compact if compact.isdecimal() else ""
        return Found(number, here=_here(number), sentence=refusal.sentence, is_manual=True)


def _by_number(number: str) -> Found:
    try:
        validate_cvr(number)
    except ValidationError as error:
        return Found(sentence=" ".join(error.messages))
    company = register.look_up(number)
    if company is None:
        sentence = _("CVR kender ikke %s. Se tallene efter, eller skriv selv navn og adresse.")
        return Found(number, here=_here(number), sentence=sentence % number, is_manual=True)
    if not company.is_active:
        sentence = _("%s er ophørt, står der i CVR. Er det en fejl, så ring til os.")
        return Found(number, company, sentence=sentence % company.name)
    return Found(number, company, here=_here(number))


def _by_name(typed: str) -> Found:
    is_name = len(typed) <= LONGEST_NAME and typed.isprintable()
    found = register.search(typed) if is_name else []
    companies = [company for company in found if company.is_active][:MOST]
    if companies:
        return Found(companies=companies)
    return Found(sentence=_("Vi fandt ingen med det navn i CVR. Prøv med CVR-nummeret."))


def _here(number: str) -> Applicant | None:
    return Applicant.objects.filter(cvr=number).first() if number else None
