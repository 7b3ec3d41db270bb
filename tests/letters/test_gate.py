"""Every line of the legal gate: lawful as it is, lacking when one thing is broken, with a cure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from letters import gate
from letters.gate.money import unlike
from letters.models import Channel, Letter, LetterState, LetterText
from pulje.models import (
    AppealGuidance,
    Applicant,
    Application,
    ConflictOfInterest,
    Decision,
    Ground,
    ItemRuling,
    Meeting,
    PartyHearing,
    PoolVersion,
    RepaymentClaim,
    Tie,
)
from tests import people
from tests.letters import gated

GROUND = "Fællesskab er ikke beskrevet."
TODAY = timezone.localdate


def decision(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Decision.objects.filter(application=letter.application_id).update(**changed)

    return do


def told(**changed: object) -> Callable[[Letter], None]:
    """The letter's facts are others."""

    def do(letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(facts=letter.facts | changed)

    return do


def letter_is(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Letter.objects.filter(pk=letter.pk).update(**changed)

    return do


def all_of(model: type, **changed: object) -> Callable[[Letter], None]:
    def do(_letter: Letter) -> None:
        model.objects.update(**changed)

    return do


def applicant(**changed: object) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        Applicant.objects.filter(pk=letter.application.applicant_id).update(**changed)

    return do


def both(*parts: Callable[[Letter], None]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        for part in parts:
            part(letter)

    return do


def heard(*, ended: bool, days: int = 0, fact: str = "Lokalet er lukket.") -> object:
    def do(letter: Letter) -> None:
        opened_at = timezone.now() - timedelta(days=days)
        PartyHearing.objects.create(
            application=letter.application,
            fact=fact,
            source="Ejendomscentret",
            due_on=TODAY() + timedelta(days=3),
            opened_at=opened_at,
            opened_by=people.karl(),
            ended_at=opened_at + timedelta(hours=1) if ended else None,
        )

    return do


def disqualified(person: Callable[[], object]) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        ConflictOfInterest.objects.create(
            application=letter.application,
            user=person(),
            reason="Søster",
            declared_at=timezone.now(),
            declared_by=person(),
        )

    return do


def tied(letter: Letter) -> None:
    name = letter.application.applicant.name
    Tie.objects.create(user=people.mads(), name=name, relation="Kasserer")


def newer_guidance(_letter: Letter) -> None:
    AppealGuidance.objects.create(
        legal_basis="KFM",
        version=2,
        text="Ny",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )


def written_by_nobody(letter: Letter) -> None:
    draft = LetterText.objects.create(
        kind=letter.kind, version=99, body="Ny", valid_from=TODAY(), written_at=timezone.now()
    )
    Letter.objects.filter(pk=letter.pk).update(text=draft)


def lapsing(days: int) -> Callable[[Letter], None]:
    def do(letter: Letter) -> None:
        day = TODAY() + timedelta(days=days)
        Application.objects.filter(pk=letter.application_id).update(due_on=day)
        told(due_on=day.isoformat())(letter)

    return do


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
BROKEN = (
    Broken("standing", "award", decision(is_current=False), "gælder ikke længere", "Send det ikke"),
    Broken("standing", "award", all_of(Application, state="WITHDRAWN"), "Sagen står som", "Tal"),
    Broken("reasons", "partial", decision(reasons="Nej."), "10 bogstaver", "Afgør på ny"),
    Broken("reasons", "refusal", told(reasons="Noget andet"), "en anden end", "Lav brevet", PAGE),
    Broken("reasons", "claim", all_of(RepaymentClaim, reasons="Nå."), "10 bogstaver", "Afgør på"),
    Broken("grounds", "partial", decision(sections=""), "hvilket vedtaget", "Ret teksten", PAGE),
    Broken("facts", "partial",
           both(decision(reasons=GROUND), told(reasons=GROUND, points=None)),
           "kun puljens standardtekst", "Ret teksten", PAGE),
    Broken("facts", "partial", heard(ended=True, days=6), "hvad det har betydet", "Ret", PAGE),
    Broken("basis", "refusal", all_of(PoolVersion, legal_basis="FOL"), "Folkeoplysnin", "Afgør"),
    Broken("basis", "partial", told(basis="serviceloven § 18"), "Brevet siger", "Lav", PAGE),
    Broken("hearing", "award", heard(ended=False), "kan svare på til", "Vent på svaret"),
    Broken("hearing", "claim", all_of(RepaymentClaim, hearing=None), "ikke hørt", "Hør ansøger"),
    Broken("impartial", "partial", disqualified(people.rie), "Rie har vurderet", "Lad en, der"),
    Broken("impartial", "partial", tied, "Mads har stemt", "Lad en, der ikke er inhabil"),
    Broken("impartial", "upheld", disqualified(people.dora), "Dora har svaret", "Lad en, der"),
    Broken("appeal", "refusal", newer_guidance, "nu er det 2", "Lav brevet igen", PAGE),
    Broken("appeal", "claim", all_of(AppealGuidance, approved_by=None, approved_at=None),
           "er ikke godkendt", "Få den godkendt", TEXTS),
    Broken("amount", "award", told(amount_kr="8000.01"), "8.000 kr. i afgørelsen", "Lav", PAGE),
    Broken("amount", "partial", all_of(ItemRuling, amount_kr=29_000), "29.000 kr. i referatet",
           "Ret beslutningen"),
    Broken("amount", "partial", all_of(Application, granted_kr=1), "1 kr. i sagen", "Sagens penge"),
    Broken("amount", "claim", told(amount_kr="1.00"), "1.000 kr. i kravet", "Lav", PAGE),
    Broken("conditions", "award", decision(conditions="Husk logoet."), "logoet", "Lav", PAGE),
    Broken("conditions", "partial", told(report=""), "hvilken rapport", "Lav", PAGE),
    Broken("recipient", "award", applicant(cvr="12345678"), "ikke gyldigt", "Ret CVR"),
    Broken("recipient", "award", letter_is(channel=Channel.PRINT), "Adressen", "Skift", PAGE),
    Broken("recipient", "award", letter_is(recipient_email=""), "ingen e-mail", "Skift", PAGE),
    Broken("recipient", "award", both(letter_is(channel=Channel.DIGITAL_POST),
           applicant(cvr="")), "hverken CVR-", "Skift kanal", PAGE),
    Broken("minutes", "partial", all_of(Meeting, minutes_approved_at=None),
           "ikke godkendt", "Formand eller", "/udvalg/moede/"),
    Broken("four_eyes", "partial", letter_is(state=LetterState.APPROVED), "ingen kollega", "Lav",
           PAGE),
    Broken("text", "award", letter_is(text=None), "uden en godkendt", "Lav brevet igen", PAGE),
    Broken("text", "award", written_by_nobody, "er ikke godkendt", "Få teksten", TEXTS),
    Broken("text", "award", all_of(LetterText, valid_until="2020-01-02"), "Teksten gjaldt", "Lav",
           PAGE),
    Broken("dates", "award", lapsing(13), "14 dage", "Lav brevet igen", PAGE),
    Broken("dates", "award", told(due_on="2020-01-01"), "ikke sagens", "Lav brevet igen", PAGE),
    Broken("dates", "refusal", told(issued_on="2999-01-01"), "har datoen", "Lav", PAGE),
    Broken("dates", "refusal", told(issued_on="2020-01-01"), "mere end 7 dage", "Lav", PAGE),
)  # fmt: skip


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
    }
    with CaptureQueriesContext(connection) as one:
        gate.lines_for([letters["partial"]])
    with CaptureQueriesContext(connection) as all_:
        lawful = gate.lines_for(letters.values())

    lacking = [line for lines in lawful.values() for line in lines if not line.is_ok]
    assert lacking == []
    assert {broken.code for broken in BROKEN} == {check.code for check in gate.CHECKS}
    assert (len(one), len(all_)) == (5, 7)  # letters, decisions, claims, complaints, who is out
    for broken in BROKEN:
        _breaks(broken, letters[broken.letter])
    needed = {line.code for line in lawful[letters["award"].pk] if line.is_needed}
    assert needed == {"standing", "basis", "impartial", "amount", "conditions", "recipient", "text",
                      "dates"}  # fmt: skip


def _breaks(broken: Broken, letter: Letter) -> None:
    with transaction.atomic():
        broken.do(letter)
        lines = {line.code: line for line in gate.lines_for([letter])[letter.pk]}
        transaction.set_rollback(True)
    line, where = lines[broken.code], f"{broken.code} of {broken.letter}"
    assert not line.is_ok, where
    assert broken.sentence in line.sentence.replace("\xa0", " "), where
    assert line.cure.startswith(broken.cure), where
    assert line.cure_url.startswith(broken.url), where
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
