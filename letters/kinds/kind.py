"""What every kind of letter is: what it tells about, the facts it needs, the fields of its text."""

from typing import ClassVar

from letters.facts import base as f
from letters.facts.base import Facts, Material
from letters.vocabulary.base import Field
from pulje.enums import ReminderKind
from pulje.models import JournalEntry

REMINDED = "reminded"  # the journal's word for a reminder made by the clock


class Kind:
    """A kind of letter. ``title`` may stand on a public register: no names in it."""

    code: ClassVar[str]
    title: ClassVar[str]
    tells_about: ClassVar[frozenset[str]]
    needs: ClassVar[frozenset[str]] = frozenset()
    fields: ClassVar[tuple[Field, ...]] = ()  # what its text may use beside the common ones
    demands: ClassVar[tuple[str, ...]] = ()  # what its text must say, by law
    result: ClassVar[str] = ""  # the template of the box that says what was decided
    has_questions: ClassVar[bool] = False  # ends with the part SPOERGSMAAL in a box
    needs_guidance: ClassVar[bool] = False  # appeal guidance, forvaltningsloven § 25
    asks_by: ClassVar[str] = ""  # the fact that says by which day the recipient is to answer
    waits_in: ClassVar[frozenset[str]] = frozenset()  # asks for what is waited for in these states
    is_decision: ClassVar[bool] = False  # read by a second person when a committee made it
    is_rejection: ClassVar[bool] = False  # read by a second person where the pool says so

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        """True when this letter is to be written because of that journal entry."""
        return entry.event in cls.tells_about

    @classmethod
    def facts(cls, m: Material) -> Facts:
        """The plain dict the template sees, beside the pronouns."""
        own = f.common(m) | {"kind": cls.code, "title": cls.title} | cls.own_facts(m)
        return own | f.appeal(m) if cls.needs_guidance else own

    @classmethod
    def own_facts(cls, m: Material) -> Facts:
        return {}


class Reminder(Kind):
    """A reminder made by the clock; the kind and number stand in the journal."""

    tells_about = frozenset({REMINDED})
    reminder: ClassVar[ReminderKind]
    number: ClassVar[int | None] = None

    @classmethod
    def tells(cls, entry: JournalEntry) -> bool:
        kind, number = entry.data.get("kind"), entry.data.get("number")
        return super().tells(entry) and kind == cls.reminder and cls.number in (None, number)
