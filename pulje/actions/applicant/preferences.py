"""What a person decides about themselves: how to be told, and the calendar's secret address."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.models import User
from pulje.rules.texts import is_blank

MAILS = {  # what a mail's own link ends -> the wish behind it
    "beskeder": "wants_message_mail",
    "frister": "wants_reminder_mail",
}


@transaction.atomic
def save_preferences(
    user: User, *, name: str, phone: str, wants_message_mail: bool, wants_reminder_mail: bool
) -> None:
    """Keep a person's own wishes. A name proved by an identity stays; the journal shows it."""
    if is_blank(name):
        raise RuleBroken(_("Skriv dit navn."))
    if not user.identities.exists():
        user.name = name.strip()
    user.phone, user.wants_message_mail = phone, wants_message_mail
    user.wants_reminder_mail = wants_reminder_mail
    user.save(update_fields=["name", "phone", "wants_message_mail", "wants_reminder_mail"])


def end_mails(what: str, person: int) -> None:
    """No more mails of that kind to the person; again is harmless. Letters come all the same."""
    User.objects.filter(pk=person).update(**{MAILS[what]: False})


def renew_calendar(user: User) -> UUID:
    """A new secret address for the person's calendar; an old one stops at once."""
    user.calendar_key = uuid4()
    user.save(update_fields=["calendar_key"])
    return user.calendar_key


def stop_calendar(user: User) -> None:
    """Nobody can read the person's calendar any more."""
    user.calendar_key = None
    user.save(update_fields=["calendar_key"])
