"""Asking people outside a case: each question is its action and its mail, or nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from letters.mails.actions import queue_mail
from pulje.actions.applicant import invitation
from pulje.actions.application import applicant as applicants
from pulje.actions.application import guardian, partner
from pulje.models import (
    Applicant,
    Application,
    GuardianConsent,
    Invitation,
    Membership,
    Partner,
    User,
)
from pulje.queries.applicant.membership import boards_due, confirmed_signers


@transaction.atomic
def invite(applicant: Applicant, *, by: User, at: datetime, **facts: Any) -> Invitation:
    """Invite by mail; raises what the action raises."""
    made = invitation.invite(applicant, by=by, at=at, **facts)
    _mail_invitation(made, by, at)
    return made


@transaction.atomic
def invite_again(found: Invitation, *, by: User, at: datetime) -> Invitation:
    """The same invitation once more; raises what the action raises."""
    made = invitation.resend(found, by=by, at=at)
    _mail_invitation(made, by, at)
    return made


def _mail_invitation(made: Invitation, by: User, at: datetime) -> None:
    facts = {"invitation": made.pk, "applicant": made.applicant.name, "inviter": by.name}
    queue_mail(
        "INVITATION",
        to=made.email,
        cause=f"invitation:{made.pk}:{_this_minute(at)}",
        facts=facts,
        application=made.application,
    )


@transaction.atomic
def claim(applicant: Applicant, *, by: User, at: datetime) -> Membership:
    """Take a place; while it is only claimed, each who can confirm it is asked once."""
    seat = applicants.claim(applicant, by=by, at=at)
    if seat.confirmed_at is None:
        path = reverse("applicant:account", args=[applicant.pk])
        facts = {"applicant": applicant.name, "person": by.name, "path": path}
        for signer in confirmed_signers(applicant):
            queue_mail(
                "MEMBER_REQUEST",
                to=signer.email,
                cause=f"claim:{seat.pk}:{signer.pk}",
                facts=facts,
            )
    return seat


@transaction.atomic
def ask_leader(found: Partner, *, by: User, at: datetime) -> Partner:
    """Ask the institution's leader by mail; raises what the action raises."""
    asked = partner.ask_leader(found, by=by, at=at)
    facts = {
        "partner": asked.pk,
        "name": asked.name,
        "leader": asked.leader_name or asked.name,
        "applicant": asked.application.applicant.name,
        "title": asked.application.title,
    }
    queue_mail(
        "PARTNER_CONFIRMATION",
        to=asked.leader_email,
        cause=f"partner:{asked.pk}:{_this_minute(at)}",
        facts=facts,
        application=asked.application,
    )
    return asked


def ask_leaders(application: Application, *, by: User, at: datetime) -> None:
    """Ask every leader who has not been asked yet; call it when the application is sent."""
    unasked = application.partners.filter(is_municipal=True, asked_at=None)
    for row in unasked.exclude(leader_email="").order_by("position"):
        ask_leader(row, by=by, at=at)


@transaction.atomic
def ask_guardian(
    application: Application, *, by: User, at: datetime, name: str, email: str
) -> GuardianConsent | None:
    """Ask the guardian by mail, the same guardian once; raises what the action raises."""
    asked = guardian.ask_guardian(application, by=by, at=at, name=name, email=email)
    if asked is not None:
        mail_guardian(asked, at)
    return asked


def mail_guardian(consent: GuardianConsent, at: datetime) -> None:
    """The mail to the guardian; within the same minute once."""
    application = consent.application
    facts = {
        "consent": consent.pk,
        "name": consent.name,
        "applicant": application.applicant.name,
        "title": application.title,
    }
    queue_mail(
        "GUARDIAN_CONSENT",
        to=consent.email,
        cause=f"guardian:{consent.pk}:{_this_minute(at)}",
        facts=facts,
        application=application,
    )


def ask_boards(at: datetime) -> int:
    """Ask whoever may sign whether the board is the same, yearly; returns how many it is due to."""
    seats = boards_due(timezone.localdate(at))
    for seat in seats:
        applicant = seat.applicant
        queue_mail(
            "BOARD_CONFIRMATION",
            to=seat.user.email,
            cause=f"board:{applicant.pk}:{applicant.board_confirmed_on}:{seat.user_id}",
            facts={
                "applicant": applicant.name,
                "path": reverse("applicant:account", args=[applicant.pk]),
            },
        )
    return len(seats)


def _this_minute(at: datetime) -> str:
    """A double click is one mail; asking again later is another."""
    return f"{at:%Y%m%d%H%M}"
