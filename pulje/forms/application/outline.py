"""All a pool asks for, step by step, before anything is begun: to be read or printed.

The idea's questions are those of its form; what a draft must have is completeness.py's to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, QuestionKind
from pulje.forms.application.idea import IdeaForm, PartnerForm
from pulje.models import PoolVersion, Question
from pulje.queries.application.attachments import WITH_BYLAWS
from pulje.queries.application.budget import bounds_of, rules_in_words
from pulje.queries.application.questions import conditions_in_words, questions_of, yes_no
from pulje.templatetags.words import kr_text, tal

LINE, LONG, TICK = "line", "long", "tick"  # how much room the answer takes
ROOM: dict[str, str] = {QuestionKind.LONG_TEXT: LONG, QuestionKind.FILE: TICK}
OPTIONAL = frozenset({"area", "volunteers", "participants", "learning"})


@dataclass(frozen=True)
class Asked:
    """One question: its words, what else there is to know, what can be chosen."""

    label: str
    note: str = ""
    choices: tuple[str, ...] = ()
    is_optional: bool = False
    answer: str = LINE


@dataclass(frozen=True)
class Step:
    title: str
    asked: tuple[Asked, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """The five steps; what is good to have at hand; how the answers are judged."""

    steps: tuple[Step, ...]
    ready: tuple[str, ...]
    criteria: tuple[tuple[str, str, int], ...]  # name, question, weight


def outline(version: PoolVersion) -> Outline:
    """What this version asks: three queries."""
    questions = questions_of(version)
    conditions = conditions_in_words(questions)
    files = [row for row in questions if row.kind == QuestionKind.FILE]
    others = [row for row in questions if row.kind != QuestionKind.FILE]
    steps = (
        Step(_("Hvem søger"), tuple(_who(version))),
        Step(_("Jeres idé"), (*_idea(version), *_own(others, conditions))),
        Step(_("Budget"), tuple(_budget()), tuple(rules_in_words(bounds_of(version)))),
        Step(_("Bilag"), (*_attachments(version), *_own(files, conditions))),
        Step(_("Gennemse og send"), tuple(_review())),
    )
    criteria = version.criteria.order_by("position").values_list("name", "question", "weight")
    return Outline(steps, tuple(_ready(version, files)), tuple(criteria))


def _who(version: PoolVersion) -> Iterator[Asked]:
    kinds = [kind for kind in ApplicantKind if kind in version.applicant_kinds]
    yield Asked(_("Hvem søger?"), choices=tuple(str(kind.label) for kind in kinds))
    if set(WITH_BYLAWS) & set(kinds):
        yield Asked(_("CVR-nummer"), _("Kun foreninger og institutioner."))
    if ApplicantKind.INFORMAL_GROUP in kinds:
        yield Asked(
            _("Navn og e-mail på mindst én mere i netværket"),
            _("Kun netværk. En af jer skal være fyldt 18 år."),
        )
    if ApplicantKind.INDIVIDUAL in kinds:
        yield Asked(
            _("Navn og e-mail på en forælder eller værge"), _("Kun hvis du er 15–17 år gammel.")
        )
    yield Asked(_("Kontaktperson"))
    yield Asked(_("E-mail"), _("Hertil skriver vi, når der er nyt."))
    yield Asked(_("Telefon"), is_optional=True)


def _idea(version: PoolVersion) -> Iterator[Asked]:
    for name, field in IdeaForm.base_fields.items():
        choices = tuple(str(text) for _value, text in getattr(field, "choices", ()))
        yield Asked(str(field.label), _note(field), choices, name in OPTIONAL, _answer(field))
    partner = PartnerForm.base_fields
    yield Asked(
        _("Er I sammen med andre om det?"),
        " ".join([_("For hver:"), _comma(partner.values())]),
        is_optional=not version.needs_partner,
        answer=LONG,
    )


def _answer(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return TICK
    return LONG if isinstance(field.widget, forms.Textarea) else LINE


def _note(field: forms.Field) -> str:
    most = getattr(field, "max_length", None)
    if most and isinstance(field.widget, forms.Textarea):
        return _("Højst %s tegn.") % tal(most)
    return str(field.help_text)


def _comma(fields: object) -> str:
    return ", ".join(str(field.label).rstrip("?").lower() for field in fields) + "."


def _own(questions: Sequence[Question], conditions: Mapping[str, str]) -> Iterator[Asked]:
    for row in questions:
        choices = tuple(row.choices)
        if row.kind == QuestionKind.YES_NO:
            choices = tuple(yes_no().values())
        note = " ".join(filter(None, [row.help_text, conditions.get(row.key)]))
        yield Asked(row.label, note, choices, not row.is_required, ROOM.get(row.kind, LINE))


def _budget() -> Iterator[Asked]:
    yield Asked(_("Udgifter"), _("For hver: hvad det er, typen og beløbet i kroner."), answer=LONG)
    yield Asked(
        _("Egne penge og andre tilskud"),
        _("For hver: hvem der betaler, beløbet, og om pengene er søgt eller bevilget."),
        is_optional=True,
        answer=LONG,
    )


def _attachments(version: PoolVersion) -> Iterator[Asked]:
    later = _("Kan det ikke komme med nu, kan I skrive, at det kommer senere.")
    if version.needs_bylaws:
        only = _("Kun foreninger og institutioner.")
        yield Asked(_("Vedtægter"), " ".join([only, later]), answer=TICK)
    limit = version.needs_accounts_from_kr
    if limit is not None:
        from_kr = _("Når I søger om %s eller mere.") % kr_text(limit) if limit else ""
        yield Asked(_("Seneste regnskab"), " ".join(filter(None, [from_kr, later])), answer=TICK)
    yield Asked(_("Andre bilag"), is_optional=True, answer=TICK)


def _review() -> Iterator[Asked]:
    yield Asked(
        _("Oplysningerne er rigtige, og jeg må søge på ansøgerens vegne"),
        _("Den, der sender, logger ind med MitID. I nogle foreninger skal to skrive under."),
        answer=TICK,
    )
    yield Asked(
        _("Kommunen må gerne fortælle om projektet på hjemmesiden, hvis vi får støtte"),
        is_optional=True,
        answer=TICK,
    )


def _ready(version: PoolVersion, files: Sequence[Question]) -> Iterator[str]:
    yield _("MitID til den, der sender ansøgningen – først når den skal sendes")
    if set(WITH_BYLAWS) & set(version.applicant_kinds):
        yield _("Foreningens CVR-nummer")
    yield _("Et overslag over, hvad det koster, og hvem der betaler")
    if version.needs_bylaws:
        yield _("Foreningens vedtægter som PDF")
    if version.needs_accounts_from_kr is not None:
        yield _("Det seneste regnskab som PDF")
    if version.needs_partner:
        yield _("En aftale med dem, I gør det sammen med, og lederens e-mail")
    yield from (row.label for row in files)
