"""A letter that has not left is made once more: with what is so today, and a word more."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from letters.actions.queue import set_facts
from letters.actions.rows import WORK
from letters.facts.base import gather
from letters.kinds.registry import KINDS
from letters.mails.actions import nudge
from letters.models import Enclosure, Letter, LetterQuerySet, LetterState, Paper
from pulje.actions.deadline_counted import count_from
from pulje.actions.grant.repayment import give_time_to_pay
from pulje.actions.journal import note_down
from pulje.errors import RuleBroken, WrongState
from pulje.models import Decision, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.rules.texts import is_blank

REMADE, CORRECTED = "letter_remade", "letter_corrected"
LONGEST = 2000  # letters of what a case worker adds
MADE = (  # what belongs to the paper that is thrown away
    "facts",
    "facts_sha256",
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
    "next_attempt_at",
)


@transaction.atomic
def remake(letter: Letter, *, by: User, at: datetime) -> Letter:
    """Make a letter anew: today's date and facts, and all its days for the one who must answer.

    The old paper, its approval and its place in a batch go. Raises NotAllowed without the role
    and to the disqualified; WrongState when it has left, is leaving, or tells of a decision that
    stands no longer.
    """
    locked = _locked(letter, by)
    _make_anew([locked], at)
    told = {"letter": locked.pk, "kind": locked.kind, "title": locked.title}
    note_down(locked.application, REMADE, by=by, at=at, data=told)
    return locked


@transaction.atomic
def add_words(letter: Letter, *, by: User, at: datetime, words: str) -> Letter:
    """Put a paragraph of the case worker's own before the signature, or take it out again.

    The letter is made anew and must be read anew; the words stand in the journal. Raises what
    ``remake`` raises, WrongState when nothing is changed and RuleBroken when it is too long.
    """
    locked = _locked(letter, by)
    words = "" if is_blank(words) else words.strip()
    if words == locked.facts.get("added", ""):
        raise WrongState(_("Teksten er den samme. Der er ikke ændret noget."))
    if len(words) > LONGEST:
        found = {"most": LONGEST, "found": len(words)}
        raise RuleBroken(_("Skriv højst %(most)d tegn. Der er %(found)d.") % found)
    locked.facts = locked.facts | {"added": words}
    _make_anew([locked], at)
    told = {"letter": locked.pk, "kind": locked.kind, "title": locked.title, "added": words}
    note_down(locked.application, CORRECTED, by=by, at=at, data=told)
    return locked


@transaction.atomic
def remake_waiting(letters: LetterQuerySet, *, at: datetime) -> list[Letter]:
    """Those of the letters that have waited to another day, made anew; the caller has asked.

    What is on its way or tells of a decision that stands no longer is left as it is.
    """
    rows = letters.unsent().filter(sent_at=None, claimed_at=None)
    ours = Letter.objects.filter(pk__in=rows.order_by().values("pk"))
    found = _for_update(ours)
    gone, today = _about_gone(found), timezone.localdate(at).isoformat()
    late = [row for row in found if row.pk not in gone and row.facts["issued_on"] != today]
    if late:
        _make_anew(late, at)
    return late


def _locked(letter: Letter, by: User) -> Letter:
    check_other(by, "approve_letter")
    (locked,) = _for_update(Letter.objects.filter(pk=letter.pk))
    check_not_disqualified(by, locked.application)
    number = locked.application.number
    if locked.sent_at or locked.is_sent:
        raise WrongState(_("Brevet i %s er sendt og kan ikke laves om.") % number)
    if locked.claimed_at:
        raise WrongState(_("Brevet i %s er ved at blive sendt. Genindlæs siden om lidt.") % number)
    if locked.state == LetterState.SUPERSEDED or _about_gone([locked]):
        raise WrongState(
            _("Afgørelsen i %s gælder ikke længere, så brevet laves ikke igen.") % number
        )
    if locked.entry is None:
        raise WrongState(_("Brevet i %s har ingen linje i journalen at laves efter.") % number)
    return locked


def _for_update(rows: LetterQuerySet) -> list[Letter]:
    locked = rows.select_for_update(of=("self",)).select_related("application", "entry")
    return list(locked.order_by("pk"))


def _about_gone(letters: Iterable[Letter]) -> set[int]:
    """The ids of the letters whose decision has been replaced or annulled."""
    told = {row.pk: row.entry.data.get("decision") for row in letters if row.entry is not None}
    gone = Decision.objects.filter(pk__in=[pk for pk in told.values() if pk], is_current=False)
    replaced = set(gone.values_list("pk", flat=True))
    return {letter for letter, decision in told.items() if decision in replaced}


def _make_anew(letters: list[Letter], at: datetime) -> None:
    """Facts are read after the deadlines have moved. Queries for facts do not grow with letters."""
    entries = {row.entry.pk: row.entry for row in letters if row.entry is not None}
    for entry in entries.values():
        count_from(entry, at=at)
        give_time_to_pay(entry, at=at)
    needs = frozenset[str]().union(*(KINDS[row.kind].needs for row in letters))
    materials = gather(list(entries.values()), needs)
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        for letter in letters:
            material = materials[letter.entry_id or 0]
            material.made_anew_at = at
            _empty(letter, now)
            set_facts(letter, KINDS[letter.kind], material)
            case = material.application
            letter.recipient_name = case.applicant.name
            letter.recipient_email = case.contact_email or case.applicant.email
    Letter.objects.bulk_update(letters, MADE, batch_size=200)
    Paper.objects.filter(letter__in=letters).delete()
    Enclosure.objects.filter(letter__in=letters).delete()
    nudge(WORK)


def _empty(letter: Letter, now: datetime) -> None:
    """The row as it was before anybody had made or read anything."""
    letter.text = letter.batch = letter.rendered_at = None
    letter.approved_by = letter.approved_at = None
    letter.template_version = letter.renderer = letter.sha256 = letter.unsealed_sha256 = ""
    letter.parts = []
    letter.gate, letter.attempts, letter.next_attempt_at = [], 0, now
