"""Pages behind mailed links: an invitation, a leader's word, a guardian's consent.

The link is the key: it proves the address it was sent to, and nothing more. GET writes nothing.
"""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.applicant.identity import enters_by_mail, person_by_mail
from pulje.actions.applicant.invitation import accept_invitation, check_open
from pulje.actions.application.guardian import NOT_YOURSELF, answer_guardian, is_the_young
from pulje.actions.application.partner import UNDECIDED, answer_leader
from pulje.actions.link import read_token
from pulje.errors import PuljeError, RuleBroken
from pulje.forms.applicant.membership import LeaderForm
from pulje.models import GuardianConsent, Invitation, Partner, User
from pulje.states import CaseState
from pulje.views.account import login_anew


@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what; POST says yes, as oneself or as who owns the address."""
    now = timezone.now()
    user = _logged_in(request)
    try:
        found = _invitation(token)
        check_open(found, by=user, at=now)
        if request.method == "POST":
            return _accept(request, found, user, now)
    except PuljeError as refusal:
        return closed(request, refusal)
    context = {
        "invitation": found,
        "is_with": found.accepted_at is not None,
        "is_other_address": user is not None and user.email.lower() != found.email.lower(),
        "may_mail_in": user is None and _may_enter(found.email),
        "log_in": f"{reverse('pulje:log_in')}?next={request.path}",
    }
    return render(request, "workflow/links/invitation.html", context)


def _logged_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _may_enter(email: str) -> bool:
    """The link is enough for whoever is new here, or has nothing but the address."""
    known = User.objects.filter(email__iexact=email).first()
    return known is None or enters_by_mail(known)


def _invitation(token: str) -> Invitation:
    pk = read_token("invitation", token)
    rows = Invitation.objects.select_related("applicant", "application__pool", "invited_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise RuleBroken(_("Invitationen findes ikke længere. Bed om en ny."))
    return found


def _accept(
    request: HttpRequest, found: Invitation, user: User | None, now: datetime
) -> HttpResponse:
    if user is None:
        user = person_by_mail(found.email)
        if not enters_by_mail(user):
            raise RuleBroken(_("Du er her allerede. Log ind, og følg linket igen."))
        accept_invitation(found, by=user, at=now)
        login_anew(request, user)
    else:
        accept_invitation(found, by=user, at=now)
    messages.success(request, _("Velkommen. Du er nu med hos %s.") % found.applicant.name)
    if found.application is not None:
        return redirect("applicant:case", found.application.pk)
    return redirect("applicant:account", found.applicant_id)


@login_not_required
def leader(request: HttpRequest, token: str) -> HttpResponse:
    """What the institution contributes; its leader says yes, or no with a remark."""
    try:
        found = _partner(token)
        answer = request.POST.get("answer", "")
        initial = {"remark": found.remark, "supplements": found.is_confirmed}
        form = LeaderForm(
            request.POST if answer else None, says_yes=answer == "yes", initial=initial
        )
        if answer and form.is_valid():
            remark = form.cleaned_data["remark"]
            answer_leader(found, at=timezone.now(), is_confirmed=answer == "yes", remark=remark)
            messages.success(request, _("Tak for svaret. Du kan lukke siden."))
            return redirect(request.path)
    except PuljeError as refusal:
        return closed(request, refusal)
    case = found.application
    context = {"partner": found, "case": case, "form": form, "is_open": case.state in UNDECIDED}
    return render(request, "workflow/links/leader.html", context)


def _partner(token: str) -> Partner:
    pk = read_token("partner", token)
    rows = Partner.objects.select_related("application__applicant", "application__pool")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise RuleBroken(_("Samarbejdet er taget ud af ansøgningen, så her er intet at svare på."))
    return found


@login_not_required
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    """What the young person applies for; the guardian says yes or no, and nobody else."""
    user = _logged_in(request)
    try:
        found = _consent(token)
        is_own = is_the_young(user, found)
        answer = request.POST.get("answer", "")
        if answer in ("yes", "no") and not is_own:
            answer_guardian(found, by=user, at=timezone.now(), is_given=answer == "yes")
            messages.success(request, _("Tak for svaret. Du kan lukke siden."))
            return redirect(request.path)
    except PuljeError as refusal:
        return closed(request, refusal)
    case = found.application
    context = {
        "consent": found,
        "case": case,
        "is_open": case.state == CaseState.DRAFT,
        "refusal": NOT_YOURSELF if is_own else "",
    }
    status = 403 if is_own and request.method == "POST" else 200
    return render(request, "workflow/links/guardian.html", context, status=status)


def _consent(token: str) -> GuardianConsent:
    pk = read_token("guardian", token)
    rows = GuardianConsent.objects.select_related("application__applicant", "application__pool")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise RuleBroken(_("Der er spurgt en anden i stedet, så her er intet at svare på."))
    return found


def closed(
    request: HttpRequest, refusal: PuljeError, way_on: str = "", way_on_text: str = ""
) -> HttpResponse:
    """A mailed link that is not good: why, and what now; the way on is one's own list if none."""
    context = {"sentence": refusal.sentence, "way_on": way_on, "way_on_text": way_on_text}
    return render(request, "workflow/links/closed.html", context, status=410)
