"""All that an application says, for whoever reads it once more before it is signed or sent."""

from typing import Any

from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, AttachmentKind, AttachmentNote
from pulje.models import Application
from pulje.queries.application.budget import posts
from pulje.queries.application.questions import answered, questions_of
from pulje.rules.budget import expense, income

Kind = ApplicantKind


def answers(application: Application) -> dict[str, Any]:
    """The context of _answers.html; a handful of queries."""
    lines = list(application.budget_lines.order_by("position"))
    questions = questions_of(application.version)
    labels = {question.key: question.label for question in questions}
    return {
        "payment": payment_text(application),
        "lines": lines,
        "expense_kr": expense(posts(lines)),
        "funding_kr": income(posts(lines)),
        "partners": list(application.partners.order_by("position")),
        "own_answers": answered(questions, application.answers),
        "files": [
            (labels.get(file.question) or file.get_kind_display(), file)
            for file in application.attachments.order_by("pk")
        ],
        "notes": _notes(application, labels),
    }


def payment_text(application: Application) -> str:
    """Where the money would go."""
    match application.applicant.kind:
        case Kind.ASSOCIATION:
            return _("Foreningens NemKonto")
        case Kind.SELF_GOVERNING_INSTITUTION:
            return _("Institutionens NemKonto")
        case Kind.MUNICIPAL_INSTITUTION:
            return _("Flyttes mellem kommunens konti")
        case Kind.INDIVIDUAL:
            return _("Din NemKonto")
    return _("NemKontoen hos den, der er ansvarlig i netværket")


def _notes(application: Application, questions: dict[str, str]) -> list[tuple[str, str, bool]]:
    """What is missing, why, and whether the pool itself has named it: then it is in Danish."""
    kinds = dict(AttachmentKind.choices)
    return [
        (
            str(kinds.get(kind) or questions.get(kind, kind)),
            str(AttachmentNote(note).label),
            kind not in kinds,
        )
        for kind, note in application.attachment_notes.items()
        if note in AttachmentNote.values
    ]
