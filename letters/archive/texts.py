"""What a case holds as rows, as plain Danish text for the ESDH; None where there is nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from pulje.models import Appeal, Application, MemberQuestion, Report
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


def complaints_text(case: Application) -> Written | None:
    """Complaints over the case's decisions as they came in."""
    appeals = Appeal.objects.filter(decision__application=case)
    return _together((one.received_at, "Klage", one.text) for one in appeals)


def reassessments_text(case: Application) -> Written | None:
    """What the house thought of the complaints (final internal documents) and answered."""
    appeals = Appeal.objects.filter(decision__application=case)
    appeals = appeals.select_related("assessed_by", "answered_by")
    said = [(one.assessed_at, one.assessed_by, one.assessment) for one in appeals]
    said += [(one.answered_at, one.answered_by, one.answer) for one in appeals]
    return _together((at, by.name if by else "Systemet", text) for at, by, text in said)


def changes_text(case: Application) -> Written | None:
    """Wishes to change the project, each with what was answered."""
    said: list[tuple[datetime | None, str, str]] = []
    for one in case.change_requests.select_related("asked_by", "answered_by"):
        days = " – ".join(f"{day:%d-%m-%Y}" for day in (one.starts_on, one.ends_on) if day)
        budget = [f"{line['text']}\t{line['amount_kr']} kr." for line in one.lines]
        wish = [one.reason, one.purpose, days, *budget]
        said.append((one.asked_at, one.asked_by.name, "\n".join(filter(None, wish))))
        answer = f"{one.get_state_display()}. {one.answer}"
        by = one.answered_by.name if one.answered_by else "Systemet"
        said.append((one.answered_at, by, answer))
    return _together(said)


def views_text(case: Application) -> Written | None:
    """Assessments that were given, what was recommended and what was decided, with reasons."""
    given = case.assessments.exclude(finished_at=None).select_related("reviewer")
    said: list[tuple[datetime | None, str, str]] = []
    for one in given.prefetch_related("scores__criterion"):
        points = [f"{row.criterion}: {row.points}. {row.words}" for row in one.scores.all()]
        told = "\n".join(filter(None, [*points, one.comment]))
        said.append((one.finished_at, f"{one.reviewer.name}, vurdering", told))
    for advice in case.recommendations.select_related("recommended_by"):
        told = f"{kr_text(advice.amount_kr)}\n{advice.reasons}\n{advice.conditions}".strip()
        said.append((advice.recommended_at, f"{advice.recommended_by.name}, indstilling", told))
    for ruling in case.decisions.all():
        told = f"{kr_text(ruling.amount_kr)}\n{ruling.reasons}\n{ruling.conditions}".strip()
        said.append((ruling.decided_at, "Afgørelse", told))
    return _together(said)


def questions_text(case: Application) -> Written | None:
    """What members of the committee asked before a meeting, and were answered."""
    said: list[tuple[datetime | None, str, str]] = []
    asked = MemberQuestion.objects.filter(item__application=case)
    for one in asked.select_related("asked_by", "answered_by"):
        said.append((one.asked_at, one.asked_by.name, one.text))
        said.append((one.answered_at, one.answered_by.name if one.answered_by else "", one.answer))
    return _together(said)


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


def _together(said: Iterable[tuple[datetime | None, str, str]]) -> Written | None:
    """What was said at a time, oldest first; what was not said yet is left out."""
    told = sorted((at, who, text) for at, who, text in said if at and text)
    return Written(told[-1][0], "\n".join(_said(*one) for one in told)) if told else None


def _said(at: datetime, who: str, text: str) -> str:
    return f"{_moment(at)} – {who}\n{text}\n"


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")
