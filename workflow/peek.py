"""A letter before it is sent: the very verb is done, its letter read, and all of it undone."""

from typing import Any

from django.db import transaction

from letters import actions as letters
from letters.actions.make import CANNOT_MAKE
from letters.models import Letter
from pulje.errors import RuleBroken
from pulje.models import Application, User
from workflow.hands import Action, carry_out


def letter_before(action: Action, case: Application, *, by: User, **facts: Any) -> bytes | None:
    """The PDF of the letter the action would send; None when it sends none. Nothing is kept.

    Raises what the action raises, and RuleBroken where the letter cannot be made: its text is not
    approved. The case is free again before the letter is made.
    """
    with transaction.atomic():
        entry = carry_out(action, case, by=by, **facts)
        letter = Letter.objects.filter(entry=entry).order_by("pk").first() if entry else None
        transaction.set_rollback(True)
    try:
        return letters.printed(letter)[0] if letter else None
    except CANNOT_MAKE as reason:
        raise RuleBroken(str(reason)) from reason
