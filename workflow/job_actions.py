"""What may be done to many cases at once: the very actions of one case, their forms and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from pulje.actions.casework import assessment, handover, recommendation
from pulje.actions.grant import report
from pulje.actions.meeting import meeting
from pulje.enums import Role
from pulje.errors import NotAllowed, WrongState
from pulje.forms.casework import bulk as forms
from pulje.models import AgendaItem, Application, Ground, Meeting, User
from pulje.permissions import check_not_disqualified, check_role
from pulje.states import OTHER_VERBS, STATES, STEPS, CaseState, Verb
from workflow import talk
from workflow.hands import carry_out

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class JobAction:
    """One verb on many cases.

    ``do`` is what the case page does, with letters and tasks; ``check`` is the action alone, for
    the pre-flight. ``read`` makes what they take of the facts kept on job and line. ``button``
    says ``{sager}`` where "42 sager" stands. Without a form it is not offered on the lists.
    """

    do: Callable[..., object]
    check: Callable[..., object]
    title: str
    button: str
    verb: str
    form: type[forms.JobForm] | None = forms.JobForm
    read: Callable[[Facts], Facts] = lambda _facts: {}
    text: str = ""


def remind(case: Application, *, by: User, at: datetime, text: str) -> None:
    """A message to an applicant whose turn it is. Raises WrongState when it is ours."""
    if STATES[CaseState(case.state)].owner != Role.APPLICANT:
        raise WrongState(_("Sagen venter ikke på ansøger."))
    talk.say(case, by=by, at=at, text=text)


def put_on_agenda(case: Application, *, by: User, at: datetime, meeting_: Meeting) -> AgendaItem:
    """One case on a meeting's agenda, after those already there."""
    check_not_disqualified(by, case)
    (item,) = meeting.put_on_agenda(meeting_, [case], by=by)
    return item


def _given(facts: Facts) -> Facts:
    to = User.objects.get(pk=facts["to"])
    return {"to": to, "with_assessment": bool(facts.get("with_assessment"))}


def _review(facts: Facts) -> Facts:
    people = User.objects.filter(pk__in=facts["reviewers"]).order_by("pk")
    rest = {"rest_is_fine": True} if facts.get("rest_is_fine") else {}
    return {"reviewers": list(people)} | rest


def _proposal(facts: Facts) -> Facts:
    """What ``recommend`` takes; facts it has no name for here go through as they are."""
    grounds = Ground.objects.filter(pk__in=facts.get("grounds", ())).order_by("pk")
    read = {"amount_kr": Decimal(facts["amount_kr"]), "grounds": list(grounds)}
    return {name: said for name, said in facts.items() if name != "key"} | read


def _meeting(facts: Facts) -> Facts:
    return {"meeting_": Meeting.objects.get(pk=facts["meeting"])}


def _text(facts: Facts) -> Facts:
    return {"text": facts["text"]}


ACTIONS: Mapping[str, JobAction] = {
    "agenda": JobAction(
        put_on_agenda,
        put_on_agenda,
        "Sæt på dagsorden",
        "Sæt {sager} på dagsordenen",
        "prepare_meeting",
        forms.AgendaForm,
        _meeting,
    ),
    "assign": JobAction(
        partial(carry_out, handover.give),
        handover.give,
        "Giv videre",
        "Giv {sager} videre",
        "assign",
        forms.GiveForm,
        _given,
    ),
    "claim": JobAction(
        partial(carry_out, handover.claim),
        handover.claim,
        "Tag sagerne",
        "Tag {sager}",
        "assign",
        text="Du bliver sagsbehandler på sagerne.",
    ),
    "remind": JobAction(
        remind,
        remind,
        "Send påmindelse",
        "Send påmindelse i {sager}",
        "write_note",
        forms.ReminderForm,
        _text,
        "En besked i hver sag, som venter på ansøger, og en mail om, at den er kommet.",
    ),
    "accept_for_review": JobAction(
        partial(carry_out, assessment.accept_for_review),
        assessment.accept_for_review,
        "Send til vurdering",
        "Send {sager} til vurdering",
        Verb.ACCEPT_FOR_REVIEW,
        forms.ReviewForm,
        _review,
        "Ansøgningerne er komplette, og puljens regler er opfyldt.",
    ),
    "message": JobAction(
        talk.say,
        talk.say,
        "Skriv til ansøgere",
        "Send beskeden i {sager}",
        "write_note",
        forms.MessageForm,
        _text,
        "Den samme besked i hver sag, og en mail om, at den er kommet.",
    ),
    "approve_report": JobAction(
        partial(carry_out, report.approve_report),
        report.approve_report,
        "Godkend rapporter",
        "Godkend rapporten i {sager}",
        Verb.APPROVE_REPORT,
        text="Alle udgifter i regnskaberne godkendes.",
    ),
    "recommend": JobAction(
        partial(carry_out, recommendation.recommend),
        recommendation.recommend,
        "Indstil",
        "Indstil {sager}",
        Verb.RECOMMEND,
        form=None,
        read=_proposal,
    ),
}


def check_offered(user: User, name: str) -> JobAction:
    """The action when the lists have it and the person's role may do it at all.

    Raises NotAllowed.
    """
    action = ACTIONS.get(name)
    if action is None or action.form is None:
        raise NotAllowed(_("Den handling findes ikke. Gå tilbage til listen."))
    roles = STEPS[Verb(action.verb)].who if action.verb in Verb.values else OTHER_VERBS[action.verb]
    check_role(user, roles)
    return action


def offered_to(user: User) -> list[tuple[str, JobAction]]:
    """What the bar under a list offers this person, in the order shown."""
    return [row for row in ACTIONS.items() if row[1].form is not None and _may(user, row[0])]


def _may(user: User, name: str) -> bool:
    try:
        check_offered(user, name)
    except NotAllowed:
        return False
    return True
