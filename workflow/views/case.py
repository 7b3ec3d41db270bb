"""The case page and its files."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from letters.models import Letter
from pulje.actions.partner import UNDECIDED as UNDECIDED_FOR_PARTNERS
from pulje.forms.case import MessageForm, NoteForm
from pulje.models import Application, Recommendation
from pulje.queries import casework
from pulje.queries.change import open_change
from pulje.queries.membership import right_of
from pulje.queries.pools import money_of
from pulje.queries.talk import talk_of
from pulje.states import CaseState
from pulje.states import Verb as V
from pulje.templatetags.words import dato
from workflow.views.access import case_or_404, may_do
from workflow.views.case_actions import ACTIONS, FIRST

S = CaseState
JUDGED = frozenset(CaseState) - {S.DRAFT, S.SUBMITTED, S.RETURNED}
UNDECIDED = frozenset({S.SUBMITTED, S.IN_REVIEW, S.REVIEWED})
BEING_JUDGED = frozenset({S.IN_REVIEW, S.REVIEWED})
DECIDED = frozenset({S.APPROVED, S.REJECTED, S.ACCEPTED, S.PAID, S.REPORT_SUBMITTED, S.CLOSED}) | {
    S.REPORT_RETURNED,
    S.REPORTED,
    S.IN_RECOVERY,
    S.DECLINED,
}
PAYING = frozenset({S.ACCEPTED, S.PAID, S.REPORTED})
REPORTING = frozenset({S.REPORT_SUBMITTED, S.REPORT_RETURNED})
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


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything on one case, and the one next thing to do."""
    application, standing = case_or_404(request, pk)
    if standing.is_disqualified:
        return render(request, "workflow/case_locked.html", {"case": application})
    verbs = casework.verbs_of(request.user, application, standing)
    context = {"case": application, "standing": standing}
    context |= _papers(application, whole="journal" in request.GET)
    context |= _state_of(application) | _money(application)
    context |= _next(application, verbs, context["proposal"])
    context |= {
        "change": open_change(application) if standing.has_change else None,
        "claim": casework.claim_of(application) if standing.claim_state else None,
        "step_notes": _step_notes(application),
        "note_form": NoteForm(case=application) if may_do(request.user, "write_note") else None,
        "message_form": MessageForm(case=application, prefix="besked"),
    }
    return render(request, "workflow/case.html", context)


def _papers(case: Application, *, whole: bool) -> dict[str, object]:
    return {
        "budget": casework.budget_of(case),
        "attachments": list(case.attachments.order_by("uploaded_at", "pk")),
        "talk": talk_of(case),
        "letters": list(Letter.objects.filter(application=case).defer("facts").order_by("-pk")),
        "notes": list(case.notes.select_related("author").order_by("-written_at", "-pk")),
        "journal": casework.journal_of(case, whole=whole),
        "earlier": casework.earlier_support(case),
        "right": right_of(case),
        "may_ask": case.state in UNDECIDED_FOR_PARTNERS,
    }


def _state_of(case: Application) -> dict[str, object]:
    """What the state adds to the page: scores, recommendation, decision, payments, report."""
    state = CaseState(case.state)
    context: dict[str, object] = {
        "scores": casework.scores_of(case) if state in JUDGED else [],
        "assessments": casework.assessments_of(case) if state in BEING_JUDGED else [],
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
    if state in PAYING:
        context["payments"] = list(case.payments.order_by("number", "pk"))
    if state in REPORTING:
        context["report_lines"] = list(case.report.lines.order_by("position"))
    return context


def _money(case: Application) -> dict[str, object]:
    """The pool's frame, and what would be left if this case got all it asks for."""
    money = money_of([case.pool])[case.pool_id]
    asked = case.requested_kr if case.state in UNDECIDED else None
    return {"money": money, "rest_with_case": None if asked is None else money.rest_kr - asked}


def _step_notes(case: Application) -> dict[int, str]:
    worker = case.caseworker.name if case.caseworker else "Ingen sagsbehandler endnu"
    return {1: dato(case.submitted_at), 2: worker}


def _next(
    case: Application, verbs: tuple[str, ...], proposal: Recommendation | None
) -> dict[str, object]:
    """The one action with its form, and the others as links."""
    first = next((verb for verb in FIRST if verb in verbs), None)
    form = None
    if first is not None:
        given = {"amount_kr": proposal.amount_kr} if proposal and first == V.DECIDE else {}
        form = ACTIONS[first].form(case=case, initial=given)
    others = [verb for verb in verbs if verb in ACTIONS and verb != first]
    return {
        "verb": first,
        "action": ACTIONS[first] if first else None,
        "next_form": form,
        "others": [(verb, ACTIONS[verb].title) for verb in others],
        "asks": V.ASK_FOR_INFORMATION in verbs,
        "waits": WAITS.get(CaseState(case.state), ""),
    }


@require_safe
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """The file as a download; a browser never shows it as a page of ours."""
    application, standing = case_or_404(request, pk)
    if standing.is_disqualified:
        raise PermissionDenied("Du er inhabil i sagen.")
    found = get_object_or_404(application.attachments, pk=attachment)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )
