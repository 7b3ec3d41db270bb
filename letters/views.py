"""The letters' page for case workers, and a letter as a PDF for those who may read it."""

from time import monotonic, sleep
from uuid import UUID

from celery import current_app
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from letters import actions, mailing
from letters.forms import ApproveForm
from letters.kinds_case import Receipt
from letters.mails import MAILS
from letters.models import Letter, Mail
from letters.questions import facts_of, version_shown
from pulje.errors import NotAllowed, PuljeError
from pulje.models import Application, Meeting, PoolVersion, User
from pulje.permissions import check_not_disqualified, check_other, check_see, is_member

SHOWN, WHOLE, NEWEST, LONGEST_ID = 100, 1000, 25, 12
PATIENCE_SECONDS, ASKED_SECONDS = 4, 120
PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """What a person must do something about first, then what is on its way and what has left."""
    _allow(request)
    rows = Letter.objects.select_related("application", "author").defer("facts")
    meeting = _meeting(request)
    waiting = rows.awaiting_reader().select_related("application", "author", "entry")
    if meeting is not None:
        waiting = waiting.of_meeting(meeting)
    shown = list(waiting.order_by("queued_at", "pk")[: WHOLE if meeting else SHOWN])
    failed = list(rows.failed().order_by("queued_at", "pk")[:SHOWN])
    mails = Mail.objects.failed().select_related("application").order_by("queued_at", "pk")
    failed_mails = [(mail, MAILS[mail.kind].name) for mail in mails[:SHOWN]]
    context = {
        "failed": failed,
        "failed_mails": failed_mails,
        "failed_count": len(failed) + len(failed_mails),
        "meeting": meeting,
        "waiting": shown,
        "held": actions.held_by_minutes(shown),
        "on_their_way": Letter.objects.on_their_way().count(),
        "sent": list(rows.sent().order_by("-sent_at", "-pk")[:NEWEST]),
    }
    return render(request, "letters/page.html", context)


def _meeting(request: HttpRequest) -> Meeting | None:
    """The meeting whose letters are asked for, if any."""
    asked = request.GET.get("moede", "")
    if not asked.isdecimal() or len(asked) > LONGEST_ID:
        return None
    return Meeting.objects.select_related("committee").filter(pk=asked).first()


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """The second reader lets refusals go."""
    user = _allow(request)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["letters"]))
        return redirect("letters:all")
    try:
        done = actions.approve(form.cleaned_data["letters"], by=user, at=timezone.now())
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{_counted(len(done))} er læst og sendes nu.")
    return redirect("letters:all")


@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a failed letter up again."""
    user = _allow(request)
    letter = get_object_or_404(Letter, uuid=uuid)
    try:
        actions.retry(letter, by=user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Vi prøver igen. Brevet er som regel sendt om et minut.")
    return redirect("letters:all")


@require_POST
def retry_mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a failed mail up again."""
    user = _allow(request)
    mail = get_object_or_404(Mail, uuid=uuid)
    try:
        mailing.retry(mail, by=user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Vi prøver igen. Mailen er som regel sendt om et minut.")
    return redirect("letters:all")


@require_safe
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The PDF, for the house and, once sent, for those it is written to; `?hent` downloads."""
    letter = get_object_or_404(Letter.objects.select_related("application", "paper"), uuid=uuid)
    _check_reader(request, letter)
    title = slugify(letter.title.casefold().translate(PLAIN))
    return _pdf(request, letter.paper.pdf, f"{title}-{letter.application.number}.pdf")


@require_safe
def application_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The application as it was sent; made by a worker some seconds after, till then a page."""
    receipts = Letter.objects.filter(application=pk, kind=Receipt.code).order_by("pk")
    receipt = receipts.select_related("application", "enclosure").defer("facts").first()
    if receipt is None:
        raise Http404
    _check_person(request, receipt.application)
    if not hasattr(receipt, "enclosure"):
        return render(request, "papers/wait.html", status=202)
    return _pdf(request, receipt.enclosure.pdf, f"ansoegning-{receipt.application.number}.pdf")


@login_not_required
@require_safe
def questions_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """A pool's questions to print. The first to ask after a change waits a moment for a worker."""
    now = timezone.now()
    version = version_shown(slug, now)
    if version is None:
        raise Http404
    key = actions.questions_key(facts_of(version, now))
    found = cache.get(key) or _asked_for(version, key)
    if found is None:
        return render(request, "papers/wait.html", status=202)
    headers = {"Content-Disposition": f'inline; filename="spoergsmaal-{slug}.pdf"'}
    return HttpResponse(found, content_type="application/pdf", headers=headers)


def _asked_for(version: PoolVersion, key: str) -> bytes | None:
    """Have the paper made, once for all who ask now; None when it takes longer than PATIENCE."""
    if cache.add(f"{key}:asked", True, ASKED_SECONDS):
        current_app.send_task("letters.tasks.make_questions", [version.pk], expires=ASKED_SECONDS)
    end = monotonic() + PATIENCE_SECONDS
    while monotonic() < end:
        sleep(0.1)
        found: bytes | None = cache.get(key)
        if found:
            return found
    return None


def _pdf(request: HttpRequest, pdf: bytes, name: str) -> HttpResponse:
    how = "attachment" if "hent" in request.GET else "inline"
    return HttpResponse(
        bytes(pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'{how}; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _check_reader(request: HttpRequest, letter: Letter) -> None:
    """A letter on its way is the house's own; to everybody else it is not there yet."""
    is_theirs = _check_person(request, letter.application)
    if not hasattr(letter, "paper") or (is_theirs and not letter.is_sent):
        raise Http404


def _check_person(request: HttpRequest, application: Application) -> bool:
    """True for the applicant's people, False for those here who may see the case; else refused."""
    user = request.user
    assert isinstance(user, User)
    if is_member(user, application):
        return True
    try:
        check_see(user, application)
        check_not_disqualified(user, application)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return False


def _allow(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    try:
        check_other(user, "see_letters")
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return user


def _counted(number: int) -> str:
    return "1 brev" if number == 1 else f"{number} breve"
