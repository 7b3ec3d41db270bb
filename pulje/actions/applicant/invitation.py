"""Invitations by mail to join an applicant, perhaps one draft of it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.applicant.membership import check_manages, manages, mark_confirmed, seat_of
from pulje.actions.journal import note_down
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Applicant, Application, Invitation, Membership, User
from pulje.permissions import is_member
from pulje.states import ENDED
from pulje.templatetags.words import dato

LASTS = timedelta(days=30)
MOST_WAITING = 50  # nobody sends mails to the whole town through us


@transaction.atomic
def invite(
    applicant: Applicant,
    *,
    by: User,
    at: datetime,
    email: str,
    role: MemberRole = MemberRole.WRITER,
    may_sign: bool = False,
    application: Application | None = None,
) -> Invitation:
    """Ask somebody to join. The same address again is the same invitation, good for a month more.

    Who manages the members invites whom they like; others only a writer to a draft of theirs.
    Raises NotAllowed and RuleBroken.
    """
    applicant = Applicant.objects.select_for_update().get(pk=applicant.pk)
    if _writers_only(by, applicant, application):
        role, may_sign = MemberRole.WRITER, False
    if email.lower() == by.email.lower():
        raise RuleBroken(_("Det er din egen e-mail. Skriv den andens."))
    waiting = applicant.invitations.waiting().filter(email__iexact=email).first()
    if waiting is not None:
        return _renewed(waiting, by, at, role, may_sign, application)
    if applicant.invitations.waiting().count() >= MOST_WAITING:
        raise RuleBroken(_("Der venter allerede mange invitationer. Træk nogle af dem tilbage."))
    invitation = Invitation.objects.create(
        applicant=applicant,
        application=application,
        email=email,
        role=role,
        may_sign=may_sign,
        invited_by=by,
        invited_at=at,
        expires_at=at + LASTS,
    )
    _note(invitation, "invited", by, at)
    return invitation


def _writers_only(by: User, applicant: Applicant, application: Application | None) -> bool:
    """True when the invited may write and no more; raises what ``_check_own_draft`` raises."""
    if manages(by, applicant):
        return applicant.kind == ApplicantKind.INDIVIDUAL
    _check_own_draft(by, applicant, application)
    return True


def _check_own_draft(by: User, applicant: Applicant, application: Application | None) -> None:
    if application is None or application.applicant_id != applicant.pk:
        check_manages(by, applicant)
        return
    if application.state in ENDED or not is_member(by, application):
        raise NotAllowed(_("Du kan kun invitere til dine egne kladder."))


def _renewed(
    waiting: Invitation,
    by: User,
    at: datetime,
    role: MemberRole,
    may_sign: bool,
    application: Application | None,
) -> Invitation:
    """The waiting one goes on; only its own sender or a manager gives it other rights."""
    waiting.expires_at = at + LASTS
    waiting.application = application or waiting.application
    if manages(by, waiting.applicant):
        waiting.role, waiting.may_sign = role, may_sign
        waiting.invited_by, waiting.invited_at = by, at
    fields = ["expires_at", "application", "role", "may_sign", "invited_by", "invited_at"]
    waiting.save(update_fields=fields)
    return waiting


@transaction.atomic
def resend(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Good for a month from now. Raises RuleBroken when it is answered or taken back."""
    invitation = _lock(invitation)
    _check_may_change(invitation, by)
    if invitation.accepted_at is not None:
        raise RuleBroken(_("Invitationen er brugt. Personen er med."))
    if invitation.revoked_at is not None:
        raise RuleBroken(_("Invitationen er trukket tilbage. Lav en ny."))
    invitation.expires_at = at + LASTS
    invitation.save(update_fields=["expires_at"])
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Take it back; the link stops working. Twice is harmless, RuleBroken when it is answered."""
    invitation = _lock(invitation)
    _check_may_change(invitation, by)
    if invitation.accepted_at is not None:
        raise RuleBroken(_("Invitationen er brugt. Fjern personen i stedet."))
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
    return invitation


def _check_may_change(invitation: Invitation, by: User) -> None:
    """Whoever sent it and still is a member, and who manages the members."""
    if invitation.invited_by_id != by.pk or seat_of(by, invitation.applicant) is None:
        check_manages(by, invitation.applicant)


def check_open(invitation: Invitation, *, by: User | None, at: datetime) -> None:
    """Raise RuleBroken with the sentence that says why the link no longer is good for ``by``."""
    if invitation.accepted_at is not None:
        if by is None or invitation.accepted_by_id != by.pk:
            raise RuleBroken(
                _("Invitationen er brugt. Er du med, så log ind; ellers bed om en ny.")
            )
        if seat_of(by, invitation.applicant) is None:
            raise RuleBroken(_("Invitationen er brugt, og du er ikke længere med. Bed om en ny."))
        return
    if invitation.revoked_at is not None:
        raise RuleBroken(_("Invitationen er trukket tilbage. Bed om en ny, hvis det er en fejl."))
    if invitation.expires_at < at:
        raise RuleBroken(_("Invitationen udløb %s. Bed om en ny.") % dato(invitation.expires_at))


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User, at: datetime) -> Membership:
    """Say yes: a place, confirmed when whoever invited manages the members.

    Who is a member already gets what the invitation adds; saying yes twice is harmless. The
    person need not have the address it was sent to; the case's journal says when they have not.
    Who had no e-mail has one now: following the link has proved the address to be theirs.
    Raises RuleBroken for a link that is used, taken back or too old.
    """
    invitation = _lock(invitation)
    check_open(invitation, by=by, at=at)
    seat = seat_of(by, invitation.applicant)
    if invitation.accepted_at is not None:
        assert seat is not None  # check_open has seen to it
        return seat
    if seat is None:
        seat = Membership.objects.create(
            applicant=invitation.applicant,
            user=by,
            role=invitation.role,
            may_sign=invitation.may_sign,
            started_on=timezone.localdate(at),
        )
    else:
        _merge(seat, invitation)
    may_confirm = manages(invitation.invited_by, invitation.applicant)
    if may_confirm and invitation.invited_by_id != by.pk:
        mark_confirmed(seat, RightProof.MEMBER, by=invitation.invited_by, at=at)
    _take_address(by, invitation.email)
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _note(invitation, "joined", by, at)
    return seat


def _take_address(person: User, email: str) -> None:
    """The invitation's address becomes the e-mail of somebody without one, when it is free."""
    if person.has_mail or User.objects.filter(email__iexact=email).exists():
        return
    before, person.email = person.email, email.lower()
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:  # somebody else took it this moment
        person.email = before


def _merge(seat: Membership, invitation: Invitation) -> None:
    """An invitation never takes anything away."""
    if seat.role == MemberRole.WRITER:
        seat.role = invitation.role
    seat.may_sign = seat.may_sign or invitation.may_sign
    seat.save(update_fields=["role", "may_sign"])


def _lock(invitation: Invitation) -> Invitation:
    Applicant.objects.select_for_update().get(pk=invitation.applicant_id)
    rows = Invitation.objects.select_related("applicant", "application", "invited_by")
    return rows.get(pk=invitation.pk)


def _note(invitation: Invitation, event: str, by: User, at: datetime) -> None:
    """A line where a case is concerned; the address stands in the invitation only."""
    if invitation.application is None:
        return
    data: dict[str, object] = {"invitation": invitation.pk}
    if event == "joined" and by.email.lower() != invitation.email.lower():
        data["other_address"] = True
    note_down(invitation.application, event, by=by, at=at, data=data)
