"""Letters that one person lets go together: made, paused, resumed, taken back.

Writes LetterBatch, and of Letter only that it is let go or is not.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import gate
from letters.actions import WORK, approve
from letters.actions.approve import note_letters
from letters.actions.rows import is_taken
from letters.mails.actions import nudge
from letters.models import Letter, LetterBatch, LetterState
from pulje.errors import WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_none_disqualified, check_other

TAKEN_BACK = "letter_taken_back"


@transaction.atomic
def make_batch(
    letters: Iterable[Letter],
    *,
    by: User,
    at: datetime,
    name: str,
    read: Mapping[int, str],
    shown_at: datetime | None = None,
) -> LetterBatch:
    """Let all these letters go, as one batch; the same letters again give the batch they are in.

    ``read``: the sha256 of each as it was shown; ``shown_at``: when. Raises what ``approve``
    raises, and WrongState when somebody has taken one of them back since; then none goes.
    """
    pks = {letter.pk for letter in letters}
    if known := _made_already(pks):
        return known
    found = approve(letters, by=by, at=at, read=read)
    if shown_at is not None:
        _check_not_taken_back(pks, shown_at)
    batch = LetterBatch.objects.create(name=name, made_by=by, made_at=at, size=len(found))
    Letter.objects.filter(pk__in=[letter.pk for letter in found]).update(batch=batch)
    return batch


def _made_already(pks: set[int]) -> LetterBatch | None:
    """The batch that all of these were let go in. Holds their rows: who comes at once waits."""
    if not pks:
        raise WrongState(_("Vælg de breve, der skal sendes."))
    rows = Letter.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    batches = set(rows.values_list("batch", flat=True))
    return LetterBatch.objects.filter(pk__in=batches).first() if len(batches) == 1 else None


def _check_not_taken_back(pks: set[int], shown_at: datetime) -> None:
    lines = JournalEntry.objects.filter(event=TAKEN_BACK, at__gt=shown_at)
    lines = lines.filter(application__in=Letter.objects.filter(pk__in=pks).values("application"))
    for line in lines.select_related("by", "application").order_by("-at", "pk"):
        if line.by is not None and pks.intersection(line.data["letters"]):
            sentence = _(
                "%(name)s har taget brevet i %(number)s tilbage, efter at du åbnede siden. "
                "Tal sammen, og vælg brevene igen."
            )
            raise WrongState(sentence % {"name": line.by.name, "number": line.application.number})


@transaction.atomic
def pause(batch: LetterBatch, *, by: User, at: datetime) -> None:
    """Keep back those of the batch's letters that no worker has taken; harmless to repeat.

    Raises NotAllowed without the role and to who is disqualified in one of its cases, WrongState
    when nothing waits.
    """
    batch = _locked(batch, by)
    _check_waits(batch)
    if batch.paused_at is None:
        batch.paused_by, batch.paused_at = by, at
        batch.save(update_fields=["paused_by", "paused_at"])


@transaction.atomic
def resume(batch: LetterBatch, *, by: User, at: datetime) -> int:
    """Send the rest of a paused batch; harmless to repeat. Raises what ``pause`` raises.

    Each goes through the gate once more, for what has changed meanwhile; gives how many it stopped:
    they wait for a reader again.
    """
    batch = _locked(batch, by)
    _check_waits(batch)
    batch.paused_by = batch.paused_at = None
    batch.save(update_fields=["paused_by", "paused_at"])
    free = _free(batch, at)
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in free])
    rows.update(state=LetterState.RENDERED)  # the gate asks more of what a person reads
    lines = gate.lines_for(free, timezone.localdate(at))
    fine = [letter.pk for letter in free if gate.is_open(lines[letter.pk])]
    rows.filter(pk__in=fine).update(state=LetterState.APPROVED)
    stopped = [letter for letter in free if letter.pk not in fine]
    _give_back(stopped, by, at)
    nudge(WORK)
    return len(stopped)


@transaction.atomic
def take_back(batch: LetterBatch, *, by: User, at: datetime) -> int:
    """The letters of the batch that no worker has taken wait for a reader again; gives how many.

    The cases' journals tell of it. What a carrier had once and could not bring stays. Raises what
    ``pause`` raises.
    """
    batch = _locked(batch, by)
    free = _free(batch, at)
    if not free:
        raise WrongState(_nothing_waits(batch))
    _give_back(free, by, at)
    return len(free)


def _free(batch: LetterBatch, now: datetime) -> list[Letter]:
    """Those that nobody outside has seen and no worker has in hand, locked."""
    waiting = batch.letters.filter(state=LetterState.APPROVED, sent_at=None)
    rows = waiting.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("application__applicant")
    return [letter for letter in rows.order_by("pk") if not is_taken(letter, now)]


def _give_back(letters: list[Letter], by: User, at: datetime) -> None:
    if letters:
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
            state=LetterState.RENDERED, approved_by=None, approved_at=None, batch=None
        )
        note_letters(TAKEN_BACK, letters, by=by, at=at)


def _check_waits(batch: LetterBatch) -> None:
    if not batch.letters.filter(state=LetterState.APPROVED).exists():
        raise WrongState(_nothing_waits(batch))


def _nothing_waits(batch: LetterBatch) -> str:
    if batch.letters.exists():
        return str(_("Brevene i forsendelsen er sendt. Der er ingen, der venter."))
    return str(_("Brevene i forsendelsen er taget tilbage. De venter på siden Breve."))


def _locked(batch: LetterBatch, by: User) -> LetterBatch:
    """Source: forvaltningsloven §§ 3-6 (who is disqualified has no hand in whether it is sent)."""
    check_other(by, "approve_letter")
    cases = Application.objects.filter(letters__batch=batch).distinct().order_by("pk")
    check_none_disqualified(by, list(cases))
    return LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
