"""The gate's lines about people: nobody disqualified took part, two eyes more, a reader."""

from letters.facts.base import names_today
from letters.gate.found import Found, lacks, ok, unneeded
from letters.gate.matter import Matter
from letters.gate.words import ANEW, NO_DECISION
from letters.models import Channel, LetterState
from pulje.models.fields import is_cvr

TOOK_PART = "Lad en, der ikke er inhabil, behandle sagen på ny, eller afklar tilknytningen."


def impartial(m: Matter) -> Found:
    """Source: forvaltningsloven §§ 3-6."""
    if not m.decides:
        return unneeded(NO_DECISION)
    if shut := [person for person in m.people if person.pk in m.out]:
        told = "; ".join(f"{person.name} {person.part}" for person in shut)
        sentence = f"Inhabil i sagen, eller ikke afklaret: {told}."
        return lacks(sentence, TOOK_PART, f"{m.case_url}habilitet/")
    count = len({person.pk for person in m.people})
    if count == 0 and m.is_lapse:
        return ok("Fristen udløb, og ingen har øvet et skøn")
    if count == 0:
        return lacks("Det er ikke til at se, hvem der har afgjort.", TOOK_PART, m.case_url)
    who = "Den ene, der har deltaget, er" if count == 1 else f"De {count}, der har deltaget, er"
    return ok(f"{who} ikke inhabil{'' if count == 1 else 'e'} i sagen.")


def four_eyes(m: Matter) -> Found:
    """Source: the pool's second reader and the house's rule of two people (local config).

    Nobody decides on their own recommendation, claims what they have proposed, or reads what they
    have written: the database refuses it (models/decision.py, models/payment.py, Letter).
    """
    letter, claim = m.letter, m.claim
    if not letter.needs_second_reader and claim is not None and claim.claimed_by is not None:
        proposed = f"{claim.proposed_by.name} har foreslået kravet"
        return ok(f"{proposed}, og {claim.claimed_by.name} har godkendt det.")
    if not letter.needs_second_reader:
        return unneeded("Brevet skal ikke læses af en kollega.")
    if letter.approved_by_id:
        return ok(f"{letter.approved_by.name} har læst brevet.")
    if letter.state == LetterState.APPROVED:
        cure = "Lav brevet igen, og lad en kollega læse det."
        return lacks("Brevet er på vej, men ingen kollega har læst det.", cure, m.page_url)
    writers = [user.name for user in (letter.author, letter.words_by) if user is not None]
    others = " og ".join(dict.fromkeys(writers)) or "den, der har skrevet det"
    return ok(f"En anden end {others} skal læse brevet, før det sendes.")


def recipient(m: Matter) -> Found:
    """Source: forvaltningsloven § 2 (a decision must be told to its party); lov om Digital Post."""
    letter, applicant = m.letter, m.case.applicant
    where = f"/sag/ansoegere/{applicant.pk}/"
    if not letter.recipient_name.strip():
        cure = "Skriv ansøgers navn, eller hent det fra CVR, og lav brevet igen."
        return lacks("Brevet har ingen modtager.", cure, f"{where}kontakt/")
    if applicant.cvr and not is_cvr(applicant.cvr):
        sentence = f"CVR-nummeret {applicant.cvr} er ikke gyldigt."
        return lacks(sentence, "Ret CVR-nummeret.", f"{where}kontakt/")
    if not names_today(m.facts, m.case):
        sentence = "Ansøgers navn, adresse eller CVR-nummer er ændret, siden brevet blev lavet."
        return lacks(sentence, ANEW, m.page_url)
    if sentence := _cannot_reach(m):
        if not letter.sha256:  # the channel of one that is not made cannot be changed
            return lacks(sentence, "Ret ansøgers oplysninger.", where)
        return lacks(
            sentence, "Skift kanal, eller ret ansøgers oplysninger.", f"{m.page_url}#kanal"
        )
    return ok(f"{letter.recipient_name}, {letter.get_channel_display()}.")


def _cannot_reach(m: Matter) -> str:
    """Why the letter's channel does not lead to anybody; empty when it does."""
    letter, applicant = m.letter, m.case.applicant
    if letter.channel == Channel.DIGITAL_POST:
        if applicant.is_exempt:
            return "Modtageren er fritaget for Digital Post."
        if not applicant.cvr and not letter.has_person_number:
            return "Der er hverken CVR- eller CPR-nummer at sende Digital Post til."
    if letter.channel == Channel.EMAIL and not letter.recipient_email:
        return "Der er ingen e-mail at sende besked til."
    if letter.channel in (Channel.EMAIL, Channel.PORTAL) and not letter.has_member:
        return "Ingen hos ansøger kan logge ind og læse brevet på sagen."
    if letter.channel == Channel.PRINT and not (applicant.street and applicant.postcode):
        return "Adressen mangler vej eller postnummer."
    return ""
