"""Signing and sending as one: the last signature sends the application, the first asks for it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from letters.mails.actions import queue_mail
from pulje.actions import signature
from pulje.actions.application import application as actions
from pulje.actions.state import lock
from pulje.enums import SignatureKind
from pulje.models import Application, JournalEntry, SignatureReturn, User
from pulje.queries.application.signature import (
    digest,
    others_who_may_sign,
    signatures,
    waits_for_another,
)
from workflow.asking import ask_leaders
from workflow.hands import carry_out, lock_whole, one_at_a_time

REQUESTS = {
    SignatureKind.APPLICATION: "SIGN_REQUEST",
    SignatureKind.REPORT: "REPORT_SIGN_REQUEST",
}


def sign_or_send(
    application: Application, *, by: User, at: datetime, ask: Iterable[User] = ()
) -> JournalEntry | None:
    """Sign, and with the last signature send; None while another must sign, who is asked by mail.

    ``ask``: whom to ask; all others who may sign when nobody is named. Raises what ``sign`` and
    ``submit`` raise; then nothing has happened.
    """
    with one_at_a_time():
        locked = lock_whole(application)
        if waits_for_another(locked, by):
            signature.sign(locked, by=by, at=at)
            ask_to_sign(locked, ask or others_who_may_sign(locked, by), at=at)
            return None
        entry = carry_out(actions.submit, application, by=by, at=at)
        ask_leaders(application, by=by, at=at)
        return entry


def ask_to_sign(
    application: Application,
    people: Iterable[User],
    *,
    at: datetime,
    kind: SignatureKind = SignatureKind.APPLICATION,
) -> None:
    """Mail the link; the same text to the same person once a day."""
    text = digest(application, kind)[:16]
    for person in people:
        queue_mail(
            REQUESTS[kind],
            to=person.email,
            cause=f"sign:{application.pk}:{text}:{person.pk}:{at:%Y%m%d}",
            facts={"application": application.pk, "signer": person.name},
            application=application,
        )


def without_mail(people: Iterable[User]) -> list[str]:
    """A sentence for each whom no link reaches, with how they come to sign all the same."""
    sentence = _(
        "%(name)s har ikke givet os en e-mail. Bed %(name)s logge ind: "
        "ansøgningen ligger under Mine ansøgninger."
    )
    unreached = (person for person in people if not person.has_mail)
    return [sentence % {"name": person.get_short_name()} for person in unreached]


@transaction.atomic
def give_back(application: Application, *, by: User, at: datetime, comment: str) -> SignatureReturn:
    """Send it back unsigned with a comment; whoever has signed or wrote last is told by mail."""
    locked = lock(application)
    told = {row.user for row in signatures(locked)} | {locked.edited_by, locked.created_by}
    returned = signature.give_back(locked, by=by, at=at, comment=comment)
    for person in filter(None, told - {by}):
        queue_mail(
            "SIGN_RETURNED",
            to=person.email,
            cause=f"sign-returned:{returned.pk}:{person.pk}",
            facts={"application": application.pk},
            application=application,
        )
    return returned
