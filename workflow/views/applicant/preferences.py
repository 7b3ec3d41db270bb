"""One's own settings: mails, name and phone, and the address of the calendar."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pulje.actions.applicant.preferences import renew_calendar, save_preferences, stop_calendar
from pulje.forms.preferences import PreferencesForm
from workflow.views.person import PersonRequest


def preferences(request: PersonRequest) -> HttpResponse:
    identities = list(request.user.identities.order_by("-last_seen_at", "pk"))
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        is_proved=bool(identities),
    )
    if form.is_valid():
        save_preferences(request.user, **form.cleaned_data)
        messages.success(request, _("Indstillingerne er gemt."))
        return redirect("applicant:preferences")
    key = request.user.calendar_key
    context = {
        "form": form,
        "identities": identities,
        "calendar_url": f"{settings.SITE['url']}{reverse('calendar', args=[key])}" if key else "",
    }
    return render(request, "workflow/applicant/preferences.html", context)


@require_POST
def calendar(request: PersonRequest) -> HttpResponse:
    """Make or renew the secret address, or stop it."""
    if "stop" in request.POST:
        stop_calendar(request.user)
        messages.success(request, _("Kalenderen er stoppet. Adressen virker ikke mere."))
    else:
        renew_calendar(request.user)
        messages.success(request, _("Kalenderens adresse er klar."))
    return redirect("applicant:preferences")
