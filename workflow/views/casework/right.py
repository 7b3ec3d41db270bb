"""How far the right to act is proved, and what others have answered: the house's part of it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.applicant.membership import confirm_right
from pulje.errors import PuljeError
from pulje.forms.case import RightForm
from workflow.hands import carry_out
from workflow.views.access import to_case, told
from workflow.views.applicant.membership import ask_and_tell, proof_file
from workflow.views.opened import free_case
from workflow.views.verbs import CaseAction

CONFIRM = CaseAction(
    confirm_right,
    gettext_lazy("Bekræft retten til at søge"),
    gettext_lazy("Bekræft retten"),
    gettext_lazy("Retten er bekræftet."),
    RightForm,
)


def confirm(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """A page with the document and a note of what was seen; POST confirms."""
    case, _standing = free_case(request, pk)
    found = get_object_or_404(case.applicant.memberships.select_related("user"), pk=seat)
    form = RightForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_valid():
        try:
            carry_out(confirm_right, case, by=request.user, membership=found, **form.facts())
        except PuljeError as refusal:
            told(form, refusal)
        else:
            messages.success(request, CONFIRM.done)
            return to_case(request, pk)
    context = {"case": case, "action": CONFIRM, "form": form}
    return render(request, "workflow/casework/action.html", context)


@require_safe
def proof(request: HttpRequest, pk: int, seat: int) -> FileResponse:
    """The document as a download."""
    case, _standing = free_case(request, pk)
    found = get_object_or_404(case.applicant.memberships, pk=seat)
    if not found.proof_file:
        raise Http404
    return proof_file(found)


@require_POST
def ask_partner(request: HttpRequest, pk: int, partner: int) -> HttpResponse:
    """Ask the leader of an institution, or ask again."""
    case, _standing = free_case(request, pk)
    ask_and_tell(request, case, partner)
    return to_case(request, pk)
