"""More fields: a grant on conditions, more time, changes, control, money back, the end."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from letters.vocabulary import base as t
from letters.vocabulary.base import Facts, Field, block, day, holds, one_of, paragraphs, said, when

GUARANTEE = "DEFICIT_GUARANTEE"


def quoted(key: str) -> Callable[[Facts], SafeString]:
    """What the reader wrote: their "vi" is not ours."""
    said = paragraphs(key)
    return lambda facts: _quote(said(facts))


def _quote(said: SafeString) -> SafeString:
    return format_html("<blockquote>{}</blockquote>", said) if said else said


COMPLAINT_ON = Field(
    "klage_modtaget",
    "Den dag, klagen kom, når afgørelsen er svaret på en.",
    "28. januar 2027",
    day("complaint_on"),
)
REPLACED = (
    Field(
        "erstattet_den",
        "Dagen for den afgørelse, som den nye træder i stedet for.",
        "14. januar 2027",
        day("replaced_on"),
    ),
    Field(
        "erstattet_beløb",
        "Det, den gamle afgørelse gav; intet efter et afslag.",
        "12.000 kr.",
        t.amount("replaced_kr"),
    ),
)
AWARDED = (*t.AWARDED, COMPLAINT_ON, *REPLACED)
REJECTION = (*t.DECISION, *REPLACED)
EXTENSION = (
    t.REASON,
    Field("gammel_frist", "Fristen, som den var.", "5. februar 2027", day("old_due_on")),
    when("i_høring", "Vi venter på bemærkninger.", one_of("state", "IN_HEARING")),
    when(
        "venter_på_rapport",
        "Vi venter på rapporten.",
        one_of("state", "ACCEPTED", "PAID", "REPORT_RETURNED"),
    ),
    when("skal_sige_ja", "Tilskuddet venter på et ja.", one_of("state", "APPROVED")),
    t.FORSINKET,
)
POSTPONED = (
    t.REASON,
    Field("beslutter", "Udvalget.", "Kultur- og Fritidsudvalget", said("decider")),
    Field("mødedato", "Mødets dag.", "14. januar 2027", day("meeting_on")),
    Field(
        "svardato", "Den lovede svardag, når den kan holdes.", "25. februar 2027", day("answer_on")
    ),
    Field("nyt_møde", "Mødet, sagen er sat på igen.", "11. februar 2027", day("new_meeting_on")),
    Field("næste_møde", "Udvalgets næste møde.", "11. februar 2027", day("next_meeting_on")),
)
_OF = ("besluttet_den", "beslutter", "retsgrundlag", "retningslinjedato")
TAKEN_AWAY = (
    *(field for field in t.BASIS if field.name in _OF),
    t.GRANTED,
    Field("ophørt_den", "Den dag, det faldt bort.", "18. februar 2027", day("ended_on")),
)
CLAIM = (
    *t.DECISION,
    t.GRANTED,
    t.PAID,
    Field("krævet_den", "Den dag, kravet blev besluttet.", "18. oktober 2027", day("claimed_on")),
    Field("hørt_den", "Den dag, vi hørte ansøgeren.", "1. september 2027", day("heard_on")),
    when("har_svaret", "Ansøgeren svarede på høringen.", holds("answer")),
    when("hørt_i_rykker", "Høringen var den sidste rykker.", holds("is_heard_by_reminder")),
    when("efter_folkeoplysningsloven", "Puljen er efter den lov.", holds("is_by_education_act")),
)
ANNULMENT = (*TAKEN_AWAY, t.REASON, when("var_tilskud", "Det var et tilsagn.", holds("was_grant")))
LAPSE = (
    *TAKEN_AWAY,
    Field("udløbet_frist", "Den frist, der udløb.", "5. februar 2027", day("missed_on")),
    when("ansøgning_bortfalder", "Vi manglede oplysninger til den.", one_of("was", "RETURNED")),
    when("svar_udeblev", "Der kom intet ja til tilskuddet.", one_of("was", "APPROVED")),
)
CHANGE = (
    t.REASONS,
    Field("ønsket_den", "Den dag, ønsket kom.", "11. januar 2027", day("asked_on")),
    block("ønske", "Det, ansøgeren har skrevet.", "Vi vil begynde …", quoted("wish")),
    Field("ny_startdato", "Den nye begyndelse.", "2. marts 2027", day("new_starts_on")),
    Field("ny_slutdato", "Den nye slutning.", "17. juli 2027", day("new_ends_on")),
    when("nyt_formål", "Formålet bliver et andet.", holds("has_new_purpose")),
    when("nyt_budget", "Der kom et nyt budget med.", holds("has_new_budget")),
    Field("rapportfrist", "Rapportens nye frist.", "17. september 2027", day("report_due_on")),
    t.FORSINKET,
)
CHANGE_REFUSED = (*t.DECISION, *CHANGE)
REPORTED = (
    t.PAID,
    t.GRANTED,
    Field(
        "regnskab_beløb",
        "Udgifterne i regnskabet; underskuddet, når tilskuddet er en garanti.",
        "10.000 kr.",
        t.amount("shown_kr"),
    ),
    Field("dækket_beløb", "Det, tilskuddet dækker.", "10.000 kr.", t.amount("covered_kr")),
    Field("restbeløb", "Det, vi udbetaler nu.", "2.500 kr.", t.amount("rest_kr")),
    Field("ubrugt_beløb", "Det, vi ikke udbetaler.", "2.500 kr.", t.amount("cut_kr")),
    Field("til_overs", "Udbetalt, men ikke brugt.", "2.500 kr.", t.amount("left_kr")),
    when("underskudsgaranti", "Tilskuddet er en garanti.", t.one_of("payment_plan", GUARANTEE)),
)
REPORT_APPROVED = (
    *REPORTED,
    when(
        "har_rest",
        "Der er en rest at udbetale.",
        lambda facts: bool(facts.get("rest_kr", facts.get("paid_kr") != facts.get("granted_kr"))),
    ),
    when("fritaget", "Ansøgeren slipper for at sende en rapport.", holds("is_waived")),
)
REPORT_REDUCED = (
    *REPORTED,
    *(field for field in t.BASIS if field.name in _OF and field.name != "beslutter"),
    t.REASON,
    Field("godkendt_beløb", "Det, vi godkender.", "8.000 kr.", t.amount("accepted_kr")),
    Field("godkendt_den", "Den dag, vi afgjorde det.", "1. september 2027", day("approved_on")),
)
PAYMENT_REJECTED = (
    t.AMOUNT,
    t.REASON,
    when("intern_omkontering", "Ansøgeren er en del af kommunen.", holds("is_internal")),
)
CONTROL = (
    t.DECIDED_ON,
    block("bilag", "Det, vi vil se.", "Kvitteringer for …", paragraphs("reason")),
    t.FORSINKET,
)
HEARING = (*t.HEARING, t.PAID, t.GRANTED, t.DECIDED_ON)  # the last three after the decision
RECOVERY = HEARING
CLOSING = (
    t.PAID,
    t.GRANTED,
    Field("opbevaringsår", "Så mange år skal bilag gemmes.", "5", said("keep_years")),
    when("tilbagebetaling", "Et krav om penge tilbage er afsluttet.", holds("is_repayment")),
    when("sagen_er_åben", "Sagen er ikke lukket endnu.", holds("is_open")),
    Field("tilbagebetalt_beløb", "Det, der kom tilbage.", "2.500 kr.", t.amount("repaid_kr")),
)
