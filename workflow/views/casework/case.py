"""The case page: the application, and the one next thing to do."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.actions.application.partner import UNDECIDED as UNDECIDED_FOR_PARTNERS
from pulje.actions.meeting.reading import note_reading
from pulje.actions.state import came_from
from pulje.enums import AppealState, AttachmentReview, DecidedBy, Role
from pulje.forms.case import MessageForm, NoteForm
from pulje.forms.casework.check import ClassifyForm
from pulje.forms.meeting.reading import MemberAnswerForm
from pulje.models import Appeal, Application, Decision, Recommendation, User
from pulje.queries.appeal import appeals_of
from pulje.queries.application import changes
from pulje.queries.application.questions import answered
from pulje.queries.casework import case as casework
from pulje.queries.casework import checklist
from pulje.queries.casework.assessment import Panel, panel_of
from pulje.queries.casework.course import course_of
from pulje.queries.casework.page import Asked, CasePage, case_page
from pulje.queries.grant.change import open_change
from pulje.queries.pool.money import money_of
from pulje.queries.talk import talk_of
from pulje.states import ANSWER_CONTROL, STATES, CaseState
from pulje.states import KEYED as KEYED_VERBS
from pulje.states import Verb as V
from pulje.templatetags.words import dato, dato_tid
from workflow.talk import unread
from workflow.views.access import case_or_404, may_do
from workflow.views.verbs import ACTIONS, FIRST, KEYED_ACTIONS

S = CaseState
UNJUDGED = frozenset({S.DRAFT, S.SUBMITTED})
UNDECIDED = frozenset({S.SUBMITTED, S.IN_REVIEW, S.REVIEWED})
DECIDED = frozenset({S.APPROVED, S.REJECTED, S.ACCEPTED, S.PAID, S.REPORT_SUBMITTED, S.CLOSED}) | {
    S.REPORT_RETURNED,
    S.REPORTED,
    S.IN_RECOVERY,
    S.DECLINED,
}
PAYING = frozenset({S.ACCEPTED, S.PAID, S.REPORTED})
REPORTING = frozenset({S.REPORT_SUBMITTED, S.REPORT_RETURNED})
SCREENED = frozenset({S.SUBMITTED, S.RETURNED})
SHOWN_NOTES, FOLDED_NOTES, SHOWN_MESSAGES, ALL = 3, 20, 10, 1000
# what nobody in the house can do anything about just now
WAITS = {
    S.RETURNED: "Ansøger er ved at svare. Sagen kommer tilbage af sig selv.",
    S.IN_REVIEW: "Sagen vurderes. Den går videre, når alle har afgivet deres vurdering.",
    S.IN_HEARING: "Ansøger er i partshøring. Sagen kommer tilbage med svaret eller efter fristen.",
    S.REVIEWED: "En sagsbehandler skriver indstillingen.",
    S.RECOMMENDED: "Sagen venter på en afgørelse.",
    S.APPROVED: "Ansøger skal sige ja eller nej til bevillingen.",
    S.REJECTED: "Sagen lukkes af sig selv, når klagefristen er gået.",
    S.ACCEPTED: "Pengene skal udbetales.",
    S.PAID: "Ansøger skal sende en rapport.",
    S.REPORT_RETURNED: "Ansøger skal rette rapporten.",
    S.REPORTED: "Sagen lukkes af sig selv, når alt er udbetalt.",
    S.IN_RECOVERY: "Pengene skal betales tilbage.",
}

ON_PAPER = "Ansøger svarer på papir eller telefon: skriv svaret ind her."
KEYED = frozenset(KEYED_VERBS) - {V.WITHDRAW}  # a withdrawal is never what a case waits for


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The application, and the one next thing to do; papers and journal are pages of their own."""
    application, standing = case_or_404(request, pk)
    if standing.is_disqualified:
        return render(request, "workflow/casework/locked.html", {"case": application}, status=403)
    note_reading(application, by=request.user, at=timezone.now())
    verbs = casework.verbs_of(request.user, application, standing)
    context = {"case": application, "standing": standing, "tab": "case"}
    context |= _papers(application, whole="alt" in request.GET)
    context |= _state_of(application, request.user) | _money(application) | _head(application)
    first = next((verb for verb in FIRST if verb in verbs), None)
    given = _begins_with(first, request.user, context["panel"], context["proposal"])
    context |= _next(application, verbs, first, given) | _keyed(verbs, first)
    appeals = appeals_of(application) if standing.appeal_state else []
    context |= {
        "course": course_of(application, timezone.localdate()),
        "appeals": appeals,
        "waits": _waits(application, standing, appeals, is_keyed=bool(KEYED & set(verbs))),
        "may_appeal": "receive_appeal" in verbs,
        "may_key_papers": ANSWER_CONTROL in verbs,
        "change": open_change(application) if standing.has_change else None,
        "claim": casework.claim_of(application) if standing.claim_state else None,
        "may_check": may_do(request.user, "check_case"),
        "may_answer_member": may_do(request.user, "answer_member"),
        "note_form": _note_form(request, application),
        "message_form": _message_form(request, application) if standing.is_followed else None,
        "unread": "" if standing.is_followed else unread(application),
        "theme_form": ClassifyForm(case=application, initial=_classified(application)),
    }
    return render(request, "workflow/casework/case.html", context)


def _papers(case: Application, *, whole: bool) -> dict[str, object]:
    """The application with what others have said of it, and what has changed since."""
    page = case_page(case, most_notes=ALL if whole else FOLDED_NOTES)
    talk = talk_of(case, newest=ALL if whole else SHOWN_MESSAGES + 1)
    notes, shown = page.notes, ALL if whole else SHOWN_MESSAGES
    is_screened = case.state in SCREENED
    return {
        "budget": casework.budget_from(case, page.lines),
        "attachments": page.files,
        "talk": talk[:shown][::-1],
        "has_more_talk": len(talk) > shown,
        "notes": notes[:SHOWN_NOTES],
        "older_notes": notes[SHOWN_NOTES : ALL if whole else FOLDED_NOTES],
        "has_more_notes": not whole and len(notes) > FOLDED_NOTES,
        "earlier": page.earlier,
        "asked": [
            (one, None if one.answered_at else _answer_form(case, one)) for one in page.asked
        ],
        "right": page.right,
        "may_ask": case.state in UNDECIDED_FOR_PARTNERS,
        "points": checklist.sections(page.points if is_screened else []),
        "unmarked": checklist.unmarked(page.points),
        "checked": len(page.points) - len(checklist.unmarked(page.points)),
        "to_check": len(page.points),
        "not_fine": checklist.not_fine(page.points),
        "ask_parts": _parts_to_ask(page),
        **_changes(case, page),
    }


def _answer_form(case: Application, asked: Asked) -> MemberAnswerForm | None:
    """The form of an answer to the committee; None once somebody has answered."""
    return None if asked.answered_at else MemberAnswerForm(case=case, prefix=f"svar-{asked.id}")


def _parts_to_ask(page: CasePage) -> str:
    """What the applicant must mend, for the address of the question."""
    parts = [point.part for point in checklist.not_fine(page.points) if point.part]
    if any(file.review == AttachmentReview.ASKED_AGAIN for file in page.files):
        parts.append(checklist.ATTACHMENTS)
    return ",".join(dict.fromkeys(parts))


def _changes(case: Application, page: CasePage) -> dict[str, object]:
    """What reads otherwise than when it was sent; nothing for a case without a snapshot."""
    then = case.snapshot.said if hasattr(case, "snapshot") else None
    now = changes.said_by(case, lines=page.lines, partners=page.right.partners, files=page.files)
    found = changes.changes_since(case, then, now)
    asked = answered(page.questions, case.answers)
    return {
        "changes": found,
        "new_files": changes.new_files(then, now),
        "answers": [(q, text, found[f"{changes.ANSWER}{q.key}"]) for q, text in asked],
    }


def _state_of(case: Application, user: User) -> dict[str, object]:
    """What the state adds to the page: scores, recommendation, decision, payments, report."""
    state = CaseState(case.state)
    context: dict[str, object] = {
        "panel": panel_of(case, user) if state not in UNJUDGED else None,
        "proposal": None,
        "agenda_item": None,
        "decision": None,
        "payments": [],
        "report_lines": [],
    }
    if state == S.RECOMMENDED:
        context |= casework.recommendation_of(case)
    if state in DECIDED:
        decisions = case.decisions.filter(is_current=True).select_related("opened_by")
        context["decision"] = decisions.first()
    decided = context["decision"]
    if state in PAYING or (isinstance(decided, Decision) and decided.replaces_id):
        context["payments"] = list(case.payments.order_by("number", "pk"))
    if state in REPORTING:
        context["report_lines"] = list(case.report.lines.order_by("position"))
    return context


def _money(case: Application) -> dict[str, object]:
    """The pool's frame, and what would be left if this case got all it asks for."""
    money = money_of([case.pool])[case.pool_id]
    asked = case.requested_kr if case.state in UNDECIDED else None
    return {"money": money, "rest_with_case": None if asked is None else money.rest_kr - asked}


def _head(case: Application) -> dict[str, object]:
    """Where the case is on its way; heard about what is granted, it does not go back."""
    is_heard_after = case.state == S.IN_HEARING and case.granted_kr
    worker = case.caseworker.name if case.caseworker else "Ingen sagsbehandler endnu"
    return {
        "shown_state": came_from(case) if is_heard_after else case.state,
        "step_notes": {1: dato(case.submitted_at), 2: worker},
    }


def _note_form(request: HttpRequest, case: Application) -> NoteForm | None:
    """The form of a note; asked for as a note of a phone call, it begins with the moment."""
    if not may_do(request.user, "write_note"):
        return None
    if "telefon" not in request.GET:
        return NoteForm(case=case)
    text = f"Telefonsamtale {dato_tid(timezone.now())} med "
    return NoteForm(case=case, initial={"is_phone_call": True, "text": text})


def _message_form(request: HttpRequest, case: Application) -> MessageForm | None:
    """The form of a message, for who may write one."""
    may = may_do(request.user, "write_message")
    return MessageForm(case=case, prefix="besked") if may else None


def _classified(case: Application) -> dict[str, str]:
    return {"theme": case.theme, "area": case.area}


def _begins_with(
    first: str | None, user: User, panel: Panel | None, proposal: Recommendation | None
) -> dict[str, object]:
    """What the form of the next action begins with, besides what the case itself says."""
    if first == V.ACCEPT_FOR_REVIEW:
        return {"by": user.pk}
    if first == V.RECOMMEND and panel and panel.rule and not panel.rule.is_met:
        return {"amount_kr": 0}
    return {"amount_kr": proposal.amount_kr} if proposal and first == V.DECIDE else {}


def _next(
    case: Application, verbs: tuple[str, ...], first: str | None, given: dict[str, object]
) -> dict[str, object]:
    """The one action with its form, and the others as links."""
    form = ACTIONS[first].form(case=case, initial=given) if first else None
    others = [verb for verb in verbs if verb in ACTIONS and verb != first]
    return {
        "verb": first,
        "action": ACTIONS[first] if first else None,
        "next_form": form,
        "others": [(verb, ACTIONS[verb].title) for verb in others],
        "asks": V.ASK_FOR_INFORMATION in verbs,
    }


def _keyed(verbs: Sequence[str], first: str | None) -> dict[str, object]:
    """What is keyed in for the applicant: the answer as buttons where nothing else comes first."""
    found = [(verb, KEYED_ACTIONS[verb].title) for verb in verbs if verb in KEYED_ACTIONS]
    answers = [] if first else [row for row in found if row[0] in KEYED]
    return {"keyed": answers, "keyed_others": [row for row in found if row not in answers]}


def _waits(
    case: Application, standing: casework.Standing, appeals: Sequence[Appeal], *, is_keyed: bool
) -> str:
    """Whom the case waits for: an open complaint before what its state says."""
    if is_keyed and STATES[CaseState(case.state)].owner == Role.APPLICANT:
        return ON_PAPER
    if not standing.has_open_appeal or not appeals:
        return WAITS.get(CaseState(case.state), "")
    by_committee = standing.decided_by != DecidedBy.DELEGATION
    who = "formanden eller sekretæren for udvalget" if by_committee else "lederen"
    due = f" senest {dato(appeals[0].due_on)}" if appeals[0].due_on else ""
    if standing.appeal_state == AppealState.ASSESSED:
        return f"Sagen venter på et svar på klagen: {who} skal svare{due}."
    return f"Klagen skal genvurderes af en sagsbehandler. Så skal {who} svare på den{due}."
