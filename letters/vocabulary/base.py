"""The fields a letter's text may use: Danish names for values that are formatted already.

A field is a word, an amount or a day (inside a sentence), a condition (only after ``{% if %}``),
a block (alone on its line) or items (alone in a point of a list: as many points as there are).
What a field says comes from the letter's facts and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from letters.facts.base import in_template
from letters.facts.pronouns import ONE, words
from letters.templatetags.letters import written
from pulje.templatetags.words import dage, dato_aar, kr_text, tal, tid

Facts = Mapping[str, Any]


class Shape(Enum):
    WORDS = auto()  # str, inside a sentence
    CONDITION = auto()  # bool
    BLOCK = auto()  # safe HTML of its own
    ITEMS = auto()  # list of str
    PART = auto()  # a text that several letters share; its code


@dataclass(frozen=True)
class Field:
    """What the editor's list says of a field, and how its value is read from the facts."""

    name: str
    description: str
    example: str
    of: Callable[[Facts], Any]
    shape: Shape = Shape.WORDS
    part: str = ""

    @property
    def is_block(self) -> bool:
        return self.shape in (Shape.BLOCK, Shape.PART)

    @property
    def is_condition(self) -> bool:
        return self.shape == Shape.CONDITION


# ---- how a value is read ----


def said(key: str) -> Callable[[Facts], str]:
    return lambda facts: _text(facts.get(key))


def amount(key: str) -> Callable[[Facts], str]:
    return lambda facts: _kr(facts[key]) if facts.get(key) else ""


def day(key: str) -> Callable[[Facts], str]:
    return lambda facts: _day(facts.get(key))


def holds(key: str) -> Callable[[Facts], bool]:
    return lambda facts: bool(facts.get(key))


def one_of(key: str, *codes: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.get(key) in codes


def paragraphs(key: str) -> Callable[[Facts], SafeString]:
    return lambda facts: _paragraphs(_text(facts.get(key)))


def link(key: str) -> Callable[[Facts], SafeString]:
    return lambda facts: format_html('<p class="link"><a href="{0}">{0}</a></p>', facts[key])


def clock(key: str) -> Callable[[Facts], str]:
    return lambda facts: tid(datetime.fromisoformat(facts[key])) if facts.get(key) else ""


def days(key: str) -> Callable[[Facts], str]:
    return lambda facts: dage(facts[key]) if facts.get(key, 0) > 0 else ""


def _kr(said: str) -> str:
    """Gives "25.000 kr.", and "DKK 25,000" on the English page."""
    if get_language() != "en":
        return kr_text(Decimal(said))
    digits = tal(Decimal(said)).translate(str.maketrans(",.", ".,"))
    return f"DKK\xa0{digits}"


def _paragraphs(text: str) -> SafeString:
    """Nothing at all for a blank text, so that ``{% if %}`` leaves its heading out."""
    return written(text) if text.strip() else SafeString()


ENGLISH_REPORTS = {
    "en kort rapport": "a short report",
    "rapport og regnskab": "a report and accounts",
    "rapport og regnskab med bestyrelsens underskrift": "a report and accounts signed by the board",
    "rapport og regnskab gennemgået af jeres egen revisor": (
        "a report and accounts examined by your own auditor"
    ),
    "rapport og regnskab med erklæring fra en registreret revisor": (
        "a report and accounts with a statement by a registered auditor"
    ),
}


def _report(facts: Facts) -> str:
    name = _text(facts.get("report"))
    return name if get_language() != "en" else ENGLISH_REPORTS.get(name, "your report")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _day(text: str | None) -> str:
    if not text:
        return ""
    return dato_aar(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))


# ---- what several kinds have ----


def when(name: str, description: str, of: Callable[[Facts], bool]) -> Field:
    return Field(name, description, f"{{% if {name} %}} … {{% endif %}}", of, Shape.CONDITION)


def block(name: str, description: str, example: str, of: Callable[[Facts], SafeString]) -> Field:
    return Field(name, description, example, of, Shape.BLOCK)


def part(code: str, name: str, description: str) -> Field:
    return Field(name, description, "hele afsnittet", lambda _facts: "", Shape.PART, code)


def _pronoun(word: str) -> Callable[[Facts], str]:
    return lambda facts: words(one=facts["is_one_person"])[word]


PRONOUNS = [
    Field(
        word,
        f"”{words(one=True)[word]}” til én, ”{words(one=False)[word]}” til flere.",
        words(one=False)[word],
        _pronoun(word),
    )
    for small in ONE
    for word in (small, small.capitalize())
]
COMMON = (
    *PRONOUNS,
    Field(
        "velkommen",
        "”velkommen” til én, ”velkomne” til flere.",
        "velkomne",
        lambda facts: "velkommen" if facts["is_one_person"] else "velkomne",
    ),
    when("én_person", "Ansøgeren er én person og ikke en forening.", holds("is_one_person")),
    Field("modtager", "Ansøgerens navn.", "Birkerød Lektiecafé", said("recipient")),
    Field("projekt", "Projektets titel.", "Lektiecafé to aftener om ugen", said("project")),
    Field("pulje", "Puljens navn og år.", "Frivillighedspuljen 2027", said("pool")),
    Field("sagsnummer", "Sagens nummer.", "FP-2027-014", said("number")),
    Field("dato", "Brevets dato.", "15. januar 2027", day("issued_on")),
    Field("svarfrist", "Den dag, svaret skal være her.", "5. februar 2027", day("due_on")),
    Field("cvr", "Ansøgerens CVR-nummer, hvis der er et.", "12345674", said("cvr")),
    Field(
        "kontaktperson",
        "Sagsbehandlerens navn; ”os”, når sagen ikke har en.",
        "Mette Lindgaard",
        lambda facts: facts["sender"]["name"] or "os",
    ),
    Field(
        "telefon",
        "Vores telefonnummer.",
        "12 34 56 78",
        lambda facts: facts["sender"]["phone"].replace(" ", "\xa0"),
    ),
    Field(
        "mail", "Vores mailadresse.", "puljer@kommune.dk", lambda facts: facts["sender"]["email"]
    ),
    Field(
        "afdeling",
        "Vores afdelings navn.",
        "Kulturområdet",
        lambda facts: facts["sender"]["office"],
    ),
    Field(
        "kommune",
        "Kommunens navn.",
        "Rudersdal Kommune",
        lambda facts: facts["sender"]["municipality"],
    ),
)

REASONS = block(
    "begrundelse", "Begrundelsen, som den er skrevet i sagen.", "Udvalget …", paragraphs("reasons")
)
REASON = block(
    "begrundelse", "Grunden, som den er skrevet i sagen.", "Beløbet var …", paragraphs("reason")
)
MISSING = block(
    "mangler", "Det, vi mangler, som det er skrevet i sagen.", "Et budget", paragraphs("missing")
)
AMOUNT = Field("beløb", "Det beløb, brevet handler om.", "25.000 kr.", amount("amount_kr"))
REQUESTED = Field("ansøgt_beløb", "Det, der er søgt om.", "25.000 kr.", amount("requested_kr"))
GRANTED = Field("bevilget_beløb", "Det, der er bevilget.", "25.000 kr.", amount("granted_kr"))
PAID = Field("udbetalt_beløb", "Det, der er udbetalt indtil nu.", "10.000 kr.", amount("paid_kr"))
REPORT = Field("rapport", "Den rapport, vilkårene kræver.", "rapport og regnskab", _report)
REPORT_DUE = Field(
    "rapportfrist", "Fristen for rapporten.", "17. august 2027", day("report_due_on")
)
DECIDED_ON = Field(
    "besluttet_den", "Den dag, afgørelsen blev truffet.", "14. januar 2027", day("decided_on")
)
ANSWER_ON = Field("svardato", "Den dag, vi senest svarer.", "25. februar 2027", day("answer_on"))

# what a grant in full is judged by, when no section of its own is named
NO_SECTION = "formål og kriterier"
BASIS = (
    DECIDED_ON,
    Field("beslutter", "Den, der har besluttet.", "Kultur- og Fritidsudvalget", said("decider")),
    Field(
        "mødedato", "Mødets dag, når et udvalg har besluttet.", "14. januar 2027", day("meeting_on")
    ),
    Field("retsgrundlag", "Den lov, puljen bygger på.", "kommunalfuldmagten", said("basis")),
    Field(
        "retningslinjedato", "Dagen for retningslinjerne.", "1. oktober 2026", day("guidelines_on")
    ),
    Field(
        "afsnit",
        "Det sted i retningslinjerne, afgørelsen bygger på.",
        "afsnit 3",
        lambda facts: _text(facts.get("sections")).replace("Afsnit", "afsnit") or NO_SECTION,
    ),
    when("delegeret", "Ikke på et møde, men på udvalgets vegne.", holds("is_delegated")),
    when("hasteafgørelse", "Formanden har besluttet mellem to møder (§ 22).", holds("is_urgent")),
)
GRUNDLAG = part(
    "GRUNDLAG", "grundlag", "Afsnittet om, hvem der har besluttet, og efter hvilke regler."
)
VILKAAR = part("VILKAAR", "vilkår", "Afsnittet med vilkårene som en nummereret liste.")
UDBETALING = part("UDBETALING", "udbetaling", "Afsnittet om, hvornår og hvordan pengene kommer.")
FORSINKET = part(
    "FORSINKET", "forsinket", "Afsnittet om, at fristen følger med, når brevet kommer senere frem."
)

DECISION = (
    AMOUNT,
    REQUESTED,
    REASONS,
    *BASIS,
    FORSINKET,
    Field("point", "De point, ansøgningen fik.", "13", said("points")),
    Field("maxpoint", "De point, en ansøgning kan få.", "15", said("max_points")),
    when(
        "har_point",
        "Ansøgningen er bedømt med point.",
        lambda facts: facts.get("points") is not None and bool(facts.get("max_points")),
    ),
    GRUNDLAG,
)
SAID_YES = when(
    "sagt_ja_før", "Der er sagt ja til et tilskud, der ikke var større.", holds("is_kept")
)
CONDITIONS = (
    Field("startdato", "Senest da begynder projektet.", "2. februar 2027", day("starts_on")),
    Field("slutdato", "Senest da slutter projektet.", "17. juni 2027", day("ends_on")),
    Field("ansøgningsdato", "Den dag, ansøgningen kom.", "20. november 2026", day("submitted_on")),
    REPORT,
    REPORT_DUE,
    Field("opbevaringsår", "Så mange år skal bilag gemmes.", "5", said("keep_years")),
    Field(
        "særlige_vilkår",
        "Sagens egne vilkår: et punkt til hvert.",
        "Biblioteket har bekræftet aftalen.",
        lambda facts: facts.get("extra_conditions", []),
        Shape.ITEMS,
    ),
)
PAYING = (
    AMOUNT,
    PAID,
    SAID_YES,
    Field("restbeløb", "Det, der er tilbage at udbetale.", "15.000 kr.", amount("rest_kr")),
    Field("udbetales_fra", "Tidligste dag, når ja ikke er nok.", "2. juni 2027", day("pays_from")),
    Field("næste_rate", "Tidligste dag for næste rate.", "2. december 2027", day("pays_next")),
    when("i_rater", "Pengene udbetales i rater.", one_of("payment_plan", "INSTALMENTS")),
    when(
        "efter_anmodning",
        "Pengene udbetales, når de bliver bestilt.",
        one_of("payment_plan", "ON_REQUEST"),
    ),
    when(
        "efter_regnskab",
        "Pengene udbetales efter regnskabet.",
        one_of("payment_plan", "REIMBURSEMENT"),
    ),
    when(
        "underskudsgaranti",
        "Tilskuddet er en garanti.",
        one_of("payment_plan", "DEFICIT_GUARANTEE"),
    ),
    when("intern_omkontering", "Ansøgeren er en del af kommunen.", holds("is_paid_internally")),
    FORSINKET,
)
AWARDED = (*DECISION, *CONDITIONS, *PAYING, VILKAAR, UDBETALING)

RECEIPT = (
    Field("modtaget_den", "Den dag, ansøgningen kom.", "20. november 2026", day("received_at")),
    Field("modtaget_kl", "Klokken, da ansøgningen kom.", "kl. 14.32", clock("received_at")),
    REQUESTED,
    Field(
        "afgøres_af",
        "Udvalget, eller afdelingen, når den afgør sagen selv.",
        "Kultur- og Fritidsudvalget",
        lambda facts: facts.get("committee") or facts["sender"]["office"],
    ),
    Field(
        "mødedato", "Udvalgets møde om den, når det er kendt.", "14. januar 2027", day("meeting_on")
    ),
    ANSWER_ON,
    Field("gennemgås_senest", "Da er vi selv færdige.", "4. december 2026", day("screened_by")),
    when("for_sent", "Ansøgningen kom efter fristen.", holds("is_late")),
    when("skrevet_for", "Vi har skrevet ansøgningen ind for ansøgeren.", holds("is_keyed_in")),
    block(
        "persondatalink",
        "Adressen på siden om personoplysninger.",
        "https://…/persondata/",
        link("privacy_link"),
    ),
)
INFORMATION = (MISSING, FORSINKET)
HEARING = (
    block("oplysninger", "Det, ansøgeren skal udtale sig om.", "Lejen er …", paragraphs("fact")),
    Field(
        "kilde",
        "Hvem oplysningerne kommer fra, uden punktum.",
        "Biblioteket",
        lambda facts: _text(facts.get("source")).rstrip(" ."),
    ),
    FORSINKET,
)
PAYMENT = (
    AMOUNT,
    PAID,
    GRANTED,
    Field("rate", "Ratens nummer.", "1", said("rate")),
    Field("antal_rater", "Hvor mange rater der er.", "2", lambda facts: str(len(facts["rates"]))),
    when("flere_rater", "Der er mere end én rate.", lambda facts: len(facts["rates"]) > 1),
    block(
        "rater",
        "Tabellen over raterne.",
        "en tabel",
        lambda facts: render_to_string("letters/_block_rates.html", in_template(facts)),
    ),
    REPORT,
    REPORT_DUE,
    when("intern_omkontering", "Ansøgeren er en del af kommunen.", holds("is_internal")),
)
REPORTING = (
    REPORT,
    PAID,
    GRANTED,
    Field("bevillingsdato", "Bevillingsbrevets dag.", "14. januar 2027", day("awarded_on")),
    Field("dage_tilbage", "Dage til fristen; intet, når den er nu.", "14 dage", days("days_left")),
    when("er_udbetalt", "Der er udbetalt penge.", lambda facts: facts.get("paid_kr") != "0.00"),
    FORSINKET,
)
WITHDRAWAL = (when("havde_tilskud", "Ansøgeren havde fået tilskud.", holds("had_grant")),)
REOPENING = (
    REASON,
    Field("ny_frist", "Ansøgerens frist, når der er en.", "5. februar 2027", day("answer_by")),
    when("skal_sige_ja", "Tilskuddet venter på et ja.", one_of("state", "APPROVED")),
    when("skal_svare", "Vi venter på et svar.", one_of("state", "RETURNED", "IN_HEARING")),
    FORSINKET,
)
