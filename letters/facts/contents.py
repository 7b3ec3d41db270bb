"""All that was applied for, as plain rows of label and value: the application on paper.

Taken once, when it is sent, and kept with the receipt's facts: what was sent stays as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from pulje.enums import (
    AttachmentKind,
    AttachmentNote,
    ExpenseCategory,
    FundingStatus,
    LineKind,
    PayeeKind,
    SignatureKind,
)
from pulje.models import Application, Attachment, BudgetLine, Question, Signature
from pulje.queries.application.budget import posts
from pulje.queries.application.questions import answered
from pulje.rules.budget import income
from pulje.templatetags.words import dato_aar, kr_text, tid

Row = dict[str, Any]
Section = dict[str, Any]
SHORT_LABEL, SHORT_VALUE = 28, 46  # such a row has room on one line
READ = (
    "budget_lines",
    "attachments",
    "signatures__user",
    "partners",
    "guardian_consents",
    "version__questions",
)


def load(applications: Sequence[Application]) -> None:
    """Read the rows of many applications: one query a kind."""
    prefetch_related_objects(applications, *READ, "submitted_by")


def contents_of(a: Application, du: dict[str, str]) -> dict[str, Any]:
    """Sections and budget of a loaded application; ``du``: the pronouns (facts.words)."""
    questions = sorted(a.version.questions.all(), key=lambda row: row.position)
    before = {
        "Hvem søger": _who(a),
        f"{du['Din']} idé": _idea(a, du),
        "Puljens egne spørgsmål": _answers(a, questions),
    }
    after = {"Bilag": _attachments(a, questions), "Erklæringer og underskrift": _signed(a)}
    return {"before": _sections(before), "budget": _budget(a), "after": _sections(after)}


def _sections(parts: Mapping[str, Iterable[tuple[str, object]]]) -> list[Section]:
    """Those that have something in them; an empty answer is left out."""
    sections = [
        {
            "title": title,
            "rows": [_row(label, str(value)) for label, value in rows if value or value == 0],
        }
        for title, rows in parts.items()
    ]
    return [section for section in sections if section["rows"]]


def _row(label: str, value: str) -> Row:
    is_short = len(label) <= SHORT_LABEL and len(value) <= SHORT_VALUE and "\n" not in value
    return {"label": label, "value": value, "is_short": is_short}


def _who(a: Application) -> Iterable[tuple[str, object]]:
    who = a.applicant
    town = f"{who.postcode} {who.town}".strip()
    is_internal = who.payee_kind == PayeeKind.INTERNAL
    yield "Ansøger", who.name
    yield "Type", who.get_kind_display()
    yield "CVR-nummer", who.cvr
    yield "Adresse", ", ".join(filter(None, [who.street, town]))
    yield "Kontaktperson", a.contact_name
    yield "E-mail", a.contact_email
    yield "Telefon", a.contact_phone
    yield "Udbetaling", "Intern omkontering" if is_internal else "NemKonto"


def _idea(a: Application, du: dict[str, str]) -> Iterable[tuple[str, object]]:
    yield "Projektets navn", a.title
    yield "Kort fortalt", a.summary
    yield f"Hvad vil {du['du']} gøre?", a.description
    yield "Hvem er det for?", a.target_group
    yield "Hvor foregår det?", a.area
    yield "Hvornår?", " – ".join(dato_aar(day) for day in (a.starts_on, a.ends_on) if day)
    yield "Frivillige", a.volunteers
    yield "Deltagere, cirka", a.participants
    yield f"Er {du['du']} sammen med andre om det?", _partners(a)
    yield "Hvad skal prøves af eller læres?", a.learning


def _partners(a: Application) -> str:
    lines = []
    for row in sorted(a.partners.all(), key=lambda row: row.position):
        said = f"{row.name}: {row.contribution}" if row.contribution else row.name
        leader = f" (bekræftet af lederen, {row.leader_name})" if row.is_confirmed else ""
        lines.append(said + leader)
    return "\n".join(lines)


def _answers(a: Application, questions: Sequence[Question]) -> Iterable[tuple[str, object]]:
    return [(question.label, text) for question, text in answered(questions, a.answers)]


def _attachments(a: Application, questions: Sequence[Question]) -> Iterable[tuple[str, object]]:
    labels = {question.key: question.label for question in questions}
    names: dict[str, list[str]] = {}
    for row in sorted(a.attachments.all(), key=lambda row: row.pk):
        names.setdefault(_slot(row, labels), []).append(row.name)
    for key, note in a.attachment_notes.items():
        slot = labels.get(key) or _said(AttachmentKind, key)
        names.setdefault(slot, []).append(_said(AttachmentNote, note))
    return [(slot, "\n".join(told)) for slot, told in names.items()]


def _slot(row: Attachment, labels: dict[str, str]) -> str:
    return labels.get(row.question) or _said(AttachmentKind, row.kind)


def _signed(a: Application) -> Iterable[tuple[str, object]]:
    if a.supplements_paid_work:
        yield "De frivillige supplerer de ansatte og erstatter ikke lønnet arbejde", "Ja"
    yield "Projektet må vises på hjemmesiden", "Ja" if a.may_publish else "Nej"
    for consent in a.guardian_consents.all():
        if consent.is_given:
            yield "Samtykke fra forælder eller værge", _by(consent.name, consent.answered_at)
    yield "Skrevet under", "\n".join(_by(row.user.name, row.signed_at) for row in _standing(a))
    if a.submitted_by and a.submitted_at:
        yield "Sendt", _by(a.submitted_by.name, a.submitted_at)


def _standing(a: Application) -> list[Signature]:
    """The signatures under what was sent: those of the newest text; older ones were undone."""
    rows = [row for row in a.signatures.all() if row.kind == SignatureKind.APPLICATION]
    rows.sort(key=lambda row: (row.signed_at, row.pk))
    return [row for row in rows if row.digest == rows[-1].digest]


def _by(name: str, at: datetime | None) -> str:
    return f"{name}, {dato_aar(timezone.localtime(at))} {tid(at)}" if at else name


def _budget(a: Application) -> dict[str, Any]:
    lines = sorted(a.budget_lines.all(), key=lambda line: line.position)
    expenses = [line for line in lines if line.kind == LineKind.EXPENSE]
    incomes = [line for line in lines if line.kind != LineKind.EXPENSE]
    return {
        "expenses": [_line(line, _said(ExpenseCategory, line.category)) for line in expenses],
        "expenses_kr": _sum(expenses),
        "incomes": [_line(line, _income(line)) for line in incomes],
        "incomes_kr": kr_text(income(posts(incomes))),  # refused money is none
        "requested_kr": kr_text(a.requested_kr),
    }


def _line(line: BudgetLine, note: str) -> Row:
    return {"text": line.text, "note": note, "amount_kr": kr_text(line.amount_kr)}


def _income(line: BudgetLine) -> str:
    if line.kind == LineKind.OWN_FUNDING:
        return "Egne penge"
    return _said(FundingStatus, line.funding_status) if line.funding_status else ""


def _sum(lines: Iterable[BudgetLine]) -> str:
    return kr_text(sum((line.amount_kr for line in lines), Decimal(0)))


def _said(codes: Any, code: str) -> str:
    """A code's label; a code we no longer know says nothing."""
    return str(codes(code).label) if code in codes.values else ""
