"""Letters about a decision that stands no longer: what was not sent never is."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from letters.actions.rows import is_taken
from letters.kinds.registry import KINDS
from letters.models import Letter, LetterState
from pulje.errors import WrongState
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
    """The ids of the letters whose decision has been replaced or annulled."""
    leaning = [row for row in letters if row.entry is not None]
    named = {row.pk: row.entry.data.get("decision") for row in leaning if row.entry}
    others = [row for row in leaning if not named[row.pk] and row.kind in LEANING_ON_IT]
    return _of_replaced({pk: one for pk, one in named.items() if one}) | _before_a_new(others)


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


def check_stands(letter: Letter) -> None:
    """Raises WrongState for a letter that is never sent, as its decision stands no longer."""
    if letter.state == LetterState.SUPERSEDED or about_gone([letter]):
        number = letter.application.number
        raise WrongState(_("Afgørelsen i %s gælder ikke længere, så brevet sendes ikke.") % number)


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


def end(letters: Iterable[Letter]) -> None:
    """Locked letters about a gone decision are at their end. What somebody may have seen keeps its
    place and why it came back; the others were never sent."""
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
    rows.update(state=LetterState.SUPERSEDED, claimed_at=None)
    rows.filter(sent_at=None).update(failure="", batch=None)


def stop(letter: Letter, why: str) -> None:
    """The locked letter could not be brought: a person sees to it; nobody where its decision is
    gone, and then ``why`` is kept where it has been sent."""
    letter.state, letter.failure, letter.claimed_at = LetterState.FAILED, why, None
    letter.save(update_fields=["state", "failure", "claimed_at", "available_at"])
    if about_gone([letter]):
        end([letter])
        letter.state = LetterState.SUPERSEDED


def is_awaited(application: Application) -> bool:
    """True while a letter of the case is on its way, or a person must see to it."""
    rows = list(Letter.objects.unsent().filter(application=application).select_related("entry"))
    return len(about_gone(rows)) < len(rows)
