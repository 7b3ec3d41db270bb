"""A member's own note and mark on a case of the agenda."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.enums import Mark
from pulje.errors import NotAllowed
from pulje.models import AgendaItem, MemberNote, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.meeting.reading import version_of

BETWEEN = "\n\n– – –\n\n"


@dataclass(frozen=True)
class SavedNote:
    """``before`` is what another device had written, now standing before what was sent."""

    note: MemberNote
    before: str = ""


@transaction.atomic
def save_note(
    item: AgendaItem, *, by: User, at: datetime, text: str, mark: str = Mark.NONE, base: str = ""
) -> SavedNote:
    """Keep the person's note, also after the meeting; nobody else can read it.

    ``base`` is the ``version_of`` the note one wrote on. Has another device saved since, both texts
    are kept, one after the other. The same again changes nothing. Raises NotAllowed to who has no
    seat in the committee or is disqualified in the case.
    """
    check_reader(item, by, "write_member_note")
    mine = {"user": by, "item": item}
    MemberNote.objects.get_or_create(**mine, defaults={"saved_at": at})
    note = MemberNote.objects.select_for_update(of=("self",)).get(**mine)
    before = "" if version_of(note) == base else _to_keep(note.text, text)
    if (before + text, mark) != (note.text, note.mark):
        note.text, note.mark, note.saved_at = before + text, mark, at
        note.save(update_fields=["text", "mark", "saved_at"])
    return SavedNote(note, before)


def check_reader(item: AgendaItem, user: User, verb: str) -> None:
    """Raise NotAllowed unless the person sits in the committee and takes part in the case."""
    check_other(user, verb)
    if not item.meeting.committee.seats.filter(user=user, ended_on=None).exists():
        raise NotAllowed(_("Det kan kun de, der sidder i udvalget."))
    check_not_disqualified(user, item.application)


def _to_keep(theirs: str, mine: str) -> str:
    """What must stand before ``mine`` so that nothing of the other text is lost."""
    if mine.startswith(theirs):
        return ""
    if theirs.endswith(mine):  # it came twice, or is empty
        return theirs.removesuffix(mine)
    return theirs + BETWEEN
