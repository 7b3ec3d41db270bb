"""A letter's way from being asked for to being opened, as steps to show."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from letters.models import SENT_STATES, DeliveryAttempt, DeliveryReceipt, Letter, LetterState
from pulje.templatetags.words import dato_kort, tid

Step = tuple[str, str, str]  # name, note, "done" | "current" | "todo"


def steps_of(
    letter: Letter, attempts: Iterable[DeliveryAttempt], receipts: Iterable[DeliveryReceipt]
) -> list[Step]:
    """Bestilt, lavet, godkendt, each try, sendt, fremme, åbnet; the first not done is current."""
    told = [*_until_sent(letter), *_tries(letter, attempts), *_after(letter, receipts)]
    steps, is_current, now = [], True, timezone.now()
    for name, at, note in told:
        if at is not None and at > now:
            steps.append((name, f"Ventes {dato_kort(at)}", "current" if is_current else "todo"))
            is_current = False
        elif at is not None:
            steps.append((name, _joined(_when(at), note), "done"))
        else:
            steps.append((name, note, "current" if is_current else "todo"))
            is_current = False
    return steps


OVERTAKEN = "Det, brevet siger, gælder ikke længere."

Told = tuple[str, datetime | None, str]


def _until_sent(letter: Letter) -> Iterator[Told]:
    yield "Bestilt", letter.queued_at, ""
    if letter.state == LetterState.FAILED and not letter.sha256:
        yield "Kunne ikke laves", None, letter.failure
        return
    yield "Lavet", letter.rendered_at, ""
    if letter.approved_by is not None:
        yield f"Godkendt af {letter.approved_by.name}", letter.approved_at, ""
    elif letter.state == LetterState.RENDERED:
        yield "Skal godkendes", None, ""


def _tries(letter: Letter, attempts: Iterable[DeliveryAttempt]) -> Iterator[Told]:
    """What did not lead to the letter's being there; the way it went in the end comes after."""
    for number, one in enumerate(attempts, start=1):
        if one.is_sent and one.channel != letter.channel:
            yield "Sendt", one.ended_at, one.get_channel_display()
        elif not one.is_sent:
            yield f"Forsøg {number}", one.started_at, one.detail or "Ikke afsluttet"


def _after(letter: Letter, receipts: Iterable[DeliveryReceipt]) -> Iterator[Told]:
    if letter.state == LetterState.SUPERSEDED and letter.sent_at is None:
        yield "Sendes ikke", None, OVERTAKEN
        return
    told = list(receipts)
    for one in told:
        if one.source != letter.channel:  # of a way that was left
            yield one.get_kind_display(), one.at, one.detail
    if letter.state == LetterState.FAILED and letter.sha256:
        yield "Gået i stå", None, letter.failure
        return
    if letter.state == LetterState.SUPERSEDED:
        yield "Sendt", letter.sent_at, letter.get_channel_display()
        yield "Sendes ikke igen", None, f"{OVERTAKEN} {letter.failure}".strip()
        return
    yield "Sendt", letter.sent_at, letter.get_channel_display()
    for one in told:
        if one.source == letter.channel:
            yield one.get_kind_display(), one.at, one.detail
    yield "Fremme", letter.available_at, ""
    if letter.state in SENT_STATES:
        yield "Åbnet", letter.opened_at, ""


def _when(at: datetime) -> str:
    return f"{dato_kort(at)} {tid(at)}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
