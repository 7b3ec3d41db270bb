"""No more mails of a kind: a mail program's one click, or the button here."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from pulje.actions.applicant.preferences import MAILS, end_mails
from pulje.actions.link import read_token
from pulje.errors import RuleBroken
from workflow.views.links import closed


@csrf_exempt  # a mail program posts without cookies (RFC 8058); the signed link is the permission
@login_not_required
def end(request: HttpRequest, what: str, token: str) -> HttpResponse:
    """Opening the link does nothing, as mail programs open links too; a post does."""
    if what not in MAILS:
        raise Http404
    try:
        person = read_token(f"mail-{what}", token)
    except RuleBroken as refusal:
        return closed(request, refusal, reverse("pulje:front"), _("Se puljerne"))
    if request.method == "POST":
        end_mails(what, person)
    context = {"is_done": request.method == "POST", "what": what}
    return render(request, "workflow/subscription/mail_off.html", context)
