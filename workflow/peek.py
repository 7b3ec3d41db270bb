"""A letter before it is sent: the very verb is done, its letter read, and all of it undone."""

from typing import Any

from django.db import transaction

from letters import actions as letters
from letters.models import Letter
from letters.previews import asking
from letters.texts.engine import CannotWord
from pulje.errors import RuleBroken
from pulje.models import Application, User
from workflow.hands import Action, carry_out


def letter_before(action: Action, case: Application, *, by: User, **facts: Any) -> bytes:
    """The PDF of the letter the action would send. Nothing is kept.

    Raises what the action raises, and RuleBroken where it sends no letter, or none can be made: its
    text is not approved, or the letters' worker is busy. The case is free again before that.
    """
    with transaction.atomic():
        entry = carry_out(action, case, by=by, **facts)
        letter = Letter.objects.filter(entry=entry).order_by("pk").first() if entry else None
        transaction.set_rollback(True)
    if letter is None:
        raise RuleBroken("Der bliver ikke sendt noget brev: ansøger har ikke hørt om afgørelsen.")
    try:
        chosen = letters.choose_texts(letter)
    except CannotWord as reason:
        raise RuleBroken(str(reason)) from reason
    made = asking.drawn(asking.preview_of_real(letter.facts, chosen))
    if made is None:
        raise RuleBroken("Brevet er ikke lavet endnu. Prøv igen om lidt.")
    if made.failure:
        raise RuleBroken(made.failure)
    return made.pdf
