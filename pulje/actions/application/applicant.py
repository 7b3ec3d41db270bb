"""Who applies comes into being when somebody applies for it the first time."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.applicant.membership import check_binds, check_manages, first_right, seat_of
from pulje.actions.applicant.person_number import open_cases
from pulje.actions.application.application import check_open_to
from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.enums import WITHOUT_CVR, ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Applicant, Application, JournalEntry, Membership, User
from pulje.states import CaseState


@transaction.atomic
def register(
    *,
    by: User,
    at: datetime,
    kind: ApplicantKind,
    name: str,
    cvr: str = "",
    cvr_since: date | None = None,
    **contact: str,
) -> Applicant:
    """A new applicant with ``by`` as the person who may act for it; ``contact``: street, email …

    Of an association the right to bind it is claimed, and confirmed at once only by a MitID Erhverv
    with its number. Whoever applies for themselves or their own network proves nothing more.
    Raises RuleBroken when somebody has registered the CVR number already.
    """
    cvr = "" if kind in WITHOUT_CVR else cvr
    if cvr and Applicant.objects.filter(cvr=cvr).exists():
        raise RuleBroken(
            _("CVR-nummeret er allerede hos os. Bed foreningen om at invitere dig, eller ring.")
        )
    given = {"email": by.mail, "phone": by.phone} | contact
    since = cvr_since if cvr else None
    applicant = Applicant.objects.create(kind=kind, name=name, cvr=cvr, cvr_since=since, **given)
    _sit_down(applicant, by, at)
    return applicant


@transaction.atomic
def claim(applicant: Applicant, *, by: User, at: datetime) -> Membership:
    """A place at an applicant somebody else brought here; the seat the person has already stays.

    Until a member or the house confirms it, the person sees what they begin themselves.
    Raises NotAllowed for what has no CVR number: there one is invited.
    """
    seat = seat_of(by, applicant)
    if seat is not None:
        return seat
    if not applicant.cvr:
        raise NotAllowed(_("Bed en, der er med, om at invitere dig."))
    return _sit_down(applicant, by, at)


def _sit_down(applicant: Applicant, by: User, at: datetime) -> Membership:
    is_own = applicant.kind in WITHOUT_CVR
    proof = RightProof.SELF if is_own else first_right(by, applicant)
    is_confirmed = proof != RightProof.NONE
    if is_confirmed and applicant.board_confirmed_on is None:
        applicant.board_confirmed_on = timezone.localdate(at)
        applicant.save(update_fields=["board_confirmed_on"])
    return Membership.objects.create(
        applicant=applicant,
        user=by,
        role=MemberRole.RESPONSIBLE if is_own else MemberRole.BOARD,
        may_sign=True,
        proof=proof,
        confirmed_at=at if is_confirmed else None,
        started_on=timezone.localdate(at),
    )


@transaction.atomic
def change_applicant(
    application: Application, applicant: Applicant, *, by: User, at: datetime
) -> JournalEntry | None:
    """Let a draft be somebody else's; those who were invited to write in it stay with it.

    None when nothing changes. Raises WrongState when the case is sent, NotAllowed to whoever has
    no place at the new applicant, or did not begin the draft and is not confirmed at the old.
    """
    application = lock(application)
    check_open_to(by, application)
    if application.state != CaseState.DRAFT:
        raise WrongState(
            _("Ansøgningen er sendt. Skriv en besked, hvis det er en anden, der søger.")
        )
    if application.applicant_id == applicant.pk:
        return None
    if seat_of(by, applicant) is None:
        raise NotAllowed(_("Du er ikke med hos den ansøger. Bed om en invitation."))
    if application.created_by_id != by.pk:
        check_manages(by, application.applicant)
    _take_along(application, applicant, at)
    application.applicant = applicant
    application.save(update_fields=["applicant"])
    return note_down(application, "applicant_changed", by=by, at=at, data={"to": applicant.pk})


def _take_along(application: Application, applicant: Applicant, at: datetime) -> None:
    """Whoever writes in the draft gets a claimed place at its new applicant: no more than it."""
    waiting = application.invitations.filter(accepted_at=None, revoked_at=None)
    waiting.update(revoked_at=at)  # the mail names the old applicant
    accepted = application.invitations.filter(accepted_by__isnull=False)
    writers = set(accepted.values_list("accepted_by", flat=True)) | {application.created_by_id}
    there = set(applicant.memberships.active().values_list("user", flat=True))
    Membership.objects.bulk_create(
        Membership(
            applicant=applicant,
            user_id=user,
            role=MemberRole.WRITER,
            started_on=timezone.localdate(at),
        )
        for user in sorted(pk for pk in writers - there if pk is not None)
    )


@transaction.atomic
def change_contact(
    applicant: Applicant, *, by: User, street: str, postcode: str, town: str, email: str, phone: str
) -> Applicant:
    """How the applicant is reached; the CVR number and the name of what has one are the register's.

    Raises NotAllowed to all but confirmed members who may sign.
    """
    check_binds(by, applicant)
    applicant.street, applicant.postcode, applicant.town = street, postcode, town
    applicant.email, applicant.phone = email, phone
    applicant.save(update_fields=["street", "postcode", "town", "email", "phone"])
    return applicant


@transaction.atomic
def correct_contact(
    applicant: Applicant, *, by: User, at: datetime, **contact: str
) -> Sequence[Application]:
    """The house mends how an applicant is named and reached; ``contact``: name, street, email, …

    The name of what has a CVR number is the register's; a number is mended where it is none. An
    open case that had the old contact gets the new one. Its journal names what was changed, not
    the values. Gives the open cases; none when nothing changed. Raises NotAllowed without the
    role, to a member and to one with a tie to a case, RuleBroken when another has the number.
    """
    cases = open_cases(applicant, by, "correct_contact")
    was = {name: getattr(applicant, name) for name in contact}
    changed = [name for name in contact if contact[name] != was[name]]
    if not changed:
        return []
    if "cvr" in changed and Applicant.objects.filter(cvr=contact["cvr"]).exists():
        raise RuleBroken("Der er allerede en ansøger med det CVR-nummer.")
    Applicant.objects.filter(pk=applicant.pk).update(**contact)
    applicant.refresh_from_db(fields=changed)
    for case in map(lock, cases):
        for name in set(changed) & {"name", "email", "phone"}:
            if getattr(case, f"contact_{name}").lower() == was[name].lower():
                setattr(case, f"contact_{name}", contact[name])
        case.save(update_fields=["contact_name", "contact_email", "contact_phone"])
        note_down(case, "contact_corrected", by=by, at=at, data={"changed": changed})
    return cases


@transaction.atomic
def set_two_must_sign(applicant: Applicant, *, by: User, two_must_sign: bool) -> Applicant:
    """The association's own rule of signing. Raises RuleBroken while fewer than two may sign."""
    check_manages(by, applicant)
    if applicant.kind == ApplicantKind.INDIVIDUAL and two_must_sign:
        raise RuleBroken(_("Du søger for dig selv og skriver under alene."))
    if two_must_sign and applicant.memberships.signing().confirmed().count() < 2:
        raise RuleBroken(_("Kun én må binde jer. Inviter en mere, der må, og slå det så til."))
    applicant.two_must_sign = two_must_sign
    applicant.save(update_fields=["two_must_sign"])
    return applicant
