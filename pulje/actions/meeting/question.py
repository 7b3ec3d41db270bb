"""What the committee asks the administration about a case, and the answer; all members read it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.meeting.at_meeting import lock_item, touch
from pulje.actions.meeting.note import check_reader
from pulje.errors import RuleBroken, WrongState
from pulje.models import AgendaItem, MemberQuestion, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.rules.texts import is_blank


@transaction.atomic
def ask_administration(
    item: AgendaItem, *, by: User, at: datetime, text: str
) -> tuple[MemberQuestion, bool]:
    """Ask about a case before or during the meeting; it is a task until somebody answers.

    The same question again is the one that waits already, and False. Raises NotAllowed to who has
    no seat or is disqualified, WrongState once the meeting is held, RuleBroken without words.
    """
    check_reader(item, by, "ask_administration")
    if is_blank(text):
        raise RuleBroken(_("Skriv dit spørgsmål."))
    item = lock_item(item)
    waiting = item.questions.filter(asked_by=by, text=text, answered_at=None)
    if said := waiting.order_by("pk").last():
        return said, False
    question = MemberQuestion.objects.create(item=item, text=text, asked_at=at, asked_by=by)
    note_down(item.application, "member_asked", by=by, at=at, data={"question": question.pk})
    touch(item.meeting)
    return question, True


@transaction.atomic
def answer_member(question: MemberQuestion, *, by: User, at: datetime, text: str) -> bool:
    """Answer a member, also after the meeting; False when the same answer stands there already.

    Raises NotAllowed without the role or to the disqualified, RuleBroken without words, WrongState
    when somebody else has answered.
    """
    rows = MemberQuestion.objects.select_for_update(of=("self",))
    question = rows.select_related("item__application", "item__meeting").get(pk=question.pk)
    check_other(by, "answer_member")
    check_not_disqualified(by, question.item.application)
    if is_blank(text):
        raise RuleBroken(_("Skriv et svar til udvalget."))
    if question.answered_at is not None:
        if (question.answered_by_id, question.answer) == (by.pk, text):
            return False
        raise WrongState(_("En anden har svaret på spørgsmålet. Genindlæs siden for at se svaret."))
    question.answer, question.answered_at, question.answered_by = text, at, by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    told = {"question": question.pk}
    note_down(question.item.application, "member_answered", by=by, at=at, data=told)
    touch(question.item.meeting)
    return True
