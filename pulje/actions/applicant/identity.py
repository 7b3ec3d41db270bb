"""Who is behind an identity or an e-mail; people come into being when they first come."""

from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Applicant, Application, Identity, Invitation, Membership, User
from pulje.models.user import NO_MAIL
from pulje.registers.identity import Claims


@transaction.atomic
def sign_in(claims: Claims, *, at: datetime, current: User | None = None) -> User:
    """The person behind the identity; made the first time. ``current``: who is logged in now.

    Whoever is logged in by e-mail and then shows an identity keeps what they began. An e-mail
    that merely looks the same links nobody. MitID Erhverv of a known CVR number confirms the
    person's place there. Raises NotAllowed when the person is closed out.
    """
    rows = Identity.objects.select_for_update(of=("self",)).select_related("user")
    known = rows.filter(issuer=claims.issuer, subject=claims.subject).first()
    user = known.user if known else _to_be_linked(claims, current)
    if not user.is_active:
        raise NotAllowed(_("Din adgang er lukket. Ring til os, så finder vi ud af hvorfor."))
    if known is None:
        known = Identity(user=user, issuer=claims.issuer, subject=claims.subject, first_seen_at=at)
    known.name, known.cvr, known.org_name = claims.name, claims.cvr, claims.org_name
    known.loa, known.last_seen_at = claims.loa, at
    known.save()
    if current and current != user and enters_by_mail(current):
        user = _as_one(current, user, at)
    user.name = claims.name or user.name
    user.born_on = claims.birthdate or user.born_on
    user.save(update_fields=["name", "born_on"])
    _confirm_place(user, claims, at)
    return user


def enters_by_mail(user: User) -> bool:
    """True when a mailed link may log this person in: nothing else proves who they are."""
    return (
        user.is_active
        and not user.is_internal
        and not user.is_staff
        and not user.has_usable_password()
        and not user.identities.exists()
    )


def person_by_mail(email: str) -> User:
    """The person with that e-mail; made, without password, when nobody has it."""
    email = email.strip().lower()
    found = User.objects.filter(email__iexact=email).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=email)
    except IntegrityError:  # a double click was faster
        return User.objects.get(email__iexact=email)


def take_mail(user: User, owner: User, *, at: datetime) -> User:
    """``user``, who came by MitID without an e-mail, has shown that ``owner``'s e-mail is theirs.

    Raises RuleBroken when the e-mail belongs to somebody who has proved who they are.
    """
    with transaction.atomic():
        if user.has_mail or not enters_by_mail(owner):
            raise RuleBroken(_("Den e-mail bruges allerede af en anden. Skriv en anden e-mail."))
        return _as_one(owner, user, at)


def _to_be_linked(claims: Claims, current: User | None) -> User:
    return current if current and _is_theirs(claims, current) else _newcomer(claims)


def _is_theirs(claims: Claims, current: User) -> bool:
    """True when a new identity can be nobody's but the person's who is logged in.

    The house's people are not applicants by the way; somebody already identified must have the
    same name, and not another birthday.
    """
    if not current.is_active or current.is_internal:
        return False
    if not current.identities.exists():
        return True
    same_day = not (current.born_on and claims.birthdate) or current.born_on == claims.birthdate
    return same_day and current.name.casefold() == claims.name.casefold()


def _newcomer(claims: Claims) -> User:
    email = claims.email.lower()
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not email or User.objects.filter(email__iexact=email).exists():
        email = f"{uuid4().hex}@{NO_MAIL}"
    return User.objects.create_user(email, name=claims.name or email)


def _as_one(by_mail: User, identified: User, at: datetime) -> User:
    """Two users are one person: all comes together at the one who has an e-mail to be told on."""
    keeps, gives = (identified, by_mail) if identified.has_mail else (by_mail, identified)
    today = timezone.localdate(at)
    seats = Membership.objects.active().filter(user=gives)
    seats.filter(applicant__in=keeps.memberships.active().values("applicant")).update(
        ended_on=today
    )
    seats.update(user=keeps)
    Application.objects.filter(created_by=gives).update(created_by=keeps)
    Invitation.objects.filter(accepted_by=gives).update(accepted_by=keeps)
    Identity.objects.filter(user=gives).update(user=keeps)
    if gives == identified:
        keeps.name, keeps.born_on = gives.name, gives.born_on or keeps.born_on
        keeps.save(update_fields=["name", "born_on"])
        User.objects.filter(pk=gives.pk).update(is_active=False)
    return keeps


def _confirm_place(user: User, claims: Claims, at: datetime) -> None:
    """MitID Erhverv speaks for the association: the place there is confirmed, or given.

    Not where the person's place has been ended: whoever ended it is to let them in again. Not at a
    municipal institution, whose number is that of every employee of the municipality.
    """
    applicants = Applicant.objects.exclude(kind=ApplicantKind.MUNICIPAL_INSTITUTION)
    applicant = applicants.filter(cvr=claims.cvr).first() if claims.cvr else None
    if applicant is None:
        return
    proof = {"proof": RightProof.MITID_ERHVERV, "confirmed_at": at}
    places = Membership.objects.filter(user=user, applicant=applicant)
    places.active().filter(confirmed_at=None).update(**proof)
    if not places.exists():
        Membership.objects.create(
            applicant=applicant,
            user=user,
            role=MemberRole.BOARD,
            may_sign=True,
            started_on=timezone.localdate(at),
            **proof,
        )
