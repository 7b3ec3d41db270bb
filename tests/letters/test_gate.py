"""Every line of the legal gate: lawful as it is, lacking when one thing is broken, with a cure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from letters import gate
from letters.gate.money import unlike
from letters.models import Channel, Letter, LetterState, LetterText
from pulje.models import (
    AppealGuidance,
    Application,
    ChangeRequest,
    Ground,
    ItemRuling,
    Meeting,
    PartyHearing,
    Payment,
    PoolVersion,
    RepaymentClaim,
)
from pulje.queries.told import LETTER_AVAILABLE, LETTER_RETURNED
from tests import people
from tests.letters import gated
from tests.letters.breaking import (
    TODAY,
    all_of,
    applicant,
    both,
    decision,
    disqualified,
    heard,
    lapsing,
    letter_is,
    newer_guidance,
    newer_text,
    nobody_can_log_in,
    of_another_version,
    out_of_the_room,
    read_by,
    reminder,
    tells_of,
    text_from,
    tied,
    told,
    words_by,
)

GROUND = "Fællesskab er ikke beskrevet."
OTHER_GUIDANCE = {"is_approved": True, "paragraphs": ["…"], "basis": "Serviceloven § 18"}


@dataclass(frozen=True)
class Broken:
    """What is done to which letter, and what the line then says and where it is mended."""

    code: str
    letter: str
    do: Callable[[Letter], None]
    sentence: str
    cure: str
    url: str = field(default="/sag/")


PAGE, TEXTS = "/brev/", "/brev/tekster/"
CLAIMS, CHANGES = RepaymentClaim, ChangeRequest
BROKEN = (
    Broken("standing", "award", decision(is_current=False), "gælder ikke længere", "Send det ikke"),
    Broken("standing", "award", letter_is(state=LetterState.SUPERSEDED), "Et andet brev", "Send"),
    Broken("standing", "award", all_of(Application, state="WITHDRAWN"), "Sagen står som", "Tal"),
    Broken("standing", "claim", all_of(CLAIMS, state="SETTLED"), "Kravet står som", "Send det ik"),
    Broken("standing", "annulled", all_of(Application, state="WITHDRAWN"), "Sagen står som", "Tal"),
    Broken("standing", "unanswered", all_of(Application, state="RETURNED"), "åbnet igen", "Send"),
    Broken("standing", "raised", told(replaced_on=""), "i stedet for en anden", "Lav brevet", PAGE),
    Broken("reasons", "partial", decision(reasons="Nej."), "10 bogstaver", "Afgør på ny"),
    Broken("reasons", "partial", both(decision(reasons="Nej."),
           all_of(Meeting, minutes_approved_at=None)), "10 bogstaver", "Skriv begrundelsen i",
           "/udvalg/moede/"),
    Broken("reasons", "refusal", told(reasons="Noget andet"), "en anden end", "Lav brevet", PAGE),
    Broken("reasons", "claim", all_of(CLAIMS, reasons="Nå."), "10 bogstaver", "Afgør på"),
    Broken("reasons", "change", all_of(CHANGES, answer="Nej."), "10 bogstaver", "Afgør på"),
    Broken("reasons", "change", told(reasons="Noget andet"), "en anden end", "Lav brevet", PAGE),
    Broken("reasons", "annulled", tells_of(people.dora, "Fejl."), "10 bogstaver", "Afgør på"),
    Broken("reasons", "annulled", told(reason="Noget andet"), "en anden end", "Lav brevet", PAGE),
    Broken("reasons", "unanswered", told(missed_on=""), "hvilken frist", "Ret teksten", PAGE),
    Broken("grounds", "refusal", of_another_version, "en anden version", "Afgør sagen på ny"),
    Broken("grounds", "partial", both(decision(sections=""), told(sections="")),
           "hvilket vedtaget", "Ret teksten", PAGE),
    Broken("grounds", "partial", told(sections="§ 9"), "til § 9, afgørelsen til § 1", "Lav", PAGE),
    Broken("grounds", "upheld", told(sections=""), "til intet afsnit", "Lav", PAGE),
    Broken("grounds", "annulled", told(guidelines_on=""), "hvilke regler", "Lav", PAGE),
    Broken("grounds", "late", told(basis=""), "hvilken klagefrist", "Lav brevet igen", PAGE),
    Broken("facts", "partial",
           both(decision(reasons=GROUND), told(reasons=GROUND, points=None)),
           "kun puljens standardtekst", "Ret teksten", PAGE),
    Broken("facts", "partial", heard(ended=True, days=6), "hvad det har betydet", "Ret", PAGE),
    Broken("basis", "refusal", all_of(PoolVersion, legal_basis="FOL"), "Folkeoplysnin", "Afgør"),
    Broken("basis", "refusal", decision(legal_basis=""), "ikke valgt", "Vælg det på puljen"),
    Broken("basis", "partial", told(basis="serviceloven § 18"), "Brevet siger", "Lav", PAGE),
    Broken("basis", "unanswered", told(basis="serviceloven § 18"), "Brevet siger", "Lav", PAGE),
    Broken("hearing", "award", heard(ended=False), "kan svare på til", "Vent på svaret"),
    Broken("hearing", "annulled", heard(ended=False), "kan svare på til", "Vent på svaret"),
    Broken("hearing", "lowered", all_of(PartyHearing, ended_at="2020-01-01T12:00Z"),
           "mindre end før", "Hør ansøger, og afgør"),
    Broken("hearing", "claim", all_of(CLAIMS, hearing=None), "ikke hørt", "Hør ansøger"),
    Broken("hearing", "reminded", reminder(LETTER_RETURNED), "ikke kommet frem", "Hør"),
    Broken("hearing", "reminded", reminder(LETTER_AVAILABLE), "kunne svare på den sid", "Hør"),
    Broken("hearing", "unreported", reminder(LETTER_RETURNED), "ikke kommet frem", "Genåbn"),
    Broken("impartial", "partial", disqualified(people.rie), "Rie har vurderet", "Lad en, der"),
    Broken("impartial", "partial", tied, "Mads har stemt", "Lad en, der ikke er inhabil"),
    Broken("impartial", "upheld", disqualified(people.dora), "Dora har svaret", "Lad en, der"),
    Broken("impartial", "change", disqualified(people.rie), "Rie har svaret", "Lad en, der"),
    Broken("impartial", "annulled", disqualified(people.dora), "Dora har annulleret", "Lad en"),
    Broken("impartial", "unanswered", both(words_by(people.karl), disqualified(people.karl)),
           "Karl har føjet tekst til brevet", "Lad en, der"),
    Broken("impartial", "annulled", tells_of(None, "Fejl i beløbet."), "hvem der har", "Lad"),
    Broken("appeal", "refusal", newer_guidance, "nu er det 2", "Lav brevet igen", PAGE),
    Broken("appeal", "claim", all_of(AppealGuidance, approved_by=None, approved_at=None),
           "er ikke godkendt", "Få den godkendt", TEXTS),
    Broken("appeal", "refusal", told(guidance={}), "ingen godkendt klagevej", "Lav brevet", PAGE),
    Broken("appeal", "refusal", told(guidance=OTHER_GUIDANCE), "er for Serviceloven", "Lav", PAGE),
    Broken("amount", "award", told(amount_kr="8000.01"), "8.000 kr. i afgørelsen", "Lav", PAGE),
    Broken("amount", "award", told(amount_kr=""), "intet beløb", "Lav brevet igen", PAGE),
    Broken("amount", "partial", all_of(ItemRuling, amount_kr=29_000), "29.000 kr. i referatet",
           "Ret beslutningen"),
    Broken("amount", "partial", all_of(Application, granted_kr=1), "1 kr. i sagen", "Sagens penge"),
    Broken("amount", "claim", told(amount_kr="1.00"), "1.000 kr. i kravet", "Lav", PAGE),
    Broken("amount", "claim", both(all_of(CLAIMS, amount_kr=9_000), told(amount_kr="9000.00")),
           "kun udbetalt 8.000 kr.", "Afslut kravet"),
    Broken("amount", "annulled", told(granted_kr="1.00"), "8.000 kr. i afgørelsen", "Lav", PAGE),
    Broken("amount", "change", told(amount_kr="1.00"), "8.000 kr. i afgørelsen", "Lav", PAGE),
    Broken("amount", "answered", all_of(Payment, amount_kr=1), "1 kr. i raterne", "Sagens penge"),
    Broken("conditions", "award", decision(conditions="Husk logoet."), "logoet", "Lav", PAGE),
    Broken("conditions", "partial", told(report=""), "hvilken rapport", "Lav", PAGE),
    Broken("conditions", "award", told(starts_on="2027-12-13", ends_on="2027-12-10"),
           "slutte, før det begynder", "Lav brevet igen", PAGE),
    Broken("conditions", "award", all_of(Application, ends_on="2020-01-02"),
           "sluttede 2. januar 2020", "Tal med ansøger, og ret teksten", PAGE),
    Broken("recipient", "award", applicant(cvr="12345678"), "ikke gyldigt", "Ret CVR", "/kontakt/"),
    Broken("recipient", "award", letter_is(recipient_name=" "), "ingen modtager", "Skriv ansøger",
           "/kontakt/"),
    Broken("recipient", "award", applicant(street="Nyvej 2"), "er ændret", "Lav brevet", PAGE),
    Broken("recipient", "award", told(cvr="99000333"), "CVR-nummer er ændret", "Lav brevet", PAGE),
    Broken("recipient", "award", letter_is(channel=Channel.PRINT), "Adressen", "Skift", PAGE),
    Broken("recipient", "award", letter_is(recipient_email=""), "ingen e-mail", "Skift", PAGE),
    Broken("recipient", "award", letter_is(channel=Channel.PRINT, state="QUEUED", sha256=""),
           "Adressen", "Ret ansøgers", "/sag/ansoegere/"),
    Broken("recipient", "award", nobody_can_log_in, "Ingen hos ansøger", "Skift kanal", PAGE),
    Broken("recipient", "award", both(letter_is(channel=Channel.DIGITAL_POST),
           applicant(cvr=""), told(cvr="")), "hverken CVR-", "Skift kanal", PAGE),
    Broken("recipient", "award", both(letter_is(channel=Channel.DIGITAL_POST),
           applicant(is_exempt=True)), "er fritaget", "Skift kanal", PAGE),
    Broken("minutes", "partial", all_of(Meeting, minutes_approved_at=None),
           "ikke godkendt", "Formand eller", "/udvalg/moede/"),
    Broken("four_eyes", "partial", letter_is(state=LetterState.APPROVED), "ingen kollega", "Lav",
           PAGE),
    Broken("text", "award", letter_is(text=None), "uden en godkendt", "Lav brevet igen", PAGE),
    Broken("text", "award", text_from(TODAY(), approved_by=None, approved_at=None),
           "er ikke godkendt", "Få teksten", TEXTS),
    Broken("text", "award", all_of(LetterText, valid_until="2020-01-02"), "Teksten gjaldt", "Lav",
           PAGE),
    Broken("text", "award", text_from(TODAY() + timedelta(days=9)), "gælder først", "Lav", PAGE),
    Broken("text", "award", newer_text("AWARD"), "nu gælder version 7", "Lav brevet igen", PAGE),
    Broken("text", "award", newer_text("GRUNDLAG"), "Afsnit: grundlag er version 1", "Lav", PAGE),
    Broken("dates", "award", lapsing(13), "14 dage", "Lav brevet igen", PAGE),
    Broken("dates", "award", told(due_on="2020-01-01"), "ikke sagens", "Lav brevet igen", PAGE),
    Broken("dates", "waiting", told(accept_by="2020-01-01"), "ikke sagens", "Lav brevet", PAGE),
    Broken("dates", "claim", told(due_on="2020-01-01"), "ikke kravets", "Lav brevet igen", PAGE),
    Broken("dates", "claim", both(all_of(CLAIMS, due_on="2020-01-01"), told(due_on="2020-01-01")),
           "ikke længere forude", "Lav brevet igen", PAGE),
    Broken("dates", "refusal", told(issued_on="2999-01-01"), "har datoen", "Lav", PAGE),
    Broken("dates", "refusal", told(issued_on="2020-01-01"), "mere end 7 dage", "Lav", PAGE),
    Broken("dates", "change", told(issued_on="2020-01-01"), "mere end 7 dage", "Lav", PAGE),
)  # fmt: skip


# what is done to which letter, and what the line says that is still fine
FINE = (
    ("hearing", "award", heard(ended=False, days=9), "frist udløb"),
    ("impartial", "partial", both(tied, out_of_the_room(people.mads)), "ikke inhabile"),
    ("four_eyes", "partial", read_by(people.rie), "Rie har læst brevet"),
    ("reasons", "unanswered", told(missed_on="", added="Fristen var den 3. maj."), "er føjet til"),
    ("recipient", "award", letter_is(channel=Channel.DIGITAL_POST), "Digital Post"),
    (
        "conditions",
        "award",
        both(
            all_of(Application, ends_on="2020-01-02"),
            told(added="Projektet er holdt, og det er aftalt."),
        ),
        "rapporten og fristen",
    ),
    ("minutes", "raised", all_of(Meeting, minutes_approved_at="2020-01-01T12:00Z"), "ikke truffet"),
)


@pytest.mark.django_db
def test_every_line_passes_what_is_lawful_and_names_the_cure_of_what_is_not(
    guidance: AppealGuidance,
) -> None:
    """One setup for all; each thing is broken in a savepoint of its own."""
    letters = {
        "partial": gated.partial_award(),
        "award": gated.award(),
        "refusal": gated.formal_rejection(),
        "claim": gated.claim(),
        "upheld": gated.upheld(),
        "raised": gated.raised(),
        "lowered": gated.lowered(),
        "waiting": gated.waiting_award(),
        "late": gated.late_complaint(),
        "annulled": gated.annulled(),
        "change": gated.change_refused(),
        "unanswered": gated.unanswered(),
        "unreported": gated.unreported(),
        "reminded": gated.claim_after_reminder(),
    }
    letters["answered"] = gated.lies_ready(letters["change"].application, "AWARD")
    receipt = gated.lies_ready(letters["award"].application, "RECEIPT")
    with CaptureQueriesContext(connection) as one:
        gate.lines_for([letters["partial"]])
    with CaptureQueriesContext(connection) as all_:
        lawful = gate.lines_for(letters.values())

    lacking = [line for lines in lawful.values() for line in lines if not line.is_ok]
    assert lacking == []
    assert {broken.code for broken in BROKEN} == {check.code for check in gate.CHECKS}
    # letters, decisions, claims, complaints, changes, last reminders, who is out (3)
    assert (len(one), len(all_)) == (5, 9)
    for broken in BROKEN:
        _breaks(broken, letters[broken.letter])
    for code, name, do, sentence in FINE:
        line = _after(do, letters[name])[code]
        assert (line.is_ok, sentence in line.sentence) == (True, True), line
    asked = {line.code for line in gate.lines_for([receipt])[receipt.pk] if line.is_needed}
    assert asked == {"recipient", "text", "dates"}
    needed = {line.code for line in lawful[letters["award"].pk] if line.is_needed}
    assert needed == {"standing", "basis", "impartial", "amount", "conditions", "recipient", "text",
                      "dates"}  # fmt: skip


def _after(do: Callable[[Letter], None], letter: Letter) -> dict[str, gate.Line]:
    """The letter's lines as they stand with one thing done to it, which is undone again."""
    with transaction.atomic():
        do(letter)
        lines = gate.lines_for([letter])[letter.pk]
        transaction.set_rollback(True)
    return {line.code: line for line in lines}


def _breaks(broken: Broken, letter: Letter) -> None:
    line, where = _after(broken.do, letter)[broken.code], f"{broken.code} of {broken.letter}"
    assert not line.is_ok, where
    assert broken.sentence in line.sentence.replace("\xa0", " "), where
    assert line.cure.startswith(broken.cure), where
    assert broken.url in line.cure_url, where
    assert line.word == "Mangler"


@pytest.mark.django_db
def test_a_sentence_that_is_added_mends_what_the_reasons_do_not_say(
    guidance: AppealGuidance,
) -> None:
    letter = gated.partial_award()
    Ground.objects.update(text="Standard.")
    decision(sections="")(letter)
    heard(ended=True, days=6)(letter)

    def wrong() -> list[str]:
        lines = gate.lines_for([letter])[letter.pk]
        return [line.code for line in lines if not line.is_ok]

    assert wrong() == ["grounds", "facts"]
    told(added="Fællesskab (§ 1) vejer tungest, og lokalet står ikke til rådighed.")(letter)
    assert wrong() == []


amounts = st.decimals(0, 1_000_000, places=2)


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | amounts, min_size=1), amounts)
def test_an_amount_that_differs_is_always_named(others: dict[str, Decimal], said: Decimal) -> None:
    found = unlike({"brevet": said} | others)

    differing = [name for name, kr in others.items() if kr is not None and kr != said]
    assert found == differing
