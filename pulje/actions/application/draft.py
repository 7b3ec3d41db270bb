"""Saving a step of a draft in which several people, or one person in two tabs, write at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.cache import cache
from django.db import transaction

from pulje.actions.application.application import check_open_to
from pulje.actions.digest import digest, digests, same
from pulje.actions.state import lock
from pulje.models import Application, User

ONE_DAY = 24 * 60 * 60
THEIRS = "deres"
MINE = "min:"  # and the digest of what it replaces


class Step(Protocol):
    """What a step of the form must tell about itself to be saved; names are the step's own."""

    def saved(self, application: Application) -> Mapping[str, Any]: ...

    def typed(self) -> Mapping[str, Any]: ...

    def keep(
        self, application: Application, values: Mapping[str, Any], *, by: User, at: datetime
    ) -> None: ...


@dataclass(frozen=True)
class Typing:
    """One page's view of the draft: ``base`` is the digest of each value when it was loaded.

    ``page`` is the page's own key: what a page wrote itself is never a conflict to it. ``choices``
    says for a shown conflict which text shall stand.
    """

    base: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the same: both values, and who wrote the saved one when."""

    name: str
    theirs: Any
    mine: Any
    by: User | None
    at: datetime | None

    @property
    def choose_mine(self) -> str:
        return MINE + digest(same(self.theirs))


@dataclass(frozen=True)
class Kept:
    """What became of the values: the page's new base, what was written, what is in conflict."""

    base: dict[str, str]
    written: frozenset[str]
    conflicts: tuple[Conflict, ...]


@transaction.atomic
def save_step(
    application: Application, step: Step, *, by: User, at: datetime, typing: Typing
) -> Kept:
    """Write what this page changed, unless somebody else has changed the same since it was loaded.

    Unchanged here: the saved value stays. Changed in both places: nothing is overwritten, the
    value is a conflict. Raises WrongState when the case has left the applicant, NotAllowed to a
    stranger.
    """
    application = lock(application)
    check_open_to(by, application)
    saved, typed = step.saved(application), step.typed()
    now, mine = digests(saved), digests(typed)
    writers: dict[str, tuple[int, datetime, str, str]] = cache.get(_key(application), {})
    base, write, conflicts = dict(typing.base), {}, []
    for name, value in typed.items():
        if mine[name] == base.setdefault(name, now[name]):
            continue
        if mine[name] == now[name]:
            base[name] = now[name]
        elif typing.choices.get(name) == THEIRS:
            continue
        elif _may_write(name, base[name], now[name], writers.get(name), typing):
            write[name], base[name] = value, mine[name]
        else:
            conflicts.append(_conflict(application, name, saved[name], value, writers.get(name)))
    if write:
        step.keep(application, write, by=by, at=at)
        wrote = {name: (by.pk, at, typing.page, mine[name]) for name in write}
        cache.set(_key(application), writers | wrote, ONE_DAY)
    return Kept(base, frozenset(write), tuple(conflicts))


def _may_write(
    name: str,
    was: str,
    now: str,
    writer: tuple[int, datetime, str, str] | None,
    typing: Typing,
) -> bool:
    if now == was or typing.choices.get(name) == MINE + now:
        return True
    # an answer that this page never got: it was itself that wrote
    return writer is not None and bool(typing.page) and writer[2:] == (typing.page, now)


def _conflict(
    application: Application,
    name: str,
    theirs: Any,
    mine: Any,
    writer: tuple[int, datetime, str, str] | None,
) -> Conflict:
    if writer is None:
        return Conflict(name, theirs, mine, application.edited_by, application.edited_at)
    return Conflict(name, theirs, mine, User.objects.filter(pk=writer[0]).first(), writer[1])


def _key(application: Application) -> str:
    return f"draft-writers:{application.pk}"
