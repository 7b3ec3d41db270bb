"""What a case holds as rows, as plain Danish text for the ESDH; None where there is nothing."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from pulje.models import Application, Report
from pulje.queries.talk import talk_of
from pulje.templatetags.words import kr_text


@dataclass(frozen=True)
class Written:
    """A text and the moment of the last thing in it."""

    at: datetime
    text: str


def talk_text(case: Application) -> Written | None:
    """Messages and answers, oldest first."""
    lines = talk_of(case)
    said = [
        _said(line.sent_at, line.sender_name or "Ansøger", line.text)
        for line in lines
        if line.sent_at
    ]
    return Written(lines[-1].sent_at, "\n".join(said)) if lines else None


def notes_text(case: Application) -> Written | None:
    """Internal notes (offentlighedsloven § 13), oldest first."""
    notes = list(case.notes.select_related("author").order_by("written_at", "pk"))
    said = [_said(note.written_at, note.author.name, note.text) for note in notes]
    return Written(notes[-1].written_at, "\n".join(said)) if notes else None


def report_text(case: Application) -> Written | None:
    """The report as it was last sent, with accounts beside budget."""
    report: Report | None = getattr(case, "report", None)
    if report is None or report.submitted_at is None:
        return None
    parts = (
        ("Blev det som håbet", report.get_went_display()),
        ("Hvad skete der", report.story),
        ("Hvad virkede", report.worked),
        ("Hvad lærte I", report.learned),
        ("Deltagere", report.participants),
        ("Frivillige", report.volunteers),
        ("Godkendt beløb", kr_text(report.accepted_kr) if report.accepted_kr is not None else ""),
    )
    told = [f"{name}\n{value}\n" for name, value in parts if value not in ("", None)]
    lines = [
        f"{line.get_kind_display()}\t{line.text}\t{kr_text(line.budget_kr)}\t{kr_text(line.actual_kr)}"
        for line in report.lines.order_by("position")
    ]
    accounts = ["Art\tPost\tBudget\tRegnskab", *lines] if lines else []
    return Written(report.submitted_at, "\n".join([*told, *accounts]) + "\n")


def journal_text(case: Application) -> Written | None:
    """The journal with its chain of hashes: one line a thing that happened."""
    entries = list(case.journal.select_related("by").order_by("number"))
    if not entries:
        return None
    lines = []
    for entry in entries:
        who = entry.by.name if entry.by else "Systemet"
        facts = json.dumps(entry.data, sort_keys=True, ensure_ascii=False)
        moved = f"{entry.from_state}>{entry.to_state}"
        told = (entry.number, _moment(entry.at), entry.event, moved, who, facts, entry.hash)
        lines.append("\t".join(map(str, told)))
    return Written(entries[-1].at, "\n".join(lines) + "\n")


def _said(at: datetime, who: str, text: str) -> str:
    return f"{_moment(at)} – {who}\n{text}\n"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
