"""What could not be sent: why, since when, and the way on."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters import actions
from letters.access import case_worker
from letters.forms.batch import AGAIN, FailedForm
from letters.mails import actions as mailing
from letters.models import Channel, Letter, Mail
from letters.queries import failed as queries_failed
from pulje.errors import PuljeError
from pulje.models import User


@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """Letters, mails and cases for the ESDH that a person must see to, each with its ways on."""
    case_worker(request)
    now = timezone.now()
    letters = list(queries_failed.letters())
    ways_of = actions.ways(letters)
    found = [(letter, ways_of[letter.pk]) for letter in letters]
    context = {
        "failed": found,
        "mails": queries_failed.mails(),
        "exports": queries_failed.exports(),
        "slow": list(queries_failed.slow(now)),
        "failures": queries_failed.count(),
        "stuck": queries_failed.stuck(now),
        "channels": [way for way in Channel if any(way in ways for _letter, ways in found)],
    }
    return render(request, "letters/failed.html", context)


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Try again, or by another channel, with all that are ticked; each by itself."""
    user = case_worker(request)
    form = FailedForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Sæt kryds ved det, der skal prøves igen. Genindlæs siden.")
        return redirect("letters:failed")
    do = form.cleaned_data["do"]
    tries = [_try(letter, do, user) for letter in form.cleaned_data["letters"]]
    tries += [_try(mail, do, user) for mail in form.cleaned_data["mails"]]
    _tell(request, tries)
    return redirect("letters:failed")


@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a failed letter up again."""
    user = case_worker(request)
    _tell(request, [_try(get_object_or_404(Letter, uuid=uuid), AGAIN, user)])
    return redirect("letters:failed")


@require_POST
def retry_mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a failed mail up again."""
    user = case_worker(request)
    _tell(request, [_try(get_object_or_404(Mail, uuid=uuid), AGAIN, user)])
    return redirect("letters:failed")


def _try(row: Letter | Mail, do: str, user: User) -> str:
    """Empty when it was taken up; else the sentence that says why not."""
    try:
        if isinstance(row, Mail):
            mailing.retry(row, by=user)
        elif do == AGAIN:
            actions.retry(row, by=user)
        else:
            actions.change_channel(row, channel=Channel(do), by=user, at=timezone.now())
    except PuljeError as refusal:
        return refusal.sentence
    return ""


def _tell(request: HttpRequest, tries: list[str]) -> None:
    """How many were taken up; the others by what stood in the way."""
    told = Counter(tries)
    if not tries:
        messages.error(request, "Sæt kryds ved det, der skal prøves igen.")
    if done := told.pop("", 0):
        how_many = "" if done == 1 else f" {done} gange"
        messages.success(request, f"Vi prøver igen{how_many}. Det er som regel sendt om et minut.")
    for sentence, count in told.items():
        messages.error(request, sentence if count == 1 else f"{sentence} ({count} gange)")
