"""The grantee asks to change the dates, the budget or the purpose of what got a grant."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.grant.change import check_may_ask, request_change
from pulje.errors import PuljeError
from pulje.forms.grant.change import ChangeForm
from pulje.views.typed import typed_before
from workflow.told import check_told
from workflow.views.applicant.case import NOT_SENT
from workflow.views.applicant.cases import own_case_or_404
from workflow.views.applicant.former import saves_the_text
from workflow.views.person import PersonRequest


@saves_the_text
def change(request: PersonRequest, pk: int) -> HttpResponse:
    case = own_case_or_404(request, pk)
    lines = list(case.budget_lines.order_by("position"))
    is_sent = request.method == "POST"
    typed = request.POST if is_sent else typed_before(request, request.path)
    form = ChangeForm(typed, case=case, lines=lines)
    try:
        check_told(case)
        check_may_ask(case, request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("applicant:case", case.pk)
    if typed and not is_sent:
        messages.info(request, NOT_SENT)
    if is_sent and form.is_valid():
        try:
            request_change(case, by=request.user, at=timezone.now(), **form.facts())
        except PuljeError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Tak. Vi ser på ændringen og svarer her i sagen."))
            return redirect("applicant:case", case.pk)
    context = {"case": case, "form": form, "one": case.applicant.is_one_person}
    return render(request, "workflow/applicant/change.html", context)
