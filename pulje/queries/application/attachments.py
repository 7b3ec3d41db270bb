"""The places for files on an application: what the pool asks for, and what is there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, AttachmentKind, QuestionKind
from pulje.models import Application, Attachment
from pulje.queries.application.questions import questions_of, shown_questions
from pulje.templatetags.words import kr_text

WITH_BYLAWS = (ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION)


@dataclass(frozen=True)
class Slot:
    """A place for files: its field, what belongs there, whether the pool asks for it.

    ``note_key`` is where a note about a missing file is kept; empty where none is asked for.
    """

    name: str
    kind: AttachmentKind
    label: str
    hint: str = ""
    question: str = ""
    note_key: str = ""
    is_demanded: bool = False
    files: list[Attachment] = field(default_factory=list)


def demanded(application: Application) -> list[AttachmentKind]:
    """The kinds of files the pool asks this applicant for, beside its own questions."""
    version, kinds = application.version, []
    if version.needs_bylaws and application.applicant.kind in WITH_BYLAWS:
        kinds.append(AttachmentKind.BYLAWS)
    limit = version.needs_accounts_from_kr
    if limit is not None and (application.requested_kr or 0) >= limit:
        kinds.append(AttachmentKind.ACCOUNTS)
    return kinds


def slots_of(application: Application) -> list[Slot]:
    """Every place for files of a draft, with the files that lie there: two queries."""
    slots = [*_of_kinds(application), *_of_questions(application), _of_others()]
    homes = {(slot.kind, slot.question): slot for slot in slots}
    for attachment in application.attachments.order_by("pk"):
        home = homes.get((AttachmentKind(attachment.kind), attachment.question), slots[-1])
        home.files.append(attachment)
    return slots


def _of_kinds(application: Application) -> Iterator[Slot]:
    wanted = demanded(application)
    if application.applicant.kind in WITH_BYLAWS:
        is_wanted = AttachmentKind.BYLAWS in wanted
        yield Slot(
            name="bylaws",
            kind=AttachmentKind.BYLAWS,
            label=_("Vedtægter"),
            hint=_("De vedtægter, I senest har vedtaget. Gerne underskrevet."),
            note_key=AttachmentKind.BYLAWS if is_wanted else "",
            is_demanded=is_wanted,
        )
    limit = application.version.needs_accounts_from_kr
    if limit is not None or application.applicant.kind in WITH_BYLAWS:
        is_wanted = AttachmentKind.ACCOUNTS in wanted
        yield Slot(
            name="accounts",
            kind=AttachmentKind.ACCOUNTS,
            label=_("Seneste regnskab"),
            hint=_("Puljen beder om det, når der søges om %s eller mere.") % kr_text(limit)
            if limit
            else "",
            note_key=AttachmentKind.ACCOUNTS if is_wanted else "",
            is_demanded=is_wanted,
        )


def _of_questions(application: Application) -> Iterator[Slot]:
    for question in shown_questions(questions_of(application.version), application.answers):
        if question.kind == QuestionKind.FILE:
            yield Slot(
                name=f"q_{question.key}",
                kind=AttachmentKind.OTHER,
                label=question.label,
                hint=question.help_text,
                question=question.key,
                note_key=question.key if question.is_required else "",
                is_demanded=question.is_required,
            )


def _of_others() -> Slot:
    return Slot(
        name="other",
        kind=AttachmentKind.OTHER,
        label=_("Andre bilag"),
        hint=_("Fx et tilbud, en plan eller et billede af det, det handler om."),
    )


def public_title(attachment: Attachment) -> str:
    """What a public register says of a file: the house's own words, else what it is."""
    kind = AttachmentKind(attachment.kind)
    what = "Bilag" if kind == AttachmentKind.OTHER else kind.label
    return attachment.public_title or f"{what} fra ansøger"
