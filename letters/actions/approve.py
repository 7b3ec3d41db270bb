"""The second reader of a letter, the legal gate, and the letter nobody was to read after all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from letters import gate
from letters.actions.rows import WORK, is_taken
from letters.kinds.registry import KINDS
from letters.mails.actions import nudge
from letters.models import Letter, LetterState
from pulje.actions.state import lock_all, note_down_many
from pulje.enums import DecidedBy
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Decision, Meeting, User
from pulje.permissions import check_none_disqualified, check_other

APPROVED = "letter_approved"


@transaction.atomic
def approve(
    letters: Iterable[Letter], *, by: User, at: datetime, read: Mapping[int, str]
) -> list[Letter]:
    """The second reader has read these letters, and the legal gate is open; they go out.

    ``read``: the sha256 of each letter's paper, by its id, as the reader was shown it.
    Raises NotAllowed without the role, for the one who wrote it, and for a disqualified person;
    WrongState when one is not waiting any more, is another paper than was
    read, or its meeting's minutes are not approved;
    RuleBroken with all that the gate finds lacking, by line. Then none is approved. The gate's
    lines are kept on each letter as they stood.
    """
    check_other(by, "approve_letter")
    pks = [letter.pk for letter in letters]
    rows = Letter.objects.select_for_update(of=("self",)).select_related("application", "entry")
    found = list(rows.filter(pk__in=pks).order_by("pk"))
    check_none_disqualified(by, [letter.application for letter in found])
    for letter in found:
        _check_second_reader(letter, by, read.get(letter.pk, ""))
    _check_minutes(found)
    lines = gate.lines_for(found, timezone.localdate(at))
    if refused := gate.refusals(found, lines):
        raise RuleBroken(" ".join(refused))
    for letter in found:
        letter.gate = gate.kept(lines[letter.pk])
        letter.state, letter.approved_by, letter.approved_at = LetterState.APPROVED, by, at
    Letter.objects.bulk_update(found, ["gate", "state", "approved_by", "approved_at"])
    note_letters(APPROVED, found, by=by, at=at)
    nudge(WORK)
    return found


def note_letters(event: str, letters: Sequence[Letter], *, by: User, at: datetime) -> None:
    """One line in each case's journal; the number of queries does not grow with them."""
    told: dict[int, list[int]] = {}
    for letter in letters:
        told.setdefault(letter.application_id, []).append(letter.pk)
    cases = lock_all([letter.application for letter in letters])
    note_down_many(
        cases, event, by=lambda _case: by, at=at, data=lambda case: {"letters": told[case.pk]}
    )


def hold_back(letter: Letter) -> None:
    """A decision that would go by itself stays for a person where the gate finds something.

    The letter has just been made, or is taken up again, and its row is locked. What has been sent
    once has been through the gate, and its row keeps what the gate said then.
    Source: letters/gate/__init__.py.
    """
    kind = KINDS[letter.kind]
    is_decision = kind.is_decision or kind.needs_guidance
    if letter.sent_at or letter.approved_at or not letter.sha256 or not is_decision:
        return
    lines = gate.lines_for([letter])[letter.pk]
    letter.gate = gate.kept(lines)
    if letter.state == LetterState.APPROVED and not gate.is_open(lines):
        letter.state = LetterState.RENDERED
    letter.save(update_fields=["gate", "state"])


@transaction.atomic
def take_back(decision: Decision) -> None:
    """The letters about this decision are never sent: another decision has taken its place.

    Raises WrongState when one has left or is about to.
    """
    rows = Letter.objects.filter(
        application=decision.application_id, entry__data__decision=decision.pk
    )
    free = rows.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    still_here = [row for row in free if not row.sent_at and not is_taken(row, timezone.now())]
    if len(still_here) < rows.count():
        raise WrongState(
            _("Brevet om afgørelsen i %s er sendt, så beslutningen kan ikke rettes her.")
            % decision.application.number
        )
    rows.update(state=LetterState.SUPERSEDED, failure="", batch=None, claimed_at=None)


def _told(letters: Iterable[Letter]) -> dict[int, int]:
    """Letter id -> the id of the decision it tells about; the letters have their journal lines."""
    lines = {row.pk: row.entry for row in letters if row.entry is not None}
    return {pk: line.data["decision"] for pk, line in lines.items() if "decision" in line.data}


def held_by_minutes(letters: Iterable[Letter]) -> dict[int, Meeting]:
    """The letters, by id, that wait for the minutes of a meeting to be approved: one query.

    The letters were read with their journal lines.
    """
    told = _told(letters)
    waiting = Decision.objects.filter(
        pk__in=list(told.values()),
        body=DecidedBy.COMMITTEE,
        meeting__minutes_approved_at=None,
    )
    rows = waiting.select_related("meeting__committee").order_by("pk")
    meetings = {row.pk: row.meeting for row in rows if row.meeting is not None}
    return {letter: meetings[pk] for letter, pk in told.items() if pk in meetings}


def _check_second_reader(letter: Letter, by: User, read: str) -> None:
    number = letter.application.number
    if letter.author_id == by.pk:
        raise NotAllowed(_("Du har selv skrevet brevet i %s. En kollega skal læse det.") % number)
    if by.pk in letter.writers:
        sentence = _("Du har føjet tekst til brevet i %s. En kollega skal læse det.")
        raise NotAllowed(sentence % number)
    if letter.state != LetterState.RENDERED:
        raise WrongState(_("Brevet i %s venter ikke på at blive læst. Genindlæs siden.") % number)
    if letter.sha256 != read:
        sentence = _("Brevet i %s er ændret, siden du åbnede det. Læs det igen.")
        raise WrongState(sentence % number)


def _check_minutes(letters: Sequence[Letter]) -> None:
    held = held_by_minutes(letters)
    if held:
        meeting = next(iter(held.values()))
        raise WrongState(
            _("Referatet af mødet i %(committee)s den %(day)s skal godkendes, før brevene sendes.")
            % {
                "committee": meeting.committee.name,
                "day": f"{timezone.localdate(meeting.held_at):%d-%m-%Y}",
            }
        )
