"""A mail when the pool opens: ask, say yes by the mailed link, be free of it by one click."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from letters.mails.actions import queue_mail
from pulje.actions.applicant.subscription import (
    CONFIRM_WITHIN,
    confirm_subscription,
    end_subscription,
    subscribe,
)
from pulje.actions.link import read_token
from pulje.errors import RuleBroken
from pulje.forms.account import EmailForm
from pulje.models import Pool
from pulje.queries.applicant.subscription import standing
from pulje.views.public import shown_or_404
from workflow.views.links import closed
from workflow.views.throttle import may_ask, may_mail

PURPOSE = "subscription"


@login_not_required
def tell_me(request: HttpRequest, slug: str) -> HttpResponse:
    """Write an e-mail, get a link. Says the same whether or not we know the address."""
    pool = shown_or_404(slug).pool
    form = EmailForm(request.POST or None)
    status = 200
    if form.is_valid():
        if may_ask(request, PURPOSE):
            _ask(pool, form.cleaned_data["email"])
            return redirect("subscription:asked", slug)
        form.add_error(None, _("Der er bedt om mange mails herfra. Vent en time, og prøv igen."))
        status = 429
    context = {"form": form, "pool": pool}
    return render(request, "workflow/subscription/tell_me.html", context, status=status)


@login_not_required
@require_safe
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "workflow/subscription/asked.html", {"pool": shown_or_404(slug).pool})


@login_not_required
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. Opening it does nothing, as mail programs open links too; a button does."""
    try:
        pk = read_token(PURPOSE, token, CONFIRM_WITHIN)
        wish = standing(pk)
        if request.method == "POST":
            wish = confirm_subscription(pk, at=timezone.now())
    except RuleBroken as refusal:
        return _refused(request, refusal)
    is_on = wish is not None and wish.confirmed_at is not None
    context = {"is_done": request.method == "POST", "is_on": is_on}
    if is_on:
        context["end_url"] = reverse("subscription:end_subscription", args=[token])
    return render(request, "workflow/subscription/confirm.html", context)


@csrf_exempt  # a mail program posts without cookies (RFC 8058); the signed link is the permission
@login_not_required
def end(request: HttpRequest, token: str) -> HttpResponse:
    """No more mails: a mail program's one click, or the button here. Again is harmless."""
    try:
        pk = read_token(PURPOSE, token)
    except RuleBroken as refusal:
        return _refused(request, refusal)
    if request.method == "POST":
        end_subscription(pk, at=timezone.now())
    context = {"is_done": standing(pk) is None}
    return render(request, "workflow/subscription/end.html", context)


def _refused(request: HttpRequest, refusal: RuleBroken) -> HttpResponse:
    return closed(request, refusal, reverse("pulje:front"), _("Se puljerne"))


@transaction.atomic
def _ask(pool: Pool, email: str) -> None:
    """Keep the wish and mail the link, unless it is confirmed already; twice a minute is once."""
    if not may_mail(email, PURPOSE):
        return
    now = timezone.now()
    wish = subscribe(pool.code, email, at=now)
    if wish.confirmed_at is None:
        queue_mail(
            "SUBSCRIPTION_CONFIRM",
            to=wish.email,
            cause=f"subscription:{wish.pk}:{now:%Y%m%d%H%M}",
            facts={"subscription": wish.pk, "pool": pool.name},
        )
