"""The invented case on which every kind of letter is shown before there is a real one.

Same every day, and nobody's: Birkerød Lektiecafé (several) and Amina Holm (one person).
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from letters.facts.pronouns import words
from letters.kinds.registry import KINDS

Facts = dict[str, Any]

COMMITTEE, DELEGATED, URGENT = "committee", "delegated", "urgent"
BODIES = (COMMITTEE, DELEGATED, URGENT)
GRANTED, PARTIAL, REJECTED = "GRANTED", "PARTIALLY_GRANTED", "REJECTED"
OUTCOMES = {
    "AWARD": GRANTED,
    "AWARD_CONDITIONS": GRANTED,
    "PARTIAL_AWARD": PARTIAL,
    "REJECTION": REJECTED,
}
POINTS = {GRANTED: 13, PARTIAL: 11, REJECTED: 6}
# these may tell of a refusal; every other needs a grant
AFTER_REFUSAL = ("APPEAL_RECEIPT", "APPEAL_UPHELD", "APPEAL_LATE", "REJECTION")
AMOUNTS = {GRANTED: "25000.00", PARTIAL: "12500.00", REJECTED: "0.00"}

FRAME: Facts = {
    "number": "FP-2027-014",
    "project": "Lektiecafé to aftener om ugen",
    "pool": "Frivillighedspuljen 2027",
    "issued_on": "2027-01-15",
    "issued_at": "2027-01-15T09:30:00+01:00",
    "is_one_person": False,
    "wants_english": False,
    "recipient": "Birkerød Lektiecafé",
    "address": ["Birkerød Lektiecafé", "Att. Sofie Brandt Lund", "Skovkanten 12", "3460 Birkerød"],
    "cvr": "12345674",
    "sender": {
        "municipality": "Rudersdal Kommune",
        "office": "Kulturområdet",
        "place": "Kulturcenter Mariehøj",
        "phone": "12 34 56 78",
        "hours": "hverdage kl. 10–14",
        "email": "puljer@rudersdal.example",
        "name": "Mette Lindgaard",
        "title": "Sagsbehandler, Kulturområdet",
    },
    "link": "https://puljer.example/ansoeg/14/",
    "privacy_link": "https://puljer.example/persondata/",
    "check_link": "https://puljer.example/brev/tjek/",
    "due_on": "2027-02-05",
}
ALONE: Facts = {
    "is_one_person": True,
    "recipient": "Amina Holm",
    "address": ["Amina Holm", "Kirkestien 4", "2840 Holte"],
    "cvr": "",
}
DECIDED: Facts = {
    "decided_on": "2027-01-14",
    "requested_kr": "25000.00",
    "sections": "afsnit 3",
    "basis": "kommunalfuldmagten",
    "guidelines_on": "2026-10-01",
    "max_points": 15,
    "complaint_on": "",
    "replaced_on": "",
    "replaced_kr": "",
    "is_kept": False,
}
BY: dict[str, Facts] = {
    COMMITTEE: {
        "decider": "Kultur- og Fritidsudvalget",
        "is_delegated": False,
        "is_urgent": False,
        "meeting_on": "2027-01-14",
    },
    DELEGATED: {
        "decider": "Kulturområdet",
        "is_delegated": True,
        "is_urgent": False,
        "meeting_on": "",
    },
    URGENT: {
        "decider": "Formanden for Kultur- og Fritidsudvalget",
        "is_delegated": False,
        "is_urgent": True,
        "meeting_on": "",
    },
}
REASONS = {
    GRANTED: "Vi har lagt vægt på, at lektiecaféen er båret af frivillige i to generationer, at"
    " alle unge i 5.–9. klasse kan være med, og at biblioteket og to skoler er med fra start.",
    PARTIAL: "Vi giver ikke tilskud til mad og til løn til en lektor. Puljen er til materialer og"
    " til de frivillige (afsnit 3).\n\nVi har lagt vægt på, at lektiecaféen er båret af frivillige,"
    " og at den kan holdes for det mindre beløb.",
    REJECTED: "Ifølge ansøgningen er lektiecaféen kun for elever på én skole. Puljen er til noget,"
    " som alle i kommunen kan være med i (afsnit 3).\n\nDer var søgt om 412.000 kr., og der var"
    " 150.000 kr. Vi har valgt projekter, der er åbne for alle.",
}
TERMS: Facts = {
    "starts_on": "2027-02-02",
    "ends_on": "2027-06-17",
    "submitted_on": "2026-11-20",
    "report": "rapport og regnskab",
    "report_due_on": "2027-08-17",
    "keep_years": 5,
    "extra_conditions": [],
    "payment_plan": "UPFRONT",
    "is_paid_internally": False,
    "paid_kr": "",
}
SPECIAL: Facts = {
    "reasons": "Vi har lagt vægt på, at lektiecaféen er båret af frivillige i to generationer."
    "\n\nPuljen er til noget, som alle i kommunen kan være med i (afsnit 3), men der står ikke i"
    " ansøgningen, hvordan børn fra andre skoler får plads. Derfor er ti pladser til dem, og derfor"
    " skal materialet vise, at kommunen støtter.",
    "extra_conditions": [
        "Skriv ”støttet af Rudersdal Kommune” på alt materiale.",
        "Mindst ti pladser er til børn, som ikke går på skolen.",
    ],
}
GUIDANCE: Facts = {
    "guidance": {
        "basis": "Kommunalfuldmagten",
        "version": 1,
        "is_approved": True,
        "paragraphs": [
            "Kommunens afgørelse kan ikke indbringes for en anden administrativ myndighed. Bygger"
            " den på en fejl, eller er der nye oplysninger, så skriv til puljer@rudersdal.example,"
            " så vurderer vi, om sagen skal behandles igen.",
            "Ankestyrelsen fører tilsyn med kommuner. Tilsynet er ikke en klageinstans. Det kan se"
            " på, om kommunen har overholdt loven, men ikke på, om afgørelsen er rimelig, og det"
            " vælger selv, om det vil tage en sag op. Man kan desuden klage til Folketingets"
            " Ombudsmand eller anlægge sag ved domstolene.",
        ],
    }
}


def _issued(day: str) -> Facts:
    return {"issued_on": day, "issued_at": f"{day}T09:30:00+01:00"}


COMPLAINT: Facts = _issued("2027-02-01") | {
    "received_on": "2027-01-28",
    "answer_on": "2027-02-25",
    "decided_on": "2027-01-14",
    "accept_by": "",
    "reasons": "Lejen af lokalet var med i det budget, udvalget så. Den er ikke blevet højere.",
}
PAID: Facts = {"paid_kr": "12500.00", "granted_kr": "25000.00"}
REPORTED: Facts = PAID | _issued("2027-09-01")
REPORTED |= {
    "payment_plan": "INSTALMENTS",
    "shown_kr": "25000.00",
    "accepted_kr": "25000.00",
    "covered_kr": "25000.00",
    "cut_kr": "",
    "left_kr": "",
    "rest_kr": "12500.00",
}
RATES = [
    {
        "number": 1,
        "amount_kr": "12500.00",
        "due_on": "2027-02-02",
        "is_paid": True,
        "after_report": False,
    },
    {
        "number": 2,
        "amount_kr": "12500.00",
        "due_on": "2027-08-17",
        "is_paid": False,
        "after_report": True,
    },
]
REPORT_REMINDED: Facts = PAID | {
    "report": "rapport og regnskab",
    "awarded_on": "2027-01-14",
    "days_left": 14,
    "due_on": "2027-08-17",
}
CHANGE: Facts = {
    "issued_on": "2027-02-01",
    "issued_at": "2027-02-01T09:30:00+01:00",
    "asked_on": "2027-01-25",
    "wish": "Vi vil gerne begynde en måned senere, fordi lokalet bliver malet.",
    "new_starts_on": "2027-03-02",
    "new_ends_on": "2027-07-17",
    "has_new_purpose": False,
    "has_new_budget": True,
    "reasons": "",
    "report_due_on": "2027-09-17",
}
HEARD: Facts = {
    "fact": "Biblioteket skriver, at lektiecaféen kun har haft åbent to aftener i alt.",
    "source": "Birkerød Bibliotek",
    "due_on": "2027-01-29",
}
TAKEN_AWAY: Facts = {
    "issued_on": "2027-02-19",
    "issued_at": "2027-02-19T09:30:00+01:00",
    "ended_on": "2027-02-19",
    "decided_on": "2027-01-14",
    "decider": "Kultur- og Fritidsudvalget",
    "was_grant": True,
    "granted_kr": "25000.00",
    "basis": "kommunalfuldmagten",
    "guidelines_on": "2026-10-01",
}

# what each kind has beside the frame; decisions come from _decision()
OWN: dict[str, Facts] = {
    "RECEIPT": _issued("2026-11-20")
    | {
        "is_keyed_in": False,
        "received_at": "2026-11-20T14:12:00+01:00",
        "requested_kr": "25000.00",
        "committee": "Kultur- og Fritidsudvalget",
        "meeting_on": "2027-01-14",
        "answer_on": "2027-01-22",
        "screened_by": "2026-12-04",
        "is_late": False,
    },
    "MISSING_INFORMATION": {"missing": "Et budget, hvor lejen af lokalet står for sig."},
    "INFORMATION_REMINDER": {"missing": "Et budget, hvor lejen af lokalet står for sig."},
    "HEARING": HEARD | {"decided_on": ""},
    "EXTENSION": {
        "due_on": "2027-02-19",
        "old_due_on": "2027-02-05",
        "reason": "Jeres revisor er først tilbage i uge 7.",
        "state": "PAID",
    },
    "POSTPONED": {
        "reason": "Udvalget vil vide, om biblioteket kan bruges hele året.",
        "meeting_on": "2027-01-14",
        "decider": "Kultur- og Fritidsudvalget",
        "answer_on": "2027-02-25",
        "new_meeting_on": "",
        "next_meeting_on": "2027-02-11",
    },
    "AWARD_REMINDER": _issued("2027-01-29"),
    "ANNULMENT": TAKEN_AWAY | {"reason": "Budgettet hørte til en anden ansøgning."},
    "PAYMENT_NOTICE": PAID
    | _issued("2027-02-02")
    | {
        "amount_kr": "12500.00",
        "rate": 1,
        "rates": RATES,
        "is_internal": False,
        "report": "rapport og regnskab",
        "report_due_on": "2027-08-17",
    },
    "PAYMENT_REJECTED": _issued("2027-02-05")
    | {
        "amount_kr": "12500.00",
        "reason": "Der er ingen NemKonto til CVR-nummeret.",
        "is_internal": False,
    },
    "CHANGE_APPROVED": CHANGE,
    "CHANGE_REFUSED": CHANGE | {"reasons": "Puljens penge skal bruges i samme skoleår (afsnit 4)."},
    "CONTROL_SELECTED": _issued("2027-09-06")
    | {
        "reason": "Kvitteringer for de materialer, I har købt.",
        "due_on": "2027-09-27",
    },
    "REPORT_BEFORE": REPORT_REMINDED | _issued("2027-08-03"),
    "REPORT_FIRST": REPORT_REMINDED | _issued("2027-08-18") | {"due_on": "2027-08-31"},
    "REPORT_SECOND": REPORT_REMINDED | _issued("2027-09-01") | {"due_on": "2027-09-15"},
    "REPORT_LAST": REPORT_REMINDED | _issued("2027-09-16") | {"due_on": "2027-09-30"},
    "REPORT_RETURNED": _issued("2027-08-20")
    | {"missing": "Et bilag for lejen af lokalet.", "due_on": "2027-09-10"},
    "REPORT_APPROVED": REPORTED | {"is_waived": False},
    "REPORT_REDUCED": REPORTED
    | {
        "accepted_kr": "20000.00",
        "covered_kr": "20000.00",
        "cut_kr": "5000.00",
        "rest_kr": "7500.00",
        "reason": "Maden til afslutningen er ikke med i det budget, vi gav tilskud til.",
        "approved_on": "2027-09-01",
    },
    "RECOVERY_HEARING": HEARD
    | PAID
    | _issued("2027-09-20")
    | {"decided_on": "2027-01-14", "due_on": "2027-10-11"},
    "REPAYMENT_CLAIM": {
        "issued_on": "2027-10-18",
        "issued_at": "2027-10-18T09:30:00+02:00",
        "due_on": "2027-11-17",
        "claimed_on": "2027-10-18",
        "amount_kr": "12500.00",
        "granted_kr": "25000.00",
        "paid_kr": "25000.00",
        "reasons": "Regnskabet viser, at 12.500 kr. ikke er brugt.",
        "heard_on": "2027-09-20",
        "is_heard_by_reminder": False,
        "answer": "Vi glemte at sende de sidste bilag.",
        "is_by_education_act": False,
    },
    "LAPSE": TAKEN_AWAY | {"was": "APPROVED", "missed_on": "2027-02-05"},
    "WITHDRAWAL": {"had_grant": False},
    "REOPENING": {
        "reason": "Svaret lå i vores uåbnede post.",
        "state": "APPROVED",
        "answer_by": "2027-02-05",
    },
    "CLOSING": PAID
    | _issued("2027-10-04")
    | {
        "paid_kr": "25000.00",
        "keep_years": 5,
        "is_repayment": False,
        "is_open": False,
        "repaid_kr": "",
    },
    "APPEAL_RECEIPT": COMPLAINT,
    "APPEAL_UPHELD": COMPLAINT | _issued("2027-02-12") | {"answered_on": "2027-02-12"},
    "APPEAL_LATE": COMPLAINT
    | _issued("2027-02-18")
    | {
        "received_on": "2027-02-16",
        "answered_on": "2027-02-18",
        "late_after": "2027-02-11",
        "basis": "serviceloven § 18",
        "reasons": "Klagen skulle være her senest den 11. februar 2027.",
    },
}
# the words of the sample that speak to the reader
ADDRESSED: dict[str, Callable[[dict[str, str]], Facts]] = {
    "EXTENSION": lambda du: {"reason": f"{du['Din']} revisor er først tilbage i uge 7."},
    "PAYMENT_REJECTED": lambda du: {
        "reason": f"Der er ingen NemKonto til {'CPR' if du['du'] == 'du' else 'CVR'}-nummeret."
    },
    "CONTROL_SELECTED": lambda du: {
        "reason": f"Kvitteringer for de materialer, {du['du']} har købt."
    },
}


def facts(
    kind: str,
    *,
    one: bool = False,
    outcome: str = "",
    decided_by: str = COMMITTEE,
    english: bool = False,
) -> Facts:
    """What a letter of this kind is made from, in the invented case.

    ``outcome``: of the decision a letter tells or speaks of; a decision's own letter has its own.
    ``one``: to one person and not an association. Raises KeyError for a kind nobody knows.
    """
    told = deepcopy(FRAME) | {"kind": kind, "title": KINDS[kind].title, "wants_english": english}
    if one:
        told |= deepcopy(ALONE)
    if "decision" in KINDS[kind].needs:
        tells = outcome if kind in AFTER_REFUSAL or outcome != REJECTED else GRANTED
        told |= _decision(OUTCOMES.get(kind) or tells or GRANTED, decided_by)
    if kind == "AWARD_CONDITIONS":
        told |= SPECIAL
    told |= deepcopy(OWN.get(kind, {}))
    if kind in ADDRESSED:
        told |= ADDRESSED[kind](words(one=one))
    return told | deepcopy(GUIDANCE) if KINDS[kind].needs_guidance else told


def _decision(outcome: str, decided_by: str) -> Facts:
    terms = deepcopy(TERMS) if outcome != REJECTED else {}
    told = {"amount_kr": AMOUNTS[outcome], "reasons": REASONS[outcome], "points": POINTS[outcome]}
    return DECIDED | BY[decided_by] | told | terms
