"""Facts of an invented case, the same every day: for snapshots and for the renderer."""

from typing import Any

from letters import actions
from letters.kinds import KINDS
from letters.models import Letter
from letters.texts.chosen import standards_for

SENDER = {
    "municipality": "Rudersdal Kommune",
    "office": "Kulturområdet",
    "place": "Kulturcenter Mariehøj",
    "phone": "12 34 56 78",
    "hours": "hverdage kl. 10–14",
    "email": "puljer@rudersdal.example",
    "name": "Mette Lindgaard",
    "title": "Sagsbehandler",
}
FRAME = {
    "number": "FP-2027-014",
    "project": "Lektiecafé to aftener om ugen",
    "pool": "Frivillighedspuljen 2027",
    "issued_on": "2027-01-15",
    "issued_at": "2027-01-15T09:30:00+01:00",
    "is_one_person": False,
    "recipient": "Birkerød Lektiecafé",
    "address": ["Birkerød Lektiecafé", "Att. Sofie Brandt Lund", "Skovkanten 12", "3460 Birkerød"],
    "cvr": "12345674",
    "sender": SENDER,
    "link": "https://puljer.example/ansoeg/",
    "privacy_link": "https://puljer.example/persondata/",
    "due_on": "2027-02-05",
}
DECIDED = {
    "decided_on": "2027-01-14",
    "decider": "Kultur- og Fritidsudvalget",
    "is_delegated": False,
    "is_urgent": False,
    "meeting_on": "2027-01-14",
    "requested_kr": "25000.00",
    "reasons": "Udvalget lagde vægt på, at lektiecaféen er båret af frivillige i to generationer.",
    "sections": "afsnit 3",
    "basis": "kommunalfuldmagten",
    "guidelines_on": "2026-10-01",
    "points": 13,
    "max_points": 15,
}
TERMS = {
    "starts_on": "2027-02-02",
    "ends_on": "2027-06-17",
    "submitted_on": "2026-11-20",
    "report": "rapport og regnskab",
    "report_due_on": "2027-08-17",
    "keep_years": 5,
    "extra_conditions": ["Biblioteket har bekræftet aftalen."],
    "payment_plan": "UPFRONT",
    "is_paid_internally": False,
    "paid_kr": "",
}
GUIDANCE = {
    "guidance": {
        "basis": "Kommunalfuldmagten",
        "version": 1,
        "is_approved": True,
        "paragraphs": ["Kommunens afgørelse kan ikke indbringes for en anden myndighed."],
    }
}
COMPLAINT = {
    "received_on": "2027-01-28",
    "answer_on": "2027-02-25",
    "decided_on": "2027-01-14",
    "accept_by": "",
    "reasons": "Lejen af lokalet var med i det budget, udvalget så. Den er ikke blevet højere.",
}
ALONE = {"is_one_person": True, "recipient": "Amina Holm", "address": ["Amina Holm"], "cvr": ""}

LETTERS: dict[str, dict[str, Any]] = {
    "AWARD": FRAME | DECIDED | TERMS | {"title": "Afgørelse: tilskud", "amount_kr": "25000.00"},
    "PARTIAL_AWARD": FRAME
    | ALONE
    | DECIDED
    | TERMS
    | GUIDANCE
    | {"title": "Afgørelse: delvist tilskud", "amount_kr": "12500.50"},
    "REJECTION": FRAME
    | DECIDED
    | GUIDANCE
    | {"title": "Afgørelse: afslag", "amount_kr": "0.00", "is_delegated": True},
    "APPEAL_RECEIPT": FRAME | COMPLAINT | {"title": "Kvittering for klage"},
    "APPEAL_UPHELD": FRAME
    | ALONE
    | DECIDED
    | GUIDANCE
    | COMPLAINT
    | {"title": "Svar på klage", "amount_kr": "12500.00", "accept_by": "2027-03-12"},
    "APPEAL_LATE": FRAME | GUIDANCE | COMPLAINT | {"title": "Svar på klage"},
}


def html_of(kind: str, facts: dict[str, Any]) -> str:
    """The letter with the standard texts: no database."""
    return actions.letter_html(Letter(kind=kind, facts=facts), standards_for(KINDS[kind]))
