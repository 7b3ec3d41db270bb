"""The verbs of a text: written by one, approved by another, then frozen; it may expire.

What is being written is kept on the way, for its writer alone; a draft may be deleted.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from letters.models import LetterText, TypedText
from letters.texts.chosen import in_force
from letters.texts.engine import problems
from letters.texts.standard import Standard, all_standards
from pulje.actions.decision import appeal_guidance
from pulje.enums import LegalBasis
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import AppealGuidance, User
from pulje.permissions import check_other
from pulje.rules.texts import fingerprint

__all__ = [
    "approve",
    "approve_standard_texts",
    "check_may_delete",
    "delete_draft",
    "end",
    "forget_typed",
    "in_force",
    "keep_typed",
    "mark_of",
    "read_of",
    "write",
    "write_guidance",
    "write_standard_texts",
]

GUIDANCE = "KLAGE"  # of a TypedText: what is written is a legal basis' appeal guidance
ALWAYS = date(2020, 1, 1)  # a standard text begins the day it is approved, not a certain one
GONE = "Teksten er godkendt eller afløst i mellemtiden. Genindlæs siden."
CHANGED = "Teksten er ændret, siden du åbnede siden. Læs den igen, og godkend den så."
CHANGED_SOME = "En tekst på listen er ændret, siden du åbnede siden. Læs dem igen, og godkend så."

CHANGED_DRAFT = "Kladden er ændret, siden du åbnede siden. Læs den igen, før du sletter den."
APPROVED = "Teksten er godkendt og kan ikke slettes. En leder kan lade den udløbe."
STANDARD = "Teksten følger med systemet og kan ikke slettes. Skriv en ny version i stedet."
NOT_YOURS = "Kun den, der har skrevet kladden, eller en leder kan slette den."
TWO_WINDOWS = (
    "Du skriver også på teksten i et andet vindue. Det, du skriver her, bliver ikke gemt af sig"
    " selv. Tryk Gem som kladde."
)
MOST_TYPED = 40_000  # characters in all: twice what a text may hold
TOO_MUCH = "Teksten er for lang til at blive gemt. Kort den af."


@transaction.atomic
def write(
    kind: str,
    basis: str,
    *,
    by: User,
    at: datetime,
    heading: str,
    body: str,
    english: str = "",
    note: str = "",
    valid_from: date,
    valid_until: date | None = None,
    mark: str = "",
) -> LetterText:
    """Give the draft of a kind's text: one's own changed, or the next version.

    Nobody's draft is overwritten by another. What was kept on the way is forgotten, when it is what
    this page kept (``mark``). Raises RuleBroken with every problem of the text.
    """
    check_other(by, "write_text")
    if found := problems(kind, heading, body, english):
        raise RuleBroken("\n".join(found))
    if valid_until and valid_until < valid_from:
        raise RuleBroken("Teksten kan ikke udløbe, før den gælder.")
    rows = LetterText.objects.filter(kind=kind, legal_basis=basis)
    list(rows.order_by("pk").select_for_update())  # one at a time; the newest is read after it
    newest = rows.order_by("-version").first()
    is_own = newest is not None and newest.approved_at is None and newest.written_by == by
    draft = newest if newest is not None and is_own else LetterText(kind=kind, legal_basis=basis)
    draft.version = draft.version or (newest.version if newest else 0) + 1
    draft.heading, draft.body, draft.english = heading, body, english
    draft.note, draft.valid_from, draft.valid_until = note, valid_from, valid_until
    draft.written_by, draft.written_at = by, at
    draft.save()
    forget_typed(kind, basis, by=by, mark=mark)
    return draft


def mark_of(row: TypedText | None) -> str:
    """What a page builds on: another when another window of the same person has kept more."""
    return "" if row is None else fingerprint(row.pk, *sorted(row.typed.items()))


@transaction.atomic
def keep_typed(
    kind: str, basis: str, typed: Mapping[str, str], *, by: User, at: datetime, mark: str
) -> TypedText:
    """Keep what is being written as it is, finished or not.

    ``mark``: ``mark_of`` what the page kept last. Raises WrongState when another window has kept
    something else since, RuleBroken for more than any text may hold.
    """
    check_other(by, "write_text")
    said = {name: text.replace("\r\n", "\n").replace("\0", "") for name, text in typed.items()}
    if sum(map(len, said.values())) > MOST_TYPED:
        raise RuleBroken(TOO_MUCH)
    row, is_new = TypedText.objects.select_for_update().get_or_create(
        kind=kind, legal_basis=basis, written_by=by, defaults={"typed": said, "kept_at": at}
    )
    if not is_new and row.typed != said and mark_of(row) != mark:
        raise WrongState(TWO_WINDOWS)
    row.typed, row.kept_at = said, at
    row.save()
    return row


@transaction.atomic
def write_guidance(
    basis: LegalBasis, *, by: User, at: datetime, text: str, note: str, mark: str
) -> AppealGuidance:
    """The legal basis' draft (appeal_guidance.write); what was kept on the way is forgotten."""
    made = appeal_guidance.write(basis, by=by, at=at, text=text, note=note)
    forget_typed(GUIDANCE, basis, by=by, mark=mark)
    return made


@transaction.atomic
def forget_typed(kind: str, basis: str, *, by: User, mark: str) -> bool:
    """Throw away what this person was writing, when ``mark`` is of it; says whether it was."""
    rows = TypedText.objects.filter(kind=kind, legal_basis=basis, written_by=by)
    row = rows.select_for_update().first()
    if row is None or mark_of(row) != mark:
        return False
    row.delete()
    return True


def read_of(text: LetterText) -> str:
    """The fingerprint of what one approves: the text with its days."""
    said = (text.heading, text.body, text.english, text.valid_from, text.valid_until)
    return fingerprint(text.pk, *said)


@transaction.atomic
def approve(text: LetterText, *, by: User, at: datetime, read: str) -> LetterText:
    """Take a text into use: letters made from now on say it.

    ``read``: ``read_of`` the text as the one who approves was shown it; its writer may have changed
    it since. Raises RuleBroken for that, for one's own text and for one that no longer keeps the
    rules of its kind, WrongState for one that is approved already or older than the one in use.
    """
    check_other(by, "approve_text")
    rows = LetterText.objects.filter(kind=text.kind, legal_basis=text.legal_basis)
    list(rows.order_by("pk").select_for_update())
    locked = rows.filter(pk=text.pk).first()
    if locked is None:
        raise WrongState(GONE)
    newer = rows.filter(version__gt=locked.version).exclude(approved_at=None)
    if locked.approved_at is not None or newer.exists():
        raise WrongState(GONE)
    if locked.written_by == by:
        raise RuleBroken("Du har selv skrevet teksten. En kollega skal godkende den.")
    if read != read_of(locked):
        raise RuleBroken(CHANGED)
    if found := problems(locked.kind, locked.heading, locked.body, locked.english):
        raise RuleBroken("\n".join(found))
    locked.approved_by, locked.approved_at = by, at
    locked.save()
    return locked


def check_may_delete(text: LetterText, by: User) -> None:
    """Raises WrongState for a text that is approved or came with the system, NotAllowed for whoever
    is neither its writer nor may approve it."""
    check_other(by, "write_text")
    if text.approved_at is not None:
        raise WrongState(APPROVED)
    if text.written_by_id is None:
        raise WrongState(STANDARD)
    if text.written_by_id != by.pk:
        try:
            check_other(by, "approve_text")
        except NotAllowed as reason:
            raise NotAllowed(NOT_YOURS) from reason


@transaction.atomic
def delete_draft(text: LetterText, *, by: User, read: str) -> None:
    """Delete a draft; one that is gone already stays so. Raises as ``check_may_delete``, and
    RuleBroken when its writer has changed it since it was ``read``."""
    locked = LetterText.objects.select_for_update(of=("self",)).filter(pk=text.pk).first()
    if locked is None:
        return
    check_may_delete(locked, by)
    if read != read_of(locked):
        raise RuleBroken(CHANGED_DRAFT)
    locked.delete()


@transaction.atomic
def end(text: LetterText, *, by: User, at: datetime, valid_until: date) -> LetterText:
    """Let an approved text expire after that day, which is not in the past.

    Raises RuleBroken for a day before it began or before today, WrongState for a draft.
    """
    check_other(by, "approve_text")
    locked = LetterText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if locked.approved_at is None:
        raise WrongState("Teksten er ikke godkendt og gælder derfor ikke endnu.")
    if valid_until < max(locked.valid_from, timezone.localdate(at)):
        raise RuleBroken("Teksten kan tidligst udløbe i dag og ikke før den dag, den gælder fra.")
    locked.valid_until = valid_until
    locked.save()
    return locked


@transaction.atomic
def approve_standard_texts(by: User, at: datetime, read: Set[str] | None = None) -> int:
    """Take into use the standard texts that wait and are newer than the one in use.

    ``read``: ``read_of`` each as it was shown; None, for what sets a system up: all of them.
    Raises RuleBroken when one of them is another by now.
    """
    check_other(by, "approve_text")
    standard = LetterText.objects.filter(written_by=None).order_by("pk").select_for_update()
    shown = {read_of(row): row for row in standard}
    if read is not None and read - set(shown):
        raise RuleBroken(CHANGED_SOME)
    waiting = [
        row
        for said, row in shown.items()
        if row.approved_at is None and (read is None or said in read)
    ]
    used = LetterText.objects.exclude(approved_at=None).values_list("kind", "version")
    newest = dict(used.filter(legal_basis="").order_by("version"))
    fit = [row.pk for row in waiting if row.version > newest.get(row.kind, 0)]
    return LetterText.objects.filter(pk__in=fit).update(approved_by=by, approved_at=at)


def write_standard_texts() -> int:
    """The texts that came with the system as rows that wait for approval; says how many are new.

    After each migrate, and again: one query when nothing is new. A file that has changed since
    its row was approved becomes a new version; the words in use stay in use.
    """
    kept: dict[str, LetterText] = {}
    last: dict[str, int] = {}
    for row in LetterText.objects.filter(legal_basis="").order_by("version"):
        last[row.kind] = row.version
        if row.written_by_id is None:
            kept[row.kind] = row
    changed = [text for text in all_standards() if not _says_the_same(kept.get(text.kind), text)]
    for text in changed:
        found = kept.get(text.kind)
        new = LetterText(kind=text.kind, version=last.get(text.kind, 0) + 1)
        row = new if found is None or found.approved_at is not None else found
        row.heading, row.body, row.english = text.heading, text.body, text.english
        row.valid_from, row.written_at = ALWAYS, timezone.now()
        row.note = "Teksten, der følger med systemet"
        kept[text.kind] = row
    _save([kept[text.kind] for text in changed])
    return len(changed)


def _says_the_same(row: LetterText | None, text: Standard) -> bool:
    return row is not None and (row.heading, row.body, row.english) == (
        text.heading,
        text.body,
        text.english,
    )


def _save(rows: Iterable[LetterText]) -> None:
    rows = list(rows)
    LetterText.objects.bulk_create([row for row in rows if row.pk is None], ignore_conflicts=True)
    said = ["heading", "body", "english", "valid_from", "written_at", "note"]
    LetterText.objects.bulk_update([row for row in rows if row.pk is not None], said)
