"""A letter's own page for those who send it: the paper, the gate, its way, and what may be done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from letters import actions, gate
from letters.access import case_worker
from letters.actions.change_channel import is_movable
from letters.actions.remake import why_not
from letters.forms.batch import FilterForm
from letters.forms.letter import ChannelForm, CorrectForm
from letters.gate.matter import Matter, matters_of
from letters.letter_way import steps_of
from letters.models import Channel, Letter, LetterState, Paper
from letters.queries.failed import cures_of
from letters.queries.waiting import order_of
from pulje.errors import NotAllowed, PuljeError, RuleBroken
from pulje.exports.preview import page_of_pdf
from pulje.models import User
from pulje.permissions import check_not_disqualified
from pulje.views.typed import typed_before

LIST_KEYS = tuple(FilterForm.base_fields)  # what the list was narrowed to
REFUSED_STATUS = 422


@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The letter as pictures, what the gate finds, the facts and its way."""
    return _show(request, _matter(request, uuid))


@require_POST
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Read, and let go: the gate is asked again."""

    def do(letter: Letter, user: User) -> None:
        read = {letter.pk: request.POST.get("read", "")}
        actions.approve([letter], by=user, at=timezone.now(), read=read)

    return _do(request, uuid, do, "Brevet er godkendt og sendes nu.")


@require_POST
def remake(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Made anew: today's date and facts, all the days."""

    def do(letter: Letter, user: User) -> None:
        actions.remake(letter, by=user, at=timezone.now())

    return _do(request, uuid, do, "Brevet laves igen. Det er klar om lidt.")


@require_POST
def correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A paragraph of the case worker's own."""
    form = CorrectForm(request.POST)

    def do(letter: Letter, user: User) -> None:
        words, read = form.cleaned_data["words"], request.POST.get("read", "")
        actions.add_words(letter, by=user, at=timezone.now(), words=words, read=read)

    return _do(request, uuid, do, "Teksten er rettet. Brevet laves igen.", correct=form)


@require_POST
def channel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Another way than the one that was chosen."""
    form = ChannelForm(request.POST, ways=Channel)

    def do(letter: Letter, user: User) -> None:
        way = Channel(form.cleaned_data["channel"])
        actions.change_channel(letter, channel=way, by=user, at=timezone.now())

    return _do(request, uuid, do, "Kanalen er skiftet.", channel=form)


def _do(
    request: HttpRequest,
    uuid: UUID,
    do: Callable[[Letter, User], None],
    done: str,
    **forms: Form,
) -> HttpResponse:
    """One call, and back to the page; what is refused comes back with what was typed."""
    user = case_worker(request)
    letter = get_object_or_404(Letter.objects.select_related("application"), uuid=uuid)
    _check_impartial(user, letter)
    if all(form.is_valid() for form in forms.values()):
        try:
            do(letter, user)
        except PuljeError as refusal:
            if not forms or not isinstance(refusal, RuleBroken):
                messages.error(request, refusal.sentence)
                return redirect(back(request, letter))
            for form in forms.values():
                form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(back(request, letter))
    return _show(request, _matter(request, uuid), **forms)


def _matter(request: HttpRequest, uuid: UUID) -> Matter:
    """The letter with all that it must agree with; refused to whoever is disqualified."""
    user = case_worker(request)
    letter = get_object_or_404(Letter.objects.only("pk"), uuid=uuid)
    (matter,) = matters_of([letter], timezone.localdate(), readers=[user])
    if user.pk in matter.out:
        _check_impartial(user, matter.letter)
    return matter


def _check_impartial(user: User, letter: Letter) -> None:
    try:
        check_not_disqualified(user, letter.application)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal


def _show(request: HttpRequest, m: Matter, **typed: Form) -> HttpResponse:
    letter = m.letter
    attempts = list(letter.delivery_attempts.order_by("started_at", "pk"))
    receipts = list(letter.receipts.order_by("at", "pk"))
    is_waiting = letter.sent_at is None and letter.state != LetterState.SUPERSEDED
    is_failed = letter.state == LetterState.FAILED
    lines = gate.lines_of(m) if is_waiting else gate.as_kept(letter.gate)
    before, after = _neighbours(request, letter)
    context = {
        "m": m,
        "letter": letter,
        "case": m.case,
        "lines": lines,
        "is_open": gate.is_open(lines),
        "is_waiting": is_waiting,
        "is_failed": is_failed,
        "cures": cures_of(letter) if is_failed else [],
        "pages": range(1, _count(letter) + 1),
        "steps": steps_of(letter, attempts, receipts),
        "attempts": attempts,
        "before": before,
        "after": after,
        "chosen": _chosen(request),
        "form": next(iter(typed.values()), None),
    }
    context |= _may(request, letter, is_waiting)
    unsent = typed_before(request, reverse("letters:correct", args=[letter.uuid]))
    added = unsent.get("words") if unsent else m.facts.get("added", "")
    context |= {"correct": CorrectForm(initial={"words": added})}
    context |= {"channel": ChannelForm(ways=context["ways"])}
    context |= typed
    context["channel"].offer(context["ways"])
    status = REFUSED_STATUS if typed else 200
    return render(request, "letters/letter_page.html", context, status=status)


def _may(request: HttpRequest, letter: Letter, is_waiting: bool) -> dict[str, Any]:
    """What this person may do to the letter as it stands."""
    is_read = letter.state == LetterState.RENDERED
    ways = actions.ways([letter])[letter.pk] if is_movable(letter, timezone.now()) else []
    return {
        "may_approve": is_read and request.user.pk not in letter.writers,
        "is_own": is_read and request.user.pk in letter.writers,
        "words_now": letter.facts.get("added", ""),
        "words_read": actions.words_read(letter),
        "may_remake": is_waiting and not why_not([letter]),
        "ways": [way for way in ways if way != letter.channel],
    }


def _count(letter: Letter) -> int:
    """How many pages can be shown; none while the letter is not made."""
    if not letter.sha256:
        return 0
    paper = Paper.objects.filter(pk=letter.pk)
    return page_of_pdf(letter.sha256, lambda: bytes(paper.get().pdf), 1).pages


def _chosen(request: HttpRequest) -> str:
    """What the list this page was reached from had been narrowed to, as a query."""
    return urlencode({key: request.GET[key] for key in LIST_KEYS if request.GET.get(key)})


def back(request: HttpRequest, letter: Letter) -> str:
    """The letter's own page, with the list it was reached from."""
    chosen = _chosen(request)
    return reverse("letters:letter", args=[letter.uuid]) + (f"?{chosen}" if chosen else "")


def _neighbours(request: HttpRequest, letter: Letter) -> tuple[UUID | None, UUID | None]:
    """Previous and next in the list it was reached from, narrowed as it was; none out of it."""
    found = order_of(FilterForm(request.GET).wanted())
    if letter.uuid not in found:
        return None, None
    place = found.index(letter.uuid)
    after = found[place + 1] if place + 1 < len(found) else None
    return (found[place - 1] if place else None), after
