"""What waits for somebody in the new town: a change, an invitation, a claim, a double."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from pulje.actions.applicant.invitation import invite
from pulje.actions.grant.change import request_change
from pulje.enums import MemberRole, RightProof
from pulje.models import Applicant, Application, Membership, Subscription, User
from pulje.states import CaseState


def leave_loose_ends(asta: User, own: Applicant, at: datetime) -> None:
    """``own`` is one of Asta's applicants."""
    _ask_for_a_change(at)
    _invite_a_writer(asta, own, at)
    _claim_a_place(own, at)
    _be_here_twice(own)
    _subscribe(at)


def _ask_for_a_change(at: datetime) -> None:
    """The rain came, so the project ends a month later: the case worker must answer."""
    paid = Application.objects.filter(state=CaseState.PAID, change_requests=None)
    case = paid.exclude(ends_on=None).order_by("-pk").first()
    if case is None:
        return
    signer = case.applicant.memberships.signing().select_related("user").order_by("pk").first()
    assert signer is not None
    assert case.ends_on is not None
    request_change(
        case,
        by=signer.user,
        at=at,
        reason="To af aftenerne blev aflyst på grund af storm. Vi vil gerne holde dem i stedet for "
        "at sende pengene retur.",
        ends_on=case.ends_on + timedelta(days=30),
    )


def _invite_a_writer(asta: User, own: Applicant, at: datetime) -> None:
    draft = own.applications.filter(signatures__isnull=False, state=CaseState.DRAFT).first()
    invite(own, by=asta, at=at, email="gudrun@forening.example", application=draft)


def _claim_a_place(own: Applicant, at: datetime) -> None:
    """A new treasurer says so herself; another member must confirm it."""
    new = User.objects.create(email="kasserer@forening.example", name="Vera Åkilde", password="!")
    Membership.objects.create(
        applicant=own,
        user=new,
        role=MemberRole.TREASURER,
        may_sign=True,
        started_on=timezone.localdate(at),
    )


def _be_here_twice(own: Applicant) -> None:
    """Somebody began anew under nearly the same name; the case worker may make the two one."""
    Applicant.objects.create(
        kind=own.kind,
        name=own.name.replace(f" {own.town}", f" i {own.town}"),
        postcode=own.postcode,
        town=own.town,
        email=own.email,
    )


def _subscribe(at: datetime) -> None:
    for email, confirmed_at in (("nabo@forening.example", at), ("vej@forening.example", None)):
        Subscription.objects.create(
            code="NP", email=email, created_at=at, confirmed_at=confirmed_at
        )


def seat_asta(asta: User, today: date) -> None:
    """Asta sits where something waits for an applicant, so that every step can be tried."""
    for state in ("RETURNED", "IN_HEARING", "APPROVED", "PAID", "REPORT_RETURNED"):
        case = Application.objects.filter(state=state).order_by("-pk").first()
        if case is None or asta.memberships.filter(applicant=case.applicant_id).exists():
            continue
        Membership.objects.create(
            applicant_id=case.applicant_id,
            user=asta,
            role=MemberRole.BOARD,
            may_sign=True,
            started_on=date(today.year - 1, 1, 1),
            confirmed_at=timezone.now(),
            proof=RightProof.DOCUMENT,
        )
