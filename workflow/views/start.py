"""Start without a gate: an e-mail is enough to begin a draft; MitID is asked for to send it."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters.mails.actions import queue_mail
from pulje.actions.applicant.identity import enters_by_mail, person_by_mail, take_mail
from pulje.actions.link import read_token
from pulje.errors import PuljeError, RuleBroken
from pulje.forms.account import EmailForm
from pulje.models import User
from pulje.views.account import login_anew, onward
from workflow.views.links import closed
from workflow.views.person import PersonRequest
from workflow.views.throttle import may_ask, may_mail

LASTS = timedelta(hours=24)


@login_not_required
def begin(request: HttpRequest) -> HttpResponse:
    """Log in with MitID, or write an e-mail and get a link. Says the same whoever one is."""
    slug = _slug(request)
    goes_to = reverse("applicant:new", args=[slug]) if slug else reverse("applicant:mine")
    if request.user.is_authenticated:
        return redirect(goes_to)
    form = EmailForm(request.POST or None)
    status = 200
    if form.is_valid():
        if may_ask(request, "start"):
            _send(form.cleaned_data["email"], "CONFIRM_EMAIL", slug, timezone.now())
            return redirect(f"{reverse('start:sent')}?{urlencode({'pulje': slug})}")
        form.add_error(None, _("Der er bedt om mange links herfra. Vent en time, og prøv igen."))
        status = 429
    context = {
        "form": form,
        "goes_to": goes_to,
        "slug": slug,
        "has_provider": bool(settings.IDENTITY_PROVIDER),
    }
    return render(request, "workflow/start/begin.html", context, status=status)


@login_not_required
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "workflow/start/sent.html", {"slug": _slug(request), "goes_to": ""})


@login_not_required
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it does nothing, as mail programs open links too; a button does."""
    slug = _slug(request)
    try:
        person = get_object_or_404(User, pk=read_token("start", token, LASTS))
        user = _let_in(request, person)
    except PuljeError as refusal:
        anew = reverse("start:begin") + (f"?pulje={slug}" if slug else "")
        return closed(request, refusal, anew, _("Få et nyt link, eller log ind med MitID"))
    if request.method != "POST":
        return render(request, "workflow/start/link.html", {"person": person})
    login_anew(request, user)
    return redirect(reverse("applicant:new", args=[slug]) if slug else reverse("applicant:mine"))


def ask_for_mail(request: PersonRequest) -> HttpResponse:
    """Somebody who came by MitID: where may we write? The mail's link makes it theirs."""
    goes_to = onward(request) or reverse("applicant:mine")
    if request.user.has_mail:
        return redirect(goes_to)
    form = EmailForm(request.POST or None)
    if form.is_valid():
        _send(form.cleaned_data["email"], "CONFIRM_ADDRESS", "", timezone.now())
        return render(request, "workflow/start/sent.html", {"slug": "", "goes_to": goes_to})
    return render(request, "workflow/start/ask_for_mail.html", {"form": form, "goes_to": goes_to})


@transaction.atomic
def _send(email: str, kind: str, slug: str, at: datetime) -> None:
    """The mail that fits whoever has the address; twice in a minute is one mail."""
    if not may_mail(email, "start"):
        return
    person = person_by_mail(email)
    if not person.is_active:
        return
    queue_mail(
        kind if enters_by_mail(person) else "USE_LOG_IN",
        to=person.email,
        cause=f"start:{person.pk}:{at:%Y%m%d%H%M}",
        facts={"user": person.pk, "slug": slug},
    )


def _let_in(request: HttpRequest, person: User) -> User:
    """Who is logged in by this link. Raises RuleBroken when a link is too little for them."""
    current = request.user
    if current.is_authenticated and current != person and not current.has_mail:
        if request.method != "POST":
            return current
        return take_mail(current, person, at=timezone.now())
    if not enters_by_mail(person):
        raise RuleBroken(_("Du er her allerede med MitID eller adgangskode. Log ind med det."))
    return person


def _slug(request: HttpRequest) -> str:
    """The pool one is about to apply to, named outright or by the page one was on the way to."""
    slug = request.GET.get("pulje", "")
    if not slug:
        try:
            match = resolve(onward(request).partition("?")[0])
        except Resolver404:
            return ""
        slug = str(match.kwargs.get("slug", "")) if match.view_name == "applicant:new" else ""
    return slug if slug_re.match(slug) else ""
