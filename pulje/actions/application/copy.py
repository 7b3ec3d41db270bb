"""An earlier application as the beginning of a new one."""

from datetime import datetime

from django.db import transaction

from pulje.actions.application.application import Line, save_draft, start_draft
from pulje.actions.application.idea import keep_partners
from pulje.actions.state import lock
from pulje.enums import FundingStatus, LineKind, QuestionKind
from pulje.models import Application, Round, User
from pulje.models.partner import TYPED

TEXTS: tuple[str, ...] = (
    "title",
    "summary",
    "description",
    "target_group",
    "area",
    "participants",
    "volunteers",
)
TEXTS += ("learning", "contact_name", "contact_email", "contact_phone", "requested_kr")
TEXTS += ("wants_english",)  # the person's own way of reading goes along


@transaction.atomic
def copy_draft(earlier: Application, round: Round, *, by: User, at: datetime) -> Application:
    """A new draft with the texts, budget and partners of an earlier case of the same applicant.

    What belongs to its own time is left behind: dates, attachments, promises, consents, and
    answers to questions the new form does not ask. Raises NotAllowed to a stranger.
    """
    earlier = lock(earlier)
    draft = start_draft(round, earlier.applicant, by=by, at=at, title=earlier.title)
    asked = draft.version.questions.exclude(kind=QuestionKind.FILE).values_list("key", flat=True)
    answers = {key: text for key, text in earlier.answers.items() if key in set(asked)}
    lines = [
        Line(LineKind(row.kind), row.text, row.amount_kr, FundingStatus.NONE, row.category)
        for row in earlier.budget_lines.order_by("position")
    ]
    fields = {name: getattr(earlier, name) for name in TEXTS} | {"answers": answers}
    draft = save_draft(draft, by=by, at=at, fields=fields, lines=lines)
    partners = earlier.partners.order_by("position")
    keep_partners(draft, [{name: getattr(p, name) for name in TYPED} for p in partners], by=by)
    return draft
