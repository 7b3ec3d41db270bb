"""How letters reach an applicant: seen and changed by the case worker."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from letters.channels import way_to
from pulje.actions.applicant.person_number import change_reach, remove_person_number
from pulje.actions.application.applicant import correct_contact
from pulje.errors import PuljeError, RegisterUnavailable, RuleBroken
from pulje.forms.applicant.reach import CorrectionForm, ReachForm
from pulje.models import Applicant
from pulje.registers.cvr import look_up
from workflow.views.access import allow, status_of, told


@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """The way of this applicant's letters and why; exemption and CPR number are written here."""
    allow(request.user, "write_person_number")
    rows = Applicant.objects.select_related("person_number__written_by")
    found = get_object_or_404(rows.defer("person_number__sealed"), pk=pk)
    if found.merged_into_id is not None:
        return redirect("staff:reach", found.merged_into_id)
    form = ReachForm(request.POST if request.method == "POST" else None, applicant=found)
    if form.is_valid() and _is_changed(request, found, form):
        return redirect("staff:applicant", found.pk)
    channel, reason = way_to(found)
    number = getattr(found, "person_number", None)
    context = {
        "applicant": found,
        "form": form,
        "channel": channel.label,
        "reason": reason,
        "number": number,
        "number_label": "Nyt CPR-nummer" if number else "CPR-nummer",
    }
    return render(request, "workflow/casework/reach.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, address, e-mail and telephone as the case worker has learned them; CVR's own name."""
    allow(request.user, "correct_contact")
    found = get_object_or_404(Applicant, pk=pk)
    if found.merged_into_id is not None:
        return redirect("staff:contact", found.merged_into_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, applicant=found)
    if form.is_valid() and _is_corrected(request, found, form):
        return redirect("staff:applicant", found.pk)
    context = {"applicant": found, "form": form}
    return render(request, "workflow/casework/contact.html", context, status=status_of(form))


def _is_corrected(request: HttpRequest, applicant: Applicant, form: CorrectionForm) -> bool:
    said = form.cleaned_data
    try:
        if "hent" in request.POST:
            said = said | {"name": _name_in_cvr(said.get("cvr", applicant.cvr))}
        correct_contact(applicant, by=request.user, at=timezone.now(), **said)
    except PuljeError as refusal:
        told(form, refusal)
        return False
    messages.success(request, "Oplysningerne er gemt. De gælder fra næste brev.")
    return True


def _name_in_cvr(number: str) -> str:
    """What the register calls it today. Raises RuleBroken, saying why there is no name."""
    try:
        company = look_up(number)
    except RegisterUnavailable as error:
        raise RuleBroken("CVR-registret svarer ikke lige nu. Prøv igen om lidt.") from error
    if company is None:
        raise RuleBroken("CVR kender ikke ansøgerens nummer. Se det efter på virk.dk.")
    if not company.is_active:
        raise RuleBroken(
            f"{company.name} er ophørt, står der i CVR. Find ud af, hvem der tager over."
        )
    return company.name


def _is_changed(request: HttpRequest, applicant: Applicant, form: ReachForm) -> bool:
    who = {"by": request.user, "at": timezone.now()}
    try:
        if "slet" in request.POST:
            remove_person_number(applicant, **who)
            messages.success(request, "CPR-nummeret er slettet.")
        else:
            change_reach(applicant, **who, **form.cleaned_data)
            messages.success(request, "Det er skrevet, hvordan breve når ansøgeren.")
    except PuljeError as refusal:
        told(form, refusal)
        return False
    return True
