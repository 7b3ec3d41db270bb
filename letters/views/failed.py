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
from letters.letter_way import OVERTAKEN
from letters.mails import actions as mailing
from letters.models import Channel, Letter, LetterState, Mail
from letters.queries import failed as queries_failed
from letters.views.letter import back
from pulje.errors import PuljeError
from pulje.models import User

SENT_SOON = "Vi prøver igen. Det er som regel sendt om et minut."
MADE_SOON = "Vi prøver igen. Skal en kollega læse brevet, venter det bagefter på siden Breve."
TO_APPROVE = "Brevet er ikke sendt: det skal læses og godkendes på siden Breve."
MANY = {
    SENT_SOON: "Vi prøver igen med {}. Det er som regel sendt om et minut.",
    MADE_SOON: "Vi prøver igen med {}. De, som en kollega skal læse, venter på siden Breve.",
    TO_APPROVE: "{} breve er ikke sendt: de skal læses og godkendes på siden Breve.",
}
WHAT_NOW: dict[str, str] = {
    LetterState.QUEUED: MADE_SOON,
    LetterState.RENDERED: TO_APPROVE,
    LetterState.SUPERSEDED: f"{OVERTAKEN} Det sendes ikke.",
}


@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """Letters, mails and cases for the ESDH that a person must see to, each with its ways on."""
    user, now = case_worker(request), timezone.now()
    seen = queries_failed.seen_by(user, now)
    ways_of = actions.ways(seen.letters)
    found = [(row, ways_of[row.pk], queries_failed.cures_of(row)) for row in seen.letters]
    context = {
        "failed": found,
        "mails": seen.mails,
        "exports": seen.exports,
        "slow": seen.slow,
        "hidden": seen.hidden,
        "failures": queries_failed.count(),
        "stuck": queries_failed.stuck(now),
        "channels": [way for way in Channel if any(way in ways for _row, ways, _cures in found)],
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
    """Take a failed letter up again; back to its own page when one came from there."""
    user = case_worker(request)
    letter = get_object_or_404(Letter, uuid=uuid)
    _tell(request, [_try(letter, AGAIN, user)])
    is_from_page = request.POST.get("from") == "side"
    return redirect(back(request, letter) if is_from_page else "letters:failed")


@require_POST
def retry_mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a failed mail up again."""
    user = case_worker(request)
    _tell(request, [_try(get_object_or_404(Mail, uuid=uuid), AGAIN, user)])
    return redirect("letters:failed")


Tried = tuple[bool, str]  # whether it was taken up, and the sentence that says what came of it


def _try(row: Letter | Mail, do: str, user: User) -> Tried:
    try:
        if isinstance(row, Mail):
            mailing.retry(row, by=user)
            return True, SENT_SOON
        if do == AGAIN:
            letter = actions.retry(row, by=user)
        else:
            letter = actions.change_channel(row, channel=Channel(do), by=user, at=timezone.now())
    except PuljeError as refusal:
        return False, refusal.sentence
    return True, WHAT_NOW.get(letter.state, SENT_SOON)


def _tell(request: HttpRequest, tries: list[Tried]) -> None:
    """What became of each; those with the same answer are told of together."""
    if not tries:
        messages.error(request, "Sæt kryds ved det, der skal prøves igen.")
    for (is_done, sentence), count in Counter(tries).items():
        told = sentence if count == 1 else MANY.get(sentence, sentence + " ({} gange)")
        level = messages.SUCCESS if is_done else messages.ERROR
        messages.add_message(request, level, told.replace("{}", str(count)))
