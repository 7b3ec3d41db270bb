"""Before a case opens: what a tie means. And saying that somebody is disqualified."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions.casework.assessment import save_draft
from pulje.actions.casework.tie import declare_impartial
from pulje.actions.casework.tie import disqualify as do_disqualify
from pulje.enums import Role
from pulje.errors import PuljeError
from pulje.forms.casework.impartiality import DisqualifyForm, ImpartialForm
from pulje.forms.casework.judgement import AssessmentForm
from pulje.models import AgendaItem, Application
from pulje.queries.casework.impartiality import in_words, unresolved_tie
from pulje.queries.meeting.committee import visible
from pulje.states import CaseState
from workflow.hands import Action, carry_out
from workflow.views.access import base_for, case_or_404, may_do, refused, to_case, told

Form = DisqualifyForm | ImpartialForm
SEEN_BY = "Kort. Alle, der deltager i mødet, kan se tilknytningen og begrundelsen."
YES, NO = "inhabil", "habil"


def impartiality(request: HttpRequest, pk: int) -> HttpResponse:
    """The number, the applicant and the tie, and nothing more of the case."""
    case, back = _found(request, pk)
    ties = unresolved_tie(request.user, case)
    if not ties:
        return redirect(back)
    answer = request.POST.get("svar", "")
    yes = DisqualifyForm(request.POST if answer == YES else None, case=case, by=request.user)
    no = ImpartialForm(request.POST if answer == NO else None, prefix="habil")
    if yes.is_valid() and _said(request, case, do_disqualify, yes, yes.facts()):
        messages.success(request, f"Du er meldt inhabil i {case.number}. Sagen er låst for dig.")
        return redirect(_away(request))
    if no.is_valid() and _said(request, case, declare_impartial, no, no.cleaned_data):
        messages.success(request, f"Din begrundelse står på {case.number}.")
        return redirect(back)
    context = {"case": case, "ties": [in_words(tie) for tie in ties], "yes": yes, "no": no}
    context |= {"away": _away(request)} | base_for(request.user)
    if not context["may_see_case"]:  # a politician has no leader
        no.fields["reason"].help_text = SEEN_BY
    return render(request, "workflow/casework/impartiality.html", context)


def disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own disqualification; a leader can say it of anybody."""
    case, standing = case_or_404(request, pk)
    if standing.is_disqualified:
        return redirect("staff:case", pk)
    by, is_leader = request.user, request.user.has_role(Role.LEADER)
    data = request.POST if request.method == "POST" else None
    form = DisqualifyForm(data, case=case, by=by, for_anybody=is_leader)
    if form.is_valid() and _said(request, case, do_disqualify, form, form.facts()):
        person = form.facts()["person"]
        if person == by:
            messages.success(request, "Du er meldt inhabil. Sagen er låst for dig.")
            return redirect("staff:inbox")
        messages.success(request, f"{person.name} er meldt inhabil. Sagen er låst for vedkommende.")
        return redirect("staff:case", pk)
    context = {"case": case, "form": form, "is_leader": is_leader}
    return render(request, "workflow/casework/disqualify.html", context)


@require_POST
def save_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the reviewer has typed; it is nobody else's and counts for nothing yet."""
    case, _standing = case_or_404(request, pk)
    typed = AssessmentForm(request.POST, case=case).typed()
    try:
        save_draft(case, by=request.user, at=timezone.now(), typed=typed)
    except PuljeError as refusal:
        return refused(request, refusal, case)
    messages.success(request, "Din vurdering er gemt som kladde. Kun du kan se den.")
    return to_case(request, pk, "#naeste")


def _found(request: HttpRequest, pk: int) -> tuple[Application, str]:
    """A case the person could open but for the tie, and where: its own page, or a meeting's."""
    case = get_object_or_404(
        Application.objects.select_related("applicant", "pool").exclude(state=CaseState.DRAFT),
        pk=pk,
    )
    if may_do(request.user, "see_case"):
        return case, reverse("staff:case", args=[pk])
    if not may_do(request.user, "see_meeting"):
        raise Http404
    items = AgendaItem.objects.filter(application=case, meeting__in=visible(request.user))
    item = items.order_by("-meeting__held_at", "-pk").first()
    if item is None:
        raise Http404
    return case, reverse("staff:agenda_item", args=[item.meeting_id, item.position])


def _away(request: HttpRequest) -> str:
    return reverse("staff:inbox" if may_do(request.user, "see_case") else "staff:meetings")


def _said(
    request: HttpRequest, case: Application, do: Action, form: Form, facts: dict[str, object]
) -> bool:
    try:
        carry_out(do, case, by=request.user, **facts)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True
