"""Messages both ways, and the mail that says one has come; what it says stands in the case."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from letters.mails.actions import queue_mail
from pulje.actions.document import write_message
from pulje.actions.grant.change import answer_change
from pulje.errors import RuleBroken
from pulje.models import Application, JournalEntry, Message, User
from pulje.permissions import is_member, somebody_acts
from pulje.queries.applicant.applicant import followers


@transaction.atomic
def say(application: Application, *, by: User, at: datetime, text: str) -> Message:
    """Write a message and tell the other side; raises what ``write_message`` raises.

    RuleBroken when nobody of the applicant can log in and read it.
    """
    if not is_member(by, application) and not somebody_acts(application):
        raise RuleBroken(unread(application))
    message = write_message(application, by=by, at=at, text=text)
    if message.is_from_applicant:
        _tell_case_worker(application, at)
    else:
        _tell_applicant(application, "NEW_MESSAGE", _this_hour(at))
    return message


@transaction.atomic
def answer(
    application: Application, *, by: User, at: datetime, is_approved: bool, answer: str = ""
) -> JournalEntry:
    """Answer a change request and tell those who follow the case beside the letter's recipient.

    Raises what ``answer_change`` raises.
    """
    entry = answer_change(application, by=by, at=at, is_approved=is_approved, answer=answer)
    reached = application.contact_email or application.applicant.email
    _tell_applicant(application, "CHANGE_ANSWERED", f"journal:{entry.pk}", but=reached)
    return entry


def unread(application: Application) -> str:
    """Why a message is no use, and what to do instead."""
    who = application.applicant
    phone = application.contact_phone or who.phone
    street = ", ".join(part for part in (who.street, f"{who.postcode} {who.town}".strip()) if part)
    ways = [
        *([f"ring på {phone}"] if phone else []),
        f"skriv et brev til {street}" if street else "find først en adresse eller et nummer",
    ]
    what = " eller ".join(ways)
    return f"Ingen hos ansøgeren kan logge ind og læse en besked: {what}."


def _tell_case_worker(application: Application, at: datetime) -> None:
    worker = application.caseworker
    if worker is None or not (worker.is_active and worker.wants_message_mail):
        return
    queue_mail(
        "NEW_MESSAGE",
        to=worker.email,
        cause=f"message:{application.pk}:{worker.pk}:{_this_hour(at)}",
        facts={
            "number": application.number,
            "path": reverse("staff:case", args=[application.pk]),
            "person_id": worker.pk,
        },
        application=application,
    )


def _tell_applicant(application: Application, kind: str, occasion: str, *, but: str = "") -> None:
    """Everybody who follows the case and wants the mail, and a contact who has no account.

    ``but``: the address that hears of it otherwise.
    """
    people = followers(application)
    wanted = {person.email.lower() for person in people if person.wants_message_mail}
    contact = application.contact_email.lower()
    if contact and contact not in {person.email.lower() for person in people}:
        wanted.add(contact)
    path = reverse("applicant:case", args=[application.pk])
    for address in sorted(wanted - {but.lower()}):
        queue_mail(
            kind,
            to=address,
            cause=f"message:{application.pk}:{_name_of(address, people)}:{occasion}",
            facts={"number": application.number, "path": path},
            application=application,
        )


def _name_of(address: str, people: list[User]) -> str:
    """No address in a cause: the person's id, or that it is the contact."""
    return next((str(p.pk) for p in people if p.email.lower() == address), "contact")


def _this_hour(at: datetime) -> str:
    """So that many messages within an hour give each person one mail."""
    return f"{timezone.localtime(at):%Y%m%d%H}"
