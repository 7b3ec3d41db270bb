"""What every kind of letter is: what it tells about, the facts it needs, its template."""

from typing import ClassVar

from letters import facts as f
from letters.facts import Facts, Material
from pulje.models import JournalEntry


class Kind:
    """A kind of letter. ``title`` may stand on a public register: no names in it."""

    code: ClassVar[str]
    title: ClassVar[str]
    template: ClassVar[str]
    tells_about: ClassVar[frozenset[str]]
    needs: ClassVar[frozenset[str]] = frozenset()
    needs_guidance: ClassVar[bool] = False  # appeal guidance, forvaltningsloven § 25
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
