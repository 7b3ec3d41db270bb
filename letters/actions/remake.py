"""A letter that has not left is made once more: with what is so today, and a word more."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from letters.actions.gone import about_gone
from letters.actions.queue import needs_second_reader, set_facts
from letters.actions.rows import WORK, is_taken
from letters.facts.base import gather, names_today
from letters.kinds.registry import KINDS
from letters.mail_address import mail_addresses
from letters.mails.actions import nudge
from letters.models import Enclosure, Letter, LetterQuerySet, LetterState, LetterText, Paper
from pulje.actions.deadline_counted import count_many
from pulje.actions.journal import chain, note_down
from pulje.actions.state import keep_lines, lock_all
from pulje.errors import RuleBroken, WrongState
from pulje.models import User
from pulje.permissions import check_none_disqualified, check_other
from pulje.queries.told import moved_deadlines
from pulje.rules.texts import fingerprint, is_blank

CHANGED = _lazy("Teksten er ændret, siden du åbnede siden. Se, hvad der står nu, og ret den så.")
REMADE, CORRECTED = "letter_remade", "letter_corrected"
LONGEST = 2000  # letters of what a case worker adds
BEFORE = timedelta(microseconds=1)
MADE = (  # what belongs to the paper that is thrown away
    "facts",
    "facts_sha256",
    "words_by",
    "needs_second_reader",
    "failure",
    "state",
    "recipient_name",
    "recipient_email",
    "text",
    "parts",
    "template_version",
    "renderer",
    "sha256",
    "unsealed_sha256",
    "rendered_at",
    "gate",
    "approved_by",
    "approved_at",
    "batch",
    "attempts",
    "claimed_at",
    "next_attempt_at",
)


@transaction.atomic
def remake(letter: Letter, *, by: User, at: datetime) -> Letter:
    """Make a letter anew: today's date and facts, and all its days for the one who must answer.

    The old paper, its approval and its place in a batch go. Raises NotAllowed without the role
    and to the disqualified; WrongState when it has left, is leaving, or tells of a decision that
    stands no longer.
    """
    (locked,) = remake_many([letter], by=by, at=at)
    return locked


@transaction.atomic
def remake_many(letters: Iterable[Letter], *, by: User, at: datetime) -> list[Letter]:
    """Make these letters anew, or none of them; raises what ``remake`` raises.

    The number of queries does not grow with the letters.
    """
    found = _locked(letters, by)
    make_anew(found, at, due_at=ahead_of_all())
    note_remade(found, by, at)
    return found


def note_remade(letters: Sequence[Letter], by: User | None, at: datetime) -> None:
    """A line for each letter in its case's journal; None: by itself. The cases are locked by pk."""
    cases = {case.pk: case for case in lock_all([letter.application for letter in letters])}
    lines = []
    for letter in letters:
        case = cases[letter.application_id]
        told = {"letter": letter.pk, "kind": letter.kind, "title": letter.title}
        here = {"from_state": case.state, "to_state": case.state}
        lines.append(chain(case, REMADE, by=by, at=at, data=told, **here))
    keep_lines(lines)


@transaction.atomic
def add_words(letter: Letter, *, by: User, at: datetime, words: str, read: str) -> Letter:
    """Put a paragraph of the case worker's own before the signature, or take it out again.

    The letter is made anew and must be read anew, a decision's by somebody else; the words stand
    in the journal. ``read``: ``words_read`` of the letter as the page showed it. Raises what
    ``remake`` raises, WrongState when nothing is changed, RuleBroken when it is too long or
    somebody else has changed it since.
    """
    (locked,) = _locked([letter], by)
    if read != words_read(locked):
        raise RuleBroken(CHANGED)
    words = "" if is_blank(words) else words.strip()
    if words == locked.facts.get("added", ""):
        raise WrongState(_("Teksten er den samme. Der er ikke ændret noget."))
    if len(words) > LONGEST:
        found = {"most": LONGEST, "found": len(words)}
        raise RuleBroken(_("Skriv højst %(most)d tegn. Der er %(found)d.") % found)
    locked.facts = locked.facts | {"added": words}
    locked.words_by = by if words else None
    make_anew([locked], at, due_at=ahead_of_all())
    told = {"letter": locked.pk, "kind": locked.kind, "title": locked.title, "added": words}
    note_down(locked.application, CORRECTED, by=by, at=at, data=told)
    return locked


def words_read(letter: Letter) -> str:
    """The fingerprint of the paragraph that one corrects."""
    return fingerprint(letter.pk, letter.facts.get("added", ""))


@transaction.atomic
def remake_waiting(letters: LetterQuerySet, *, at: datetime) -> list[Letter]:
    """Those of the letters that have waited to another day, made anew; the caller has asked.

    What is on its way or tells of a decision that stands no longer is left as it is.
    """
    rows = letters.unsent().filter(sent_at=None)
    ours = Letter.objects.filter(pk__in=rows.order_by().values("pk"))
    found = _for_update(ours)
    gone, today = about_gone(found), timezone.localdate(at).isoformat()
    free = [row for row in found if row.pk not in gone and not is_taken(row, at)]
    late = [row for row in free if row.facts["issued_on"] != today]
    if late:
        make_anew(late, at, due_at=timezone.now())
    return late


def is_stale(letter: Letter, today: date) -> bool:
    """Nobody has seen it, and it says what was so once: day, addressee, text, or nothing.

    Source: digital post-loven § 10 (days count from when it can be read); local config (the text).
    """
    if letter.sent_at or letter.entry is None:
        return False
    texts = [letter.text_id, *letter.parts]
    return (
        not letter.sha256
        or letter.facts["issued_on"] != today.isoformat()
        or not names_today(letter.facts, letter.application)
        or LetterText.objects.filter(pk__in=texts, valid_until__lt=today).exists()
    )


def _locked(letters: Iterable[Letter], by: User) -> list[Letter]:
    check_other(by, "approve_letter")
    locked = _for_update(Letter.objects.filter(pk__in=[letter.pk for letter in letters]))
    check_none_disqualified(by, [letter.application for letter in locked])
    refused = why_not(locked)
    for letter in locked:
        if letter.pk in refused:
            raise WrongState(refused[letter.pk] % letter.application.number)
    return locked


def why_not(letters: Sequence[Letter]) -> dict[int, str]:
    """Letter pk -> why it cannot be made anew; those that are not in it can."""
    gone, now = about_gone(letters), timezone.now()
    found = {row.pk: _why_not(row, now, is_gone=row.pk in gone) for row in letters}
    return {pk: sentence for pk, sentence in found.items() if sentence}


def _why_not(letter: Letter, now: datetime, *, is_gone: bool) -> str:
    if letter.sent_at:
        return str(_("Brevet i %s er sendt og kan ikke laves om."))
    if is_taken(letter, now):
        return str(_("Brevet i %s er ved at blive sendt. Genindlæs siden om lidt."))
    if letter.state == LetterState.SUPERSEDED or is_gone:
        return str(_("Det, brevet i %s siger, gælder ikke længere. Det laves ikke igen."))
    if letter.entry is None:
        return str(_("Brevet i %s har ingen linje i journalen at laves efter."))
    return ""


def _for_update(rows: LetterQuerySet) -> list[Letter]:
    locked = rows.select_for_update(of=("self",)).select_related("application", "entry")
    return list(locked.order_by("pk"))


def ahead_of_all() -> datetime:
    """The turn before that of all who wait to be made: a person waits for this one, and it is
    stuck when they are (``LetterQuerySet.stuck``)."""
    now = timezone.now()
    first = Letter.objects.to_render(now).aggregate(at=Min("next_attempt_at"))["at"]
    return first - BEFORE if first else now


def make_anew(letters: Sequence[Letter], at: datetime, *, due_at: datetime) -> None:
    """Letters that the caller has locked and asked about, as if just ordered; made from ``due_at``.

    Facts are read after the deadlines have moved. Queries do not grow with the letters.
    """
    entries = {row.entry.pk: row.entry for row in letters if row.entry is not None}
    count_many(entries.values(), at=at)
    needs = frozenset[str]().union(*(KINDS[row.kind].needs for row in letters))
    materials = gather(list(entries.values()), needs)
    moved = moved_deadlines(list(entries.values()))
    mails = mail_addresses([material.application for material in materials.values()])
    with translation.override(settings.LANGUAGE_CODE):
        for letter in letters:
            material = materials[letter.entry_id or 0]
            material.made_anew_at = at
            material.moved_to = moved.get(letter.entry_id or 0, "")
            _empty(letter, due_at)
            kind = KINDS[letter.kind]
            set_facts(letter, kind, material)
            letter.needs_second_reader = needs_second_reader(kind, material, letter.words_by_id)
            case = material.application
            letter.recipient_name = case.applicant.name
            letter.recipient_email = mails[case.pk]
    Letter.objects.bulk_update(letters, MADE, batch_size=200)
    Paper.objects.filter(letter__in=letters).delete()
    Enclosure.objects.filter(letter__in=letters).delete()
    nudge(WORK)


def _empty(letter: Letter, due_at: datetime) -> None:
    """The row as it was before anybody had made or read anything."""
    letter.text = letter.batch = letter.rendered_at = None
    letter.approved_by = letter.approved_at = None
    letter.template_version = letter.renderer = letter.sha256 = letter.unsealed_sha256 = ""
    letter.parts = []
    letter.claimed_at, letter.next_attempt_at = None, due_at
    letter.gate, letter.attempts = [], 0
