"""Who applies comes into being when somebody applies for it the first time."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, MemberRole
from pulje.errors import RuleBroken
from pulje.models import Applicant, Membership, User

WITHOUT_CVR = frozenset({ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL})


@transaction.atomic
def register(*, by: User, at: datetime, kind: ApplicantKind, name: str, cvr: str = "") -> Applicant:
    """A new applicant with ``by`` as the person who may act for it.

    The right to bind it is claimed, not yet confirmed (Membership.confirmed_at stays empty).
    Raises RuleBroken when somebody has registered the CVR number already.
    """
    cvr = "" if kind in WITHOUT_CVR else cvr
    if cvr and Applicant.objects.filter(cvr=cvr).exists():
        raise RuleBroken(
            _("CVR-nummeret er allerede hos os. Bed foreningen om at invitere dig, eller ring.")
        )
    applicant = Applicant.objects.create(
        kind=kind, name=name, cvr=cvr, email=by.email, phone=by.phone
    )
    Membership.objects.create(
        applicant=applicant,
        user=by,
        role=MemberRole.RESPONSIBLE if kind in WITHOUT_CVR else MemberRole.BOARD,
        may_sign=True,
        started_on=timezone.localdate(at),
    )
    return applicant
