"""Every verb the house does on the case page: a form, one call, and back to the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions import (
    appeal,
    application,
    assessment,
    clarification,
    decision,
    document,
    handover,
    recommendation,
    repayment,
    report,
)
from pulje.actions.clarification import PARTS
from pulje.errors import NotAllowed, PuljeError, WrongState
from pulje.forms import appeal as appeal_forms
from pulje.forms import case as forms
from pulje.forms import clarification as asking
from pulje.forms import judgement
from pulje.forms.change import AnswerChangeForm
from pulje.forms.handover import GiveCaseForm
from pulje.models import Application, User
from pulje.permissions import OTHER_VERBS, check_may, check_other, why_not
from pulje.queries.appeal import appeals_of
from pulje.queries.casework import find_case, verbs_of
from pulje.queries.change import open_change
from pulje.queries.checklist import checklist_of, to_ask_about, to_reject_by
from pulje.states import Verb
from workflow import talk
from workflow.hands import Action, carry_out
from workflow.peek import letter_before
from workflow.views.access import case_or_404, refused, told
from workflow.views.opened import free_case

V = Verb


@dataclass(frozen=True)
class CaseAction:
    """One verb on the case page: the action it calls, its form and its words."""

    do: Action
    title: str
    button: str
    done: str
    form: type[forms.CaseForm] = forms.ReasonForm
    text: str = ""
    has_letter: bool = False  # it can be read before it is sent


ACTIONS: Mapping[str, CaseAction] = {
    V.ACCEPT_FOR_REVIEW: CaseAction(
        assessment.accept_for_review,
        "Send til vurdering",
        "Send til vurdering",
        "Sagen er sendt til vurdering.",
        forms.ReviewersForm,
        "Ansøgningen er komplet, og puljens regler er opfyldt.",
    ),
    V.ASK_FOR_INFORMATION: CaseAction(
        clarification.ask_for_information,
        "Bed om oplysninger",
        "Send til ansøger",
        "Ansøger er bedt om oplysninger.",
        asking.InformationForm,
        has_letter=True,
    ),
    V.REJECT_FORMALLY: CaseAction(
        decision.reject_formally,
        "Giv afslag – reglerne er ikke opfyldt",
        "Giv afslag",
        "Sagen har fået afslag.",
        forms.FormalRejectionForm,
        has_letter=True,
    ),
    V.RECORD_ASSESSMENT: CaseAction(
        assessment.record_assessment,
        "Giv din vurdering",
        "Afgiv vurdering",
        "Din vurdering er afgivet.",
        judgement.AssessmentForm,
        "0 er slet ikke, 3 er i høj grad. Skriv kort hvorfor.",
    ),
    "abstain": CaseAction(
        assessment.abstain,
        "Jeg vurderer ikke sagen",
        "Lad være med at vurdere",
        "Du vurderer ikke sagen.",
    ),
    V.OPEN_HEARING: CaseAction(
        clarification.open_hearing,
        "Send i partshøring",
        "Send til ansøger",
        "Sagen er sendt i partshøring.",
        asking.HearingForm,
        "Når vi har en oplysning fra andre, som taler imod ansøgeren, er væsentlig, og som"
        " ansøgeren ikke kender. Sagen kan ikke afgøres, før ansøgeren har svaret, eller fristen"
        " er gået.",
        has_letter=True,
    ),
    V.RECOMMEND: CaseAction(
        recommendation.recommend,
        "Indstil sagen",
        "Indstil sagen",
        "Sagen er indstillet.",
        judgement.RecommendForm,
    ),
    V.UNDO: CaseAction(
        recommendation.undo,
        "Fortryd det seneste skridt",
        "Fortryd",
        "Skridtet er fortrudt.",
        forms.ConfirmForm,
        "Sagen går ét skridt tilbage. Det kan gøres, så længe ingen har handlet på det.",
    ),
    V.SEND_BACK: CaseAction(
        recommendation.send_back,
        "Send indstillingen tilbage",
        "Send tilbage",
        "Indstillingen er sendt tilbage.",
    ),
    V.DECIDE: CaseAction(
        decision.decide,
        "Afgør sagen",
        "Afgør sagen",
        "Sagen er afgjort.",
        judgement.DecideForm,
        "Du afgør sagen for forvaltningen efter delegation.",
    ),
    V.REDECIDE: CaseAction(
        decision.redecide,
        "Afgør sagen på ny",
        "Afgør på ny",
        "Sagen er afgjort på ny.",
        judgement.RedecideForm,
        "Den nye afgørelse træder i stedet for den gamle. Begge bliver på sagen.",
        has_letter=True,
    ),
    V.ANNUL: CaseAction(
        decision.annul,
        "Annullér afgørelsen",
        "Annullér afgørelsen",
        "Afgørelsen er annulleret.",
        text="Afgørelsen gælder ikke længere, pengene går tilbage til rammen, og sagen skal"
        " indstilles igen. Ansøger får et brev med din begrundelse.",
        has_letter=True,
    ),
    V.REOPEN: CaseAction(decision.reopen, "Genåbn sagen", "Genåbn sagen", "Sagen er genåbnet."),
    V.APPROVE_REPORT: CaseAction(
        report.approve_report,
        "Godkend rapporten",
        "Godkend rapporten",
        "Rapporten er godkendt.",
        judgement.ApproveReportForm,
    ),
    V.RETURN_REPORT: CaseAction(
        report.return_report,
        "Send rapporten retur",
        "Send retur",
        "Rapporten er sendt retur.",
        forms.ReturnReportForm,
    ),
    V.WAIVE_REPORT: CaseAction(
        report.waive_report,
        "Fritag for rapport",
        "Fritag for rapport",
        "Ansøger er fritaget for rapport.",
    ),
    "propose_claim": CaseAction(
        repayment.propose_claim,
        "Kræv penge tilbage",
        "Foreslå kravet",
        "Kravet er foreslået. En anden skal godkende det.",
        judgement.ClaimForm,
    ),
    V.CLAIM_REPAYMENT: CaseAction(
        repayment.claim_repayment,
        "Godkend tilbagebetalingskravet",
        "Godkend kravet",
        "Kravet er sendt.",
        forms.ConfirmForm,
        "En anden har foreslået kravet. Når du godkender, sendes det til ansøger.",
    ),
    V.SETTLE_REPAYMENT: CaseAction(
        repayment.settle_repayment,
        "Afslut tilbagebetalingen",
        "Afslut tilbagebetalingen",
        "Tilbagebetalingen er afsluttet.",
        judgement.SettleForm,
    ),
    "answer_change": CaseAction(
        talk.answer,
        "Svar på ændringen",
        "Send svaret",
        "Svaret er sendt.",
        AnswerChangeForm,
        "Ansøger vil ændre det, der er givet tilskud til. Ved et ja gælder det nye fra nu af.",
    ),
    "extend_deadline": CaseAction(
        talk.extend,
        "Forlæng fristen",
        "Forlæng fristen",
        "Fristen er forlænget, og ansøger har fået besked.",
        asking.ExtendForm,
        "Uret begynder forfra med den nye frist.",
    ),
    "receive_appeal": CaseAction(
        appeal.receive_appeal,
        "Registrér en klage",
        "Registrér klagen",
        "Klagen er registreret, og ansøger får en kvittering.",
        appeal_forms.ReceiveAppealForm,
        "Afgørelsen gælder, til klagen er besvaret.",
    ),
    "assess_appeal": CaseAction(
        appeal.assess_appeal,
        "Genvurdér klagen",
        "Gem genvurderingen",
        "Genvurderingen er gemt. Klagen kan besvares.",
        appeal_forms.AssessAppealForm,
    ),
    "answer_appeal": CaseAction(
        appeal.answer_appeal,
        "Besvar klagen",
        "Send svaret",
        "Klagen er besvaret.",
        appeal_forms.AnswerAppealForm,
        "En klage kan ikke give et mindre beløb.",
        has_letter=True,
    ),
    "assign": CaseAction(
        handover.give,
        "Giv sagen videre",
        "Giv sagen videre",
        "Sagen er givet videre.",
        GiveCaseForm,
    ),
}
# what can stand in the "Næste" panel, the first that may be done
FIRST = (
    V.ACCEPT_FOR_REVIEW,
    V.RECORD_ASSESSMENT,
    V.RECOMMEND,
    V.DECIDE,
    V.CLAIM_REPAYMENT,
    V.APPROVE_REPORT,
    V.SETTLE_REPAYMENT,
    "answer_change",
    "assess_appeal",
    "answer_appeal",
)


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb: its form on a page of its own, or what was sent from the case page."""
    if verb not in ACTIONS:
        raise Http404
    case, standing = free_case(request, pk)
    action = ACTIONS[verb]
    if request.method != "POST":
        if verb not in verbs_of(request.user, case, standing):
            return refused(request, _why_not(request.user, verb, case), case)
        form = action.form(case=case, initial=_begins_with(request, case, verb))
        form.prefill(request.GET)
        return _ask(request, case, action, form)
    form = action.form(request.POST, case=case)
    if "se_brevet" in request.POST and form.is_valid():
        return _letter(request, case, action, form)
    if form.is_valid() and _done(request, case, action.do, form, form.facts()):
        messages.success(request, action.done)
        return redirect("staff:case", pk)
    return _ask(request, case, action, form, status=_status(request, case, verb, form))


def _letter(
    request: HttpRequest, case: Application, action: CaseAction, form: forms.CaseForm
) -> HttpResponse:
    """The letter as it would be sent, in a window of its own; or the form with the refusal."""
    try:
        pdf = letter_before(action.do, case, by=request.user, **form.facts())
    except PuljeError as refusal:
        told(form, refusal)
        return _ask(request, case, action, form)
    headers = {"Content-Disposition": 'inline; filename="brev.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(pdf or b"", content_type="application/pdf", headers=headers)


def _begins_with(request: HttpRequest, case: Application, verb: str) -> dict[str, object]:
    """What was found at the screening leads on: to a question, or to a rejection."""
    if verb == V.ASK_FOR_INFORMATION and "dele" in request.GET:
        parts = [part for part in request.GET["dele"].split(",") if part in PARTS]
        return to_ask_about(checklist_of(case), case.attachments.order_by("pk"), parts)
    if verb == V.REJECT_FORMALLY and "punkt" in request.GET:
        return to_reject_by(checklist_of(case), request.GET["punkt"])
    return {}


def _status(request: HttpRequest, case: Application, verb: str, form: forms.CaseForm) -> int:
    """409 when somebody has moved the case meanwhile, 403 without the role; the form says so."""
    found = find_case(case.pk, request.user)
    assert found is not None
    try:
        if verb in Verb.values:
            check_may(request.user, Verb(verb), found[0])
        elif verb in OTHER_VERBS:
            check_other(request.user, verb)
        if verb in verbs_of(request.user, *found):
            return 200
        status, sentence = 409, NOT_NOW
    except WrongState as refusal:
        status, sentence = 409, refusal.sentence
    except NotAllowed as refusal:
        status, sentence = 403, refusal.sentence
    if not form.non_field_errors():
        form.add_error(None, sentence)
    return status


def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own disqualification: the case is locked for oneself."""
    case, _standing = case_or_404(request, pk)
    form = forms.DisqualifyForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        facts = {"person": request.user, "reason": form.cleaned_data["reason"]}
        if _done(request, case, application.disqualify, form, facts):
            messages.success(request, "Du er meldt inhabil. Sagen er låst for dig.")
            return redirect("staff:inbox")
    return _ask(request, case, DISQUALIFY, form)


@require_POST
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    """An internal note."""
    case, _standing = free_case(request, pk)
    return _write(request, case, document.write_note, forms.NoteForm(request.POST, case=case), NOTE)


@require_POST
def write_message(request: HttpRequest, pk: int) -> HttpResponse:
    """A message to the applicant."""
    case, _standing = free_case(request, pk)
    form = forms.MessageForm(request.POST, case=case, prefix="besked")
    return _write(request, case, talk.say, form, MESSAGE)


NOT_NOW = "Det kan ikke gøres, som sagen står nu."
DISQUALIFY = CaseAction(application.disqualify, "Jeg er inhabil i sagen", "Meld inhabil", "")
NOTE = CaseAction(document.write_note, "Skriv en note", "Gem note", "Noten er gemt.")
MESSAGE = CaseAction(talk.say, "Skriv til ansøger", "Send besked", "Beskeden er sendt.")


def _write(
    request: HttpRequest, case: Application, do: Any, form: forms.CaseForm, words: CaseAction
) -> HttpResponse:
    if form.is_valid():
        try:
            do(case, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, words.done)
            return redirect("staff:case", case.pk)
    return _ask(request, case, words, form)


def _done(
    request: HttpRequest,
    case: Application,
    do: Action,
    form: forms.CaseForm,
    facts: Mapping[str, Any],
) -> bool:
    try:
        carry_out(do, case, by=request.user, **facts)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True


def _ask(
    request: HttpRequest,
    case: Application,
    action: CaseAction,
    form: forms.CaseForm,
    *,
    status: int = 200,
) -> HttpResponse:
    is_about_appeal = action in (ACTIONS["assess_appeal"], ACTIONS["answer_appeal"])
    context = {
        "case": case,
        "action": action,
        "form": form,
        "change": open_change(case) if action == ACTIONS["answer_change"] else None,
        "appeals": appeals_of(case) if is_about_appeal else [],
    }
    return render(request, "workflow/case_action.html", context, status=status)


def _why_not(user: User, verb: str, case: Application) -> str:
    sentence = why_not(user, Verb(verb), case) if verb in Verb.values else ""
    return sentence or NOT_NOW
