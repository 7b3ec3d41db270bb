"""The journal: append-only, hash-chained per case."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pulje.models import Application, JournalEntry, User


def fingerprint(entry: JournalEntry) -> str:
    """The sha256 that binds an entry to all before it: 64 hex digits."""
    said = [
        entry.application_id,
        entry.number,
        entry.event,
        entry.from_state,
        entry.to_state,
        int(entry.at.timestamp() * 1_000_000),
        entry.by_id,
        entry.on_behalf_of,
        entry.data,
        entry.previous_hash,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def chain(
    application: Application,
    event: str,
    *,
    by: User | None,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    on_behalf_of: str = "",
    data: Mapping[str, object] | None = None,
) -> JournalEntry:
    """Build the next entry on a locked case and move its head; the caller saves both."""
    entry = JournalEntry(
        application=application,
        number=application.journal_length + 1,
        event=event,
        from_state=from_state,
        to_state=to_state,
        at=at,
        by=by,
        on_behalf_of=on_behalf_of,
        data=dict(data or {}),
        previous_hash=application.journal_head,
    )
    entry.hash = fingerprint(entry)
    application.journal_length = entry.number
    application.journal_head = entry.hash
    return entry


def note_down(
    application: Application,
    event: str,
    *,
    by: User | None,
    at: datetime,
    on_behalf_of: str = "",
    data: Mapping[str, object] | None = None,
) -> JournalEntry:
    """Write down something that happened without moving the state. Locks the case."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    entry = chain(
        locked,
        event,
        by=by,
        at=at,
        from_state=locked.state,
        to_state=locked.state,
        on_behalf_of=on_behalf_of,
        data=data,
    )
    locked.save(update_fields=["journal_length", "journal_head"])
    entry.save(force_insert=True)
    application.journal_length, application.journal_head = (
        locked.journal_length,
        locked.journal_head,
    )
    return entry


def broken_entries(applications: Iterable[Application]) -> list[str]:
    """Every break in the chains, one sentence each, empty when the journals are whole."""
    breaks: list[str] = []
    for application in applications:
        breaks += _breaks_in(
            application, sorted(application.journal.all(), key=lambda entry: entry.number)
        )
    return breaks


def _breaks_in(application: Application, entries: Sequence[JournalEntry]) -> list[str]:
    breaks: list[str] = []
    previous = ""
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return [*breaks, f"{application}: linje {number} mangler i journalen"]
        if entry.previous_hash != previous or entry.hash != fingerprint(entry):
            breaks.append(f"{application}: linje {number} ({entry.event}) er ændret")
        previous = entry.hash
    if application.journal_head != previous or application.journal_length != len(entries):
        breaks.append(f"{application}: journalens sidste linjer mangler")
    return breaks
