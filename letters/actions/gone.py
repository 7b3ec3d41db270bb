"""Letters that events have overtaken: what was not sent never is.

Their decision stands no longer, or nobody waits for what they ask for (``Kind.waits_in``).
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max
from django.utils import timezone

from letters.actions.rows import is_taken
from letters.kinds.registry import KINDS
from letters.models import Letter, LetterState
from pulje.models import Application, Decision, JournalEntry
from pulje.states import Verb

REPLACING = frozenset({Verb.ANNUL, Verb.REDECIDE})
# tell of the decision itself, remind of its answer, or say that it stands
LEANING_ON_IT = frozenset(
    {
        *(code for code, kind in KINDS.items() if kind.is_decision),
        "AWARD_REMINDER",
        "APPEAL_UPHELD",
        "APPEAL_LATE",
    }
)


def about_gone(letters: Iterable[Letter]) -> set[int]:
    """The ids of the letters whose decision has been replaced or annulled, or that ask for what
    their case, as it was read with them, waits for no more."""
    letters = list(letters)
    leaning = [row for row in letters if row.entry is not None]
    named = {row.pk: row.entry.data.get("decision") for row in leaning if row.entry}
    others = [row for row in leaning if not named[row.pk] and row.kind in LEANING_ON_IT]
    replaced = _of_replaced({pk: one for pk, one in named.items() if one})
    return replaced | _before_a_new(others) | _waited_for_no_more(letters)


def _waited_for_no_more(letters: Iterable[Letter]) -> set[int]:
    """What is known to be there is not: it was read when the case stood there."""
    asking = [row for row in letters if KINDS[row.kind].waits_in and row.available_at is None]
    return {row.pk for row in asking if row.application.state not in KINDS[row.kind].waits_in}


def _of_replaced(named: Mapping[int, int]) -> set[int]:
    if not named:
        return set()
    gone = Decision.objects.filter(pk__in=named.values(), is_current=False)
    replaced = set(gone.values_list("pk", flat=True))
    return {letter for letter, decision in named.items() if decision in replaced}


def _before_a_new(letters: Sequence[Letter]) -> set[int]:
    """Those that name no decision, of a case whose decision was taken away after them."""
    if not letters:
        return set()
    lines = JournalEntry.objects.filter(
        event__in=REPLACING, application__in=[row.application_id for row in letters]
    )
    newest: dict[int, int] = {}
    for case, number in lines.values_list("application", "number"):
        newest[case] = max(number, newest.get(case, 0))
    return {
        row.pk
        for row in letters
        if row.entry and row.entry.number < newest.get(row.application_id, 0)
    }


def has_ended(letter: Letter) -> bool:
    """True when events have overtaken the locked letter: then it is at its end."""
    if not about_gone([letter]):
        return False
    end([letter])
    letter.state = LetterState.SUPERSEDED
    return True


def supersede_for(entries: Sequence[JournalEntry]) -> None:
    """A decision is annulled or replaced: what is not there of its letters is not sent (again).

    In the transaction of the verb. One that a worker has in hand is seen to when it is claimed
    again (deliver.py), one that is on its way when it comes back (``stop``).
    """
    now = timezone.now()
    for entry in entries:
        if entry.event in REPLACING:
            old = Letter.objects.unsent().filter(
                application=entry.application_id,
                kind__in=LEANING_ON_IT,
                entry__number__lt=entry.number,
            )
            # one that somebody has in hand is left: it is stopped when it is to be sent
            locked = old.select_for_update(of=("self",), skip_locked=True).order_by("pk")
            end([row for row in locked if not is_taken(row, now)])


def is_untold(entry: JournalEntry) -> bool:
    """The entry annuls a decision whose letters are all ended unsent: nobody ever heard of it."""
    lines = JournalEntry.objects.filter(application=entry.application_id, number__lt=entry.number)
    before = lines.filter(event=Verb.ANNUL).aggregate(newest=Max("number"))["newest"] or 0
    told = Letter.objects.filter(
        application=entry.application_id,
        kind__in=[code for code, kind in KINDS.items() if kind.is_decision],
        entry__number__range=(before, entry.number),
    )
    never = (LetterState.SUPERSEDED, None, None)
    return set(told.values_list("state", "sent_at", "available_at")) == {never}


def end(letters: Iterable[Letter]) -> None:
    """Locked letters that are overtaken are at their end. What somebody may have seen keeps its
    place and why it came back; the others were never sent."""
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    rows.update(state=LetterState.SUPERSEDED, claimed_at=None)
    rows.filter(sent_at=None).update(failure="", batch=None)


def stop(letter: Letter, why: str) -> None:
    """The locked letter could not be brought: a person sees to it; nobody where it is
    overtaken, and then ``why`` is kept where it has been sent."""
    letter.state, letter.failure, letter.claimed_at = LetterState.FAILED, why, None
    letter.save(update_fields=["state", "failure", "claimed_at", "available_at"])
    has_ended(letter)


def is_awaited(application: Application) -> bool:
    """True while a letter of the case is on its way, or a person must see to it."""
    rows = Letter.objects.unsent().filter(application=application)
    found = list(rows.select_related("entry", "application"))
    return len(about_gone(found)) < len(found)
