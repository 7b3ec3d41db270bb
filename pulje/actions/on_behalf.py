"""What a case worker keys in for an applicant of whom nobody can log in: who said it, how, when.

Who may is permissions.check_may (of what is no row of the table: check_may_key_in); which verbs is
states.KEYED and KEYED_BESIDE. The journal keeps what is here.
Source: forvaltningsloven § 7 (an authority helps whoever turns to it), § 8 (a party may let
another speak for it).
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from pulje.enums import CameBy
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Application, User
from pulje.permissions import is_member
from pulje.rules.texts import is_blank
from pulje.states import STEPS, Verb

NOON = time(12)
UNASKED = (Verb.WITHDRAW, Verb.SUBMIT_REPORT)  # may come before we ask


@dataclass(frozen=True)
class OnBehalf:
    """``of``: who wrote or said it, the applicant or one with a power of attorney (§ 8)."""

    of: str
    came_by: CameBy
    came_on: date

    @property
    def told(self) -> dict[str, object]:
        """What the journal keeps, beside ``of``."""
        return {"came_by": self.came_by.value, "came_on": self.came_on.isoformat()}


def came_at(keyed: OnBehalf | None, at: datetime) -> datetime:
    """When an answer came in: noon of its own day, and now when it is today's."""
    if keyed is None or keyed.came_on == timezone.localdate(at):
        return at
    return timezone.make_aware(datetime.combine(keyed.came_on, NOON))


def check_keyed(
    keyed: OnBehalf | None, verb: Verb, application: Application, *, by: User | None, at: datetime
) -> None:
    """What ``check_came`` promises of the table's verbs; the clock keys nothing in."""
    if by is None or not STEPS[verb].is_keyed:
        assert keyed is None, f"{verb} is not keyed in"
        return
    asked_at = None if verb in UNASKED else application.state_since
    check_came(keyed, application, by=by, at=at, asked_at=asked_at)


def check_came(
    keyed: OnBehalf | None,
    application: Application,
    *,
    by: User,
    at: datetime,
    asked_at: datetime | None = None,
) -> None:
    """Raise RuleBroken unless what is keyed in says who, how and when; NotAllowed to a member.

    A person of the applicant does it in their own name, with their own log-in. What answers us
    cannot have come before ``asked_at``.
    """
    is_own = is_member(by, application)
    if keyed is None and not is_own:
        raise RuleBroken("Skriv, hvem det kom fra, hvordan og hvornår.")
    if keyed is None:
        return
    if is_own:
        raise NotAllowed("Du er selv med hos ansøgeren. Gør det på jeres egen sag.")
    assert application.submitted_at is not None, "a draft is never keyed in"
    if is_blank(keyed.of):
        raise RuleBroken("Skriv, hvem det kom fra.")
    if keyed.came_on > timezone.localdate(at):
        raise RuleBroken("Det kan ikke være kommet i fremtiden. Ret datoen.")
    if keyed.came_on < timezone.localdate(application.submitted_at):
        raise RuleBroken("Det kan ikke være kommet før ansøgningen. Ret datoen.")
    if asked_at and keyed.came_on < timezone.localdate(asked_at):
        raise RuleBroken("Det kan ikke være kommet, før vi spurgte. Ret datoen.")
