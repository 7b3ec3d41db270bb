"""A case's whole journal as people read it, with who has had the case open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pulje.models import Application, CaseReading, JournalEntry
from pulje.queries.casework.case import words_for
from pulje.states import Verb
from pulje.templatetags.words import tid

STEPS, TALK, PAPERS, READINGS, OTHER = "skridt", "breve", "bilag", "opslag", "andet"
KINDS = {
    STEPS: "Skridt i sagen",
    TALK: "Breve og beskeder",
    PAPERS: "Bilag og noter",
    READINGS: "Opslag i sagen",
    OTHER: "Andet",
}
KIND_OF = dict.fromkeys(Verb.values, STEPS) | {
    "letter_channel_changed": TALK,
    "letter_sent": TALK,
    "letter_approved": TALK,
    "letter_remade": TALK,
    "letter_taken_back": TALK,
    "letter_corrected": TALK,
    "letter_available": TALK,
    "annulment_untold": TALK,
    "letter_returned": TALK,
    "letter_opened": TALK,
    "message": TALK,
    "reminded": TALK,
    "decision_opened": TALK,
    "attachment": PAPERS,
    "attachment_removed": PAPERS,
    "attachment_reviewed": PAPERS,
    "attachment_titled": PAPERS,
    "note": PAPERS,
    "checked": STEPS,
}
SYSTEM = "System"


@dataclass(frozen=True)
class Line:
    """One thing that happened, or all who opened the case on one day."""

    at: datetime
    words: str
    who: str
    kind: str
    number: int | None = None


def lines_of(case: Application, kind: str = "") -> list[Line]:
    """Every line of one kind, or of all (""), the newest first: two queries at most."""
    entries = case.journal.select_related("by").order_by("-number")
    lines = [] if kind == READINGS else [_entry(entry) for entry in entries]
    if kind in ("", READINGS):
        lines += _by_day(case.readings.select_related("user").order_by("first_at", "pk"))
    found = [line for line in lines if kind in ("", line.kind)]
    return sorted(found, key=lambda line: (line.at, line.number or 0), reverse=True)


def _entry(entry: JournalEntry) -> Line:
    who = entry.by.name if entry.by else SYSTEM
    if entry.on_behalf_of:
        who += f" for {entry.on_behalf_of}"
    kind = KIND_OF.get(entry.event, OTHER)
    return Line(entry.at, words_for(entry), who, kind, entry.number)


def _by_day(readings: Iterable[CaseReading]) -> list[Line]:
    """One line a day, at the last who came; each with when they first looked."""
    days: dict[date, list[CaseReading]] = defaultdict(list)
    for reading in readings:
        days[reading.on].append(reading)
    return [
        Line(
            same[-1].first_at,
            "Åbnede sagen",
            ", ".join(f"{one.user.name} {tid(one.first_at)}" for one in same),
            READINGS,
        )
        for same in days.values()
    ]
