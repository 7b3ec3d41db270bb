"""The committee's questions both ways, with the mails that say one has come or is answered."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from letters.mails.actions import queue_mail
from pulje.actions.meeting.question import answer_member, ask_administration
from pulje.models import AgendaItem, MemberQuestion, User


@transaction.atomic
def ask(item: AgendaItem, *, by: User, at: datetime, text: str) -> MemberQuestion:
    """Ask, and tell the case's worker; raises what ``ask_administration`` raises."""
    question, is_new = ask_administration(item, by=by, at=at, text=text)
    worker = question.item.application.caseworker
    if is_new and worker is not None:
        path = reverse("staff:case", args=[question.item.application_id])
        _tell("MEMBER_QUESTION", worker, question, f"{path}#udvalg")
    return question


@transaction.atomic
def answer(question: MemberQuestion, *, by: User, at: datetime, text: str) -> None:
    """Answer, and tell who asked; raises what ``answer_member`` raises."""
    if not answer_member(question, by=by, at=at, text=text):
        return
    place = [question.item.meeting_id, question.item.position]
    _tell("MEMBER_ANSWER", question.asked_by, question, reverse("staff:agenda_item", args=place))


def _tell(kind: str, person: User, question: MemberQuestion, path: str) -> None:
    if not (person.is_active and person.wants_message_mail):
        return
    case = question.item.application
    queue_mail(
        kind,
        to=person.email,
        cause=f"member_question:{question.pk}",
        facts={"number": case.number, "path": path, "person_id": person.pk},
        application=case,
    )
