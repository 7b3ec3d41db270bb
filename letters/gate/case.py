"""The gate's lines about the case: does the decision stand, was the party heard, is there time."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from letters.gate.found import Found, lacks, ok, unneeded
from letters.gate.matter import Matter
from letters.gate.words import ANEW, NO_DECISION
from letters.models import LetterState
from pulje.enums import ClaimState, Outcome
from pulje.rules.hearing import blocks_decision
from pulje.states import CaseState
from pulje.templatetags.words import dato_aar

LONGEST_DAYS = 7  # from the day in the letter to the day it leaves
FEWEST_DAYS = 14  # to answer an award, from the day its letter leaves
ENDED = (CaseState.WITHDRAWN, CaseState.LAPSED, CaseState.DECLINED)
STAYS_LAPSED = (CaseState.LAPSED, CaseState.CLOSED, CaseState.IN_RECOVERY)
REOPENED = "Genåbn sagen. Så får ansøger alle dagene til at svare."
NOT_SENT = "Send det ikke. Er der truffet en ny afgørelse, har den sit eget brev."


def standing(m: Matter) -> Found:
    """Source: forvaltningsloven § 2; states.md (a decision is replaced, never changed)."""
    if not m.decides:
        return unneeded(NO_DECISION)
    if m.letter.state == LetterState.SUPERSEDED:
        return lacks("Et andet brev er trådt i stedet.", NOT_SENT, m.case_url)
    if m.is_lapse:
        return _lapsed(m)
    if not m.is_annulment and (m.decision is None or not m.decision.is_current):
        return lacks("Afgørelsen gælder ikke længere.", NOT_SENT, m.case_url)
    if m.claim is not None and m.claim.state != ClaimState.CLAIMED:
        sentence = f"Kravet står som ”{m.claim.get_state_display()}”."
        return lacks(sentence, NOT_SENT, m.case_url)
    if m.is_ruling and m.decision and m.decision.is_anew and not m.facts.get("replaced_on"):
        sentence = "Brevet siger ikke, at afgørelsen træder i stedet for en anden."
        return lacks(sentence, ANEW, m.page_url)
    if m.case.state in ENDED:
        sentence = f"Sagen står som ”{m.case.get_state_display()}”."
        return lacks(sentence, "Tal med ansøger, før der sendes noget.", m.case_url)
    return ok("Afgørelsen gælder, og ingen nyere er trådt i stedet.")


def _lapsed(m: Matter) -> Found:
    if m.case.state not in STAYS_LAPSED:
        return lacks("Sagen er åbnet igen.", "Send det ikke. Ansøger har fået besked.", m.case_url)
    return ok("Sagen er bortfaldet og ikke åbnet igen.")


def minutes(m: Matter) -> Found:
    """Source: kommunestyrelsesloven § 20 (what is decided is recorded, and the record approved)."""
    d = m.decision
    if not m.is_ruling or d is None or d.meeting is None or not d.is_of_meeting:
        return unneeded("Afgørelsen er ikke truffet på et møde.")
    day = dato_aar(timezone.localdate(d.meeting.held_at))
    if d.meeting.minutes_approved_at is None:
        return lacks(
            f"Referatet af mødet den {day} er ikke godkendt.",
            "Formand eller sekretær skal godkende referatet.",
            f"/udvalg/moede/{d.meeting_id}/luk/",
        )
    return ok(f"Referatet af mødet den {day} er godkendt.")


def hearing(m: Matter) -> Found:
    """Source: forvaltningsloven § 19."""
    if not m.decides:
        return unneeded(NO_DECISION)
    for row in m.letter.hearings:
        if row["ended_at"] is None:
            return _open(m, date.fromisoformat(row["due_on"]))
    if m.claim is not None:
        return _before_claim(m)
    if m.is_lapse_of_grant:
        return _heard_in_reminder(m, timezone.localdate(m.letter.entry.at), REOPENED)
    if m.is_lapse:
        return unneeded("Det, der vejer, ved ansøger: fristen udløb uden svar.")
    if _gives_less(m) and not _ended_since(m):
        return lacks(
            "Der gives mindre end før, og ansøger er ikke hørt om det.",
            "Hør ansøger, og afgør sagen på ny.",
            m.case_url,
        )
    if m.letter.hearings:
        day = dato_aar(timezone.localdate(_at(m.letter.hearings[-1], "ended_at")))
        return ok(f"Partshøringen sluttede {day}.")
    return unneeded("Der er ingen oplysninger fra andre, som taler imod ansøger.")


def dates(m: Matter) -> Found:
    """Source: god forvaltningsskik: a deadline must be one that can be kept (local config)."""
    issued_on = date.fromisoformat(m.facts["issued_on"])
    if issued_on > m.today:
        return lacks(f"Brevet har datoen {dato_aar(issued_on)}.", ANEW, m.page_url)
    is_read_now = m.decides and m.letter.state == LetterState.RENDERED
    if is_read_now and (m.today - issued_on).days > LONGEST_DAYS:
        sentence = f"Brevet har datoen {dato_aar(issued_on)}, mere end {LONGEST_DAYS} dage siden."
        return lacks(sentence, f"{ANEW} Så får det dagens dato og nye frister.", m.page_url)
    if m.claim is not None:
        return _claim_due(m, _day(m, "due_on"))
    if m.appeal is not None and m.facts.get("accept_by"):
        return _time_to_answer(m, _day(m, "accept_by"))
    if not m.is_award:
        return ok(f"Brevet har datoen {dato_aar(issued_on)} og giver ingen frist.")
    if m.case.state != CaseState.APPROVED:
        return ok(f"Brevet har datoen {dato_aar(issued_on)}; tilskuddet er allerede besvaret.")
    return _time_to_answer(m, _day(m, "due_on"))


def _time_to_answer(m: Matter, answer_by: date | None) -> Found:
    if answer_by is None or answer_by != m.case.due_on:
        return lacks(
            "Svarfristen i brevet er ikke sagens.", f"{ANEW} Fristen følger med.", m.page_url
        )
    left = (answer_by - m.today).days
    if left < FEWEST_DAYS:
        sentence = f"Svarfristen er {dato_aar(answer_by)}, og der skal være {FEWEST_DAYS} dage."
        return lacks(sentence, "Lav brevet igen. Så får ansøger alle dagene.", m.page_url)
    return ok(f"Ansøger har {left} dage til at svare, til {dato_aar(answer_by)}.")


def _claim_due(m: Matter, due_on: date | None) -> Found:
    assert m.claim is not None
    if due_on is None or due_on != m.claim.due_on:
        return lacks("Betalingsfristen i brevet er ikke kravets.", ANEW, m.page_url)
    if due_on <= m.today:
        sentence = f"Betalingsfristen {dato_aar(due_on)} er ikke længere forude."
        return lacks(sentence, "Lav brevet igen. Så får ansøger alle dagene.", m.page_url)
    return ok(f"Der skal betales senest {dato_aar(due_on)}.")


def _open(m: Matter, due_on: date) -> Found:
    if blocks_decision(due_on=due_on, answered_on=None, today=m.today):
        sentence = f"Der er en partshøring, som ansøger kan svare på til {dato_aar(due_on)}."
        return lacks(sentence, "Vent på svaret eller fristen.", m.case_url)
    return ok(f"Partshøringens frist udløb {dato_aar(due_on)} uden svar.")


def _before_claim(m: Matter) -> Found:
    assert m.claim is not None
    if m.claim.hearing is not None and m.claim.hearing.ended_at is not None:
        day = dato_aar(timezone.localdate(m.claim.hearing.ended_at))
        return ok(f"Ansøger er hørt om kravet; høringen sluttede {day}.")
    cure = "Hør ansøger, og foreslå kravet igen."
    return _heard_in_reminder(m, timezone.localdate(m.claim.proposed_at), cure)


def _heard_in_reminder(m: Matter, day: date, cure: str) -> Found:
    """The last report reminder was the hearing, when it could be read and had run out on the day.

    Source: letter E8 (domain.md); rules/hearing.py (is_heard).
    """
    if m.heard is not None and m.heard.is_over(day):
        return ok("Den sidste rykker var også partshøring, og dens frist er udløbet.")
    if m.heard is None:
        return lacks("Ansøger er ikke hørt om, at pengene tages tilbage.", cure, m.case_url)
    if m.heard.told_on is None:
        sentence = "Den sidste rykker er partshøringen, og den er ikke kommet frem."
        return lacks(sentence, cure, m.case_url)
    sentence = f"Ansøger kunne svare på den sidste rykker til {dato_aar(m.heard.until)}."
    return lacks(sentence, cure, m.case_url)


def _gives_less(m: Matter) -> bool:
    """Less than a decision the applicant was told of; minutes corrected before that are none."""
    d = m.decision
    if not m.is_ruling or d is None or d.replaces is None or not d.is_anew:
        return False
    return d.replaces.outcome != Outcome.REJECTED and d.amount_kr < d.replaces.amount_kr


def _ended_since(m: Matter) -> bool:
    assert m.decision is not None
    assert m.decision.replaces is not None
    since = m.decision.replaces.decided_at
    return any(row["ended_at"] and _at(row, "ended_at") >= since for row in m.letter.hearings)


def _at(row: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(row[name])


def _day(m: Matter, name: str) -> date | None:
    told = m.facts.get(name)
    return date.fromisoformat(told) if told else None
