"""Queue the letters that tell about what happened, in the transaction of the verb."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from letters import channels
from letters import render as paper
from letters.actions.gone import is_untold, supersede_for
from letters.actions.rows import WORK
from letters.archive import actions as archiving
from letters.facts.base import Material, gather
from letters.kinds.kind import Kind
from letters.kinds.registry import kinds_for
from letters.mail_address import mail_addresses
from letters.mails.actions import nudge
from letters.models import (
    Letter,
    LetterState,
)
from pulje.actions.journal import note_down
from pulje.enums import DecidedBy
from pulje.models import Decision, JournalEntry, Recommendation
from pulje.states import Verb

UNTOLD = "annulment_untold"


@transaction.atomic
def queue_for_entry(entry: JournalEntry) -> list[Letter]:
    """Queue the letters that tell about a journal entry; repeating it queues nothing new."""
    return queue_many([entry])


@transaction.atomic
def queue_many(entries: Sequence[JournalEntry]) -> list[Letter]:
    """Queue the letters about many entries: the number of queries does not grow with them.

    What they take the place of is never sent (gone.py). Facts are taken now and stay as they are.
    A letter whose appeal guidance is not approved is kept, but FAILED: it says why, and ``retry``
    takes it up when the text is approved.
    """
    archiving.queue_for_entries(entries)
    supersede_for(entries)
    telling = [entry for entry in entries if not _is_kept_quiet(entry)]
    wanted = [(entry, kind) for entry in telling for kind in kinds_for(entry)]
    if not wanted:
        return []
    told = list({entry.pk: entry for entry, _kind in wanted}.values())
    needs = frozenset[str]().union(*(kind.needs for _entry, kind in wanted))
    materials = gather(told, needs)
    cases = {m.application.pk: m.application for m in materials.values()}.values()
    mails = mail_addresses(cases)
    ways = channels.ways_of(cases, mails)
    authors = _authors(materials)
    now = timezone.now()
    with translation.override(settings.LANGUAGE_CODE):  # whatever the page that caused it speaks
        letters = [
            _letter(kind, materials[entry.pk], ways, mails, authors[entry.pk], now)
            for entry, kind in wanted
        ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=500)
    nudge(WORK)
    causes = [letter.cause for letter in letters]
    return list(Letter.objects.filter(cause__in=causes).defer("facts").order_by("pk"))


def _is_kept_quiet(entry: JournalEntry) -> bool:
    """What nobody was told may be taken back without a word; the journal says so."""
    if entry.event != Verb.ANNUL or not is_untold(entry):
        return False
    note_down(entry.application, UNTOLD, by=None, at=entry.at, data={"entry": entry.number})
    return True


def _letter(
    kind: type[Kind],
    m: Material,
    ways: dict[int, channels.Way],
    mails: dict[int, str],
    author: int | None,
    now: datetime,
) -> Letter:
    a = m.application
    channel, why = ways[a.pk]
    letter = Letter(
        application=a,
        entry=m.entry,
        kind=kind.code,
        cause=f"journal:{m.entry.pk}",
        channel=channel,
        channel_reason=why,
        title=kind.title,
        recipient_name=a.applicant.name,
        recipient_email=mails[a.pk],
        author_id=author,
        needs_second_reader=needs_second_reader(kind, m),
        queued_at=now,
        next_attempt_at=now,
    )
    set_facts(letter, kind, m)
    return letter


def _authors(materials: dict[int, Material]) -> dict[int, int | None]:
    """Who wrote the reasons, by entry: the recommender, who decided otherwise alone, or proposed.

    Nobody where the clock has ended a case: it weighs nothing, and waits for all that was written
    to be read (states.md, "Always true" 5).
    """
    told = {pk: m.decision for pk, m in materials.items() if "decision" in m.entry.data}
    decisions = {pk: decision for pk, decision in told.items() if decision is not None}
    same = {name: OuterRef(name) for name in ("application", "amount_kr", "reasons")}
    proposed = Decision.objects.filter(
        Exists(Recommendation.objects.filter(**same)), pk__in={d.pk for d in decisions.values()}
    )
    followed = set(proposed.values_list("pk", flat=True)) if decisions else set()
    authors = {pk: m.entry.by_id for pk, m in materials.items()}
    for pk, d in decisions.items():
        if d.recommended_by_id is not None:
            is_theirs = d.body == DecidedBy.COMMITTEE or d.pk in followed
            authors[pk] = d.recommended_by_id if is_theirs else d.decided_by_id
    for pk, m in materials.items():
        if m.claim is not None and "claim" in m.entry.data:
            authors[pk] = m.claim.proposed_by_id
    return authors


def needs_second_reader(kind: type[Kind], m: Material, words_by: int | None = None) -> bool:
    """Refusals where the pool says so, and all that a committee or its chair has decided.

    And a decision that somebody has added words to: the one who decided has not read them.
    """
    if words_by is not None and (kind.is_decision or kind.needs_guidance):
        return True
    if kind.is_decision and m.decision and m.decision.body != DecidedBy.DELEGATION:
        return True
    return kind.is_rejection and m.application.version.second_reader_for_rejections


def set_facts(letter: Letter, kind: type[Kind], m: Material) -> None:
    """The facts as they are now; a sentence that somebody has added to the letter stays."""
    added = (letter.facts or {}).get("added")
    letter.facts = kind.facts(m) | ({"added": added} if added else {})
    letter.facts_sha256 = hashlib.sha256(paper.canonical(letter.facts)).hexdigest()
    letter.failure = _unapproved(letter.facts)
    letter.state = LetterState.FAILED if letter.failure else LetterState.QUEUED


def _unapproved(facts: dict[str, Any]) -> str:
    guidance = facts.get("guidance")
    if guidance is None or guidance["is_approved"]:
        return ""
    sentence = _("Klagevejledningen for %s er ikke godkendt. Få den godkendt, og prøv igen.")
    return str(sentence % guidance["basis"])
