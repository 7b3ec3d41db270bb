"""Our books against the receivers' logs, letter by letter."""

import hashlib
from collections import Counter

from django.db.models import Count

from letters.models import (
    CaseExport,
    Channel,
    DeliveryAttempt,
    DeliveryReceipt,
    Letter,
    LetterState,
    Paper,
    ReceiptKind,
)
from pulje.models import JournalEntry
from tests.letters.chaos.world import World

WAY = ("letter_sent", "letter_available", "letter_returned", "letter_channel_changed")
AT_ONCE_AT_MOST = 2  # letters under way: a worker has two processes
AFTER = {
    Channel.DIGITAL_POST: LetterState.AVAILABLE,  # its receipt says so
    Channel.EMAIL: LetterState.AVAILABLE,  # the letter lies on the case
    Channel.PRINT: LetterState.SENT,  # the post takes its days
}


def prove(world: World) -> tuple[int, int, int]:
    """(letters received once, refused by Digital Post as doubles, mailed twice)."""
    letters = {letter.pk: letter for letter in world.letters}
    by_way: dict[str, list[Letter]] = {way: [] for way in AFTER}
    for letter in letters.values():
        assert letter.state == AFTER[Channel(letter.channel)], f"{letter.pk}: {letter.state}"
        by_way[letter.channel].append(letter)
    refused = _posted(world, by_way[Channel.DIGITAL_POST])
    doubles = _mailed(world, by_way[Channel.EMAIL])
    _printed(world, by_way[Channel.PRINT])
    _told_once(world, letters)
    _filed(world)
    return sum(map(len, by_way.values())), refused, doubles


def _posted(world: World, letters: list[Letter]) -> int:
    """Each once, and its two receipts once each."""
    office = world.office.server
    assert Counter(office.taken()) == {str(letter.uuid): 1 for letter in letters}
    kept = DeliveryReceipt.objects.filter(letter__in=letters).values_list("letter", "kind")
    kinds = (ReceiptKind.ACCEPTED, ReceiptKind.AVAILABLE)
    assert Counter(kept) == {(letter.pk, kind): 1 for letter in letters for kind in kinds}
    return sum(line["what"] == "duplicate" for line in office.logged())


def _mailed(world: World, letters: list[Letter]) -> int:
    """Each, and none twice but those that a dead process, or one cut off, could not know of."""
    taken = Counter(world.mail.taken)
    assert set(taken) == {letter.message_id for letter in letters}
    doubles = taken.total() - len(taken)
    assert doubles <= AT_ONCE_AT_MOST * world.kills + world.mail.unsaid
    return doubles


def _printed(world: World, letters: list[Letter]) -> None:
    printed = world.disk.printed()
    found = {uuid: hashlib.sha256(pdf).hexdigest() for uuid, pdf in printed.items()}
    assert found == {str(letter.uuid): letter.sha256 for letter in letters}
    folder = world.disk.folder / "print"
    enclosed = sum(hasattr(letter, "enclosure") for letter in letters)
    assert len(list(folder.iterdir())) == 2 * len(letters) + enclosed


def _told_once(world: World, letters: dict[int, Letter]) -> None:
    """One try that got out, one line in the journal for each step, and the paper as it was made."""
    sent = DeliveryAttempt.objects.filter(letter__in=world.letters, is_sent=True)
    assert Counter(sent.values_list("letter", flat=True)) == dict.fromkeys(letters, 1)
    lines = JournalEntry.objects.filter(application__letters__in=world.letters).distinct()
    told = Counter((one.event, one.data["letter"]) for one in lines.filter(event__in=WAY))
    arrived = [pk for pk, letter in letters.items() if letter.state == LetterState.AVAILABLE]
    assert told == {
        **{("letter_sent", pk): 1 for pk in letters},
        **{("letter_available", pk): 1 for pk in arrived},
    }
    for pk, pdf in Paper.objects.filter(letter__in=world.letters).values_list("letter", "pdf"):
        assert hashlib.sha256(pdf).hexdigest() == letters.pop(pk).sha256
    assert letters == {}


def _filed(world: World) -> None:
    """One package a case lies in the folder, whole, and is told of once."""
    folder = world.disk.folder / "esdh"
    lying = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    filed = CaseExport.objects.filter(pk__in=world.exports)
    assert lying == dict(filed.values_list("reference", "sha256"))
    lines = JournalEntry.objects.filter(event="case_exported")
    told = lines.filter(application__exports__in=filed).values("application")
    assert {row["n"] for row in told.annotate(n=Count("pk"))} == {1}
