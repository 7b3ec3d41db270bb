"""Places at an applicant: who is confirmed, who may bind it, who hands over, who leaves.

Only a confirmed member of the board who may sign and has logged in with MitID decides about the
others. Nothing is deleted: a place ends, and the applicant keeps its history.
"""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.enums import ApplicantKind, MemberRole, RightProof
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Applicant, Application, JournalEntry, Membership, User
from pulje.models.application import ApplicationQuerySet
from pulje.permissions import check_identified, check_not_disqualified, check_other
from pulje.rules.texts import is_blank
from pulje.states import ENDED, CaseState


def seat_of(user: User, applicant: Applicant) -> Membership | None:
    """The person's place at the applicant now, or None."""
    return applicant.memberships.active().filter(user=user).first()


def check_manages(user: User, applicant: Applicant) -> Membership:
    """The manager's own place.

    Raises NotAllowed to all but confirmed, identified members who may sign and do more than write.
    """
    seat = check_binds(user, applicant)
    if not seat.may_decide:
        raise NotAllowed(
            _("Du skriver med og kan ikke ændre, hvem der er med hos %s. Bed en fra bestyrelsen.")
            % applicant.name
        )
    check_identified(user)
    return seat


def manages(user: User, applicant: Applicant) -> bool:
    """True when ``check_manages`` would not object."""
    try:
        check_manages(user, applicant)
    except NotAllowed:
        return False
    return True


def check_binds(user: User, applicant: Applicant) -> Membership:
    """The person's own place. Raises NotAllowed to all but confirmed members who may sign."""
    seat = seat_of(user, applicant) if user.is_active else None
    if seat is None:
        raise NotAllowed(_("Du er ikke længere med hos %s.") % applicant.name)
    if seat.confirmed_at is None:
        raise NotAllowed(
            _("Din ret til at handle for %s er ikke bekræftet endnu. Bed et medlem om at gøre det.")
            % applicant.name
        )
    if not seat.may_sign:
        raise NotAllowed(_("Det kan kun en, der må binde %s.") % applicant.name)
    return seat


def first_right(user: User, applicant: Applicant) -> RightProof:
    """What the person's own log-in proves: a MitID Erhverv with the applicant's CVR number.

    Not to whom it has been ended: whoever ended the place is to let them in again. Not at a
    municipal institution, whose number is that of every employee (identity.py as well).
    """
    has_been = applicant.memberships.filter(user=user).exists()
    if has_been or applicant.kind == ApplicantKind.MUNICIPAL_INSTITUTION or not applicant.cvr:
        return RightProof.NONE
    if user.identities.filter(cvr=applicant.cvr).exists():
        return RightProof.MITID_ERHVERV
    return RightProof.NONE


@transaction.atomic
def confirm_member(membership: Membership, *, by: User, at: datetime) -> Membership:
    """A member vouches for another: the claimed place is confirmed. Twice is harmless.

    Raises NotAllowed to all but who manages the members; nobody confirms themselves.
    """
    membership = lock_seat(membership)
    check_manages(by, membership.applicant)
    return mark_confirmed(membership, RightProof.MEMBER, by=by, at=at)


@transaction.atomic
def confirm_right(
    application: Application, *, by: User, at: datetime, membership: Membership, note: str
) -> JournalEntry | None:
    """The house has seen the bylaws or a list of the board. None when it was confirmed before.

    Raises NotAllowed without the role or to a disqualified, RuleBroken without a word about what
    was seen, or for somebody at another applicant.
    """
    check_other(by, "confirm_right")
    check_not_disqualified(by, application)
    membership = lock_seat(membership)
    if membership.applicant_id != application.applicant_id:
        raise RuleBroken(_("Personen er ikke med hos ansøgeren."))
    if is_blank(note):
        raise RuleBroken(_("Skriv, hvilket dokument du har set."))
    if membership.confirmed_at is not None:
        return None
    mark_confirmed(membership, RightProof.DOCUMENT, by=by, at=at)
    data = {"membership": membership.pk, "reason": note}
    return note_down(application, "right_confirmed", by=by, at=at, data=data)


@transaction.atomic
def attach_proof(
    membership: Membership, *, by: User, at: datetime, name: str, content: bytes
) -> Membership:
    """File the bylaws or the list of the board that show the person's right; a checked upload.

    Raises NotAllowed to all but the person and who manages the place.
    """
    membership = lock_seat(membership)
    if membership.user_id != by.pk:
        check_manages(by, membership.applicant)
    sha256 = hashlib.sha256(content).hexdigest()
    membership.proof_name = name
    membership.proof_file.save(sha256, ContentFile(content), save=False)
    membership.save(update_fields=["proof_name", "proof_file"])
    _note_on_cases(membership, "proof_attached", by=by, at=at)
    return membership


@transaction.atomic
def change_role(
    membership: Membership, *, by: User, at: datetime, role: MemberRole, may_sign: bool
) -> Membership:
    """Another role, with or without the right to bind. Raises RuleBroken for the last who may."""
    membership = lock_seat(membership)
    check_manages(by, membership.applicant)
    if membership.may_sign and not may_sign:
        check_not_last(membership)
    membership.role, membership.may_sign = role, may_sign
    membership.save(update_fields=["role", "may_sign"])
    return membership


@transaction.atomic
def hand_over(
    membership: Membership, *, by: User, at: datetime, leave_too: bool = False
) -> Membership:
    """Give one's own role and right to bind to the member ``membership``, and leave if wished.

    Raises NotAllowed to all but who manages the members, RuleBroken to oneself.
    """
    membership = lock_seat(membership)
    own = check_manages(by, membership.applicant)
    if own.pk == membership.pk:
        raise RuleBroken(_("Vælg en anden, du vil give dine opgaver til."))
    mark_confirmed(membership, RightProof.MEMBER, by=by, at=at)
    membership.role, membership.may_sign = own.role, True
    membership.save(update_fields=["role", "may_sign"])
    own.role, own.may_sign = MemberRole.WRITER, False
    own.save(update_fields=["role", "may_sign"])
    if leave_too:
        _end(own, by=by, at=at)
    return membership


@transaction.atomic
def leave(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Go oneself. Raises RuleBroken to the last who may sign while a case is open."""
    membership = lock_seat(membership)
    if membership.user_id != by.pk:
        raise NotAllowed(_("Man kan kun selv forlade en forening."))
    check_not_last(membership)
    return _end(membership, by=by, at=at)


@transaction.atomic
def remove(membership: Membership, *, by: User, at: datetime) -> Membership:
    """End another's place, and take back what they have invited. Removed twice is harmless."""
    if membership.ended_on is not None:
        check_manages(by, membership.applicant)
        return membership
    membership = lock_seat(membership)
    own = check_manages(by, membership.applicant)
    if own.pk == membership.pk:
        raise RuleBroken(_("Du kan ikke fjerne dig selv. Vælg ”Forlad” i stedet."))
    return _end(membership, by=by, at=at)


def lock_seat(membership: Membership) -> Membership:
    """The place, its applicant locked: one change of members at a time. WrongState when ended."""
    applicant = Applicant.objects.select_for_update().get(pk=membership.applicant_id)
    found = applicant.memberships.active().filter(pk=membership.pk).first()
    if found is None:
        raise WrongState(_("Personen er ikke længere med. Genindlæs siden."))
    found.applicant = applicant
    return found


def mark_confirmed(
    membership: Membership, proof: RightProof, *, by: User, at: datetime
) -> Membership:
    """Write how the place was proved, once; the caller has asked who may. Never by oneself."""
    if membership.confirmed_at is not None:
        return membership
    if membership.user_id == by.pk:
        raise NotAllowed(_("Du kan ikke bekræfte dig selv."))
    membership.proof, membership.confirmed_at, membership.confirmed_by = proof, at, by
    membership.save(update_fields=["proof", "confirmed_at", "confirmed_by"])
    applicant = membership.applicant
    if applicant.board_confirmed_on is None and membership.may_sign:
        applicant.board_confirmed_on = timezone.localdate(at)
        applicant.save(update_fields=["board_confirmed_on"])
    if proof == RightProof.MEMBER:
        _note_on_cases(membership, "right_confirmed", by=by, at=at)
    return membership


def is_last_signer(membership: Membership) -> bool:
    """True when nobody else can bind the applicant."""
    others = membership.applicant.memberships.signing().confirmed().exclude(pk=membership.pk)
    return membership.may_sign and not others.exists()


def check_not_last(membership: Membership) -> None:
    """Somebody must be able to bind the applicant while a case of this person is open.

    Raises RuleBroken to the last who may sign.
    """
    if not is_last_signer(membership) or not _own_cases(membership).exists():
        return
    raise RuleBroken(
        _(
            "Du er den sidste, der må binde %s, og der er en åben sag."
            " Giv retten til en anden først, eller træk ansøgningen tilbage."
        )
        % membership.applicant.name
    )


def _end(membership: Membership, *, by: User, at: datetime) -> Membership:
    membership.ended_on = timezone.localdate(at)
    membership.save(update_fields=["ended_on"])
    invited = membership.applicant.invitations.waiting().filter(invited_by=membership.user_id)
    invited.update(revoked_at=at)
    _note_on_cases(membership, "member_left", by=by, at=at)
    return membership


def _own_cases(membership: Membership) -> ApplicationQuerySet:
    """The sent cases that are not ended and that the person could follow."""
    cases = Application.objects.of_person(membership.user).filter(applicant=membership.applicant)
    return cases.exclude(state__in=[*ENDED, CaseState.DRAFT])


def _note_on_cases(membership: Membership, event: str, *, by: User, at: datetime) -> None:
    """A line in the journal of each open case the person has begun or sent."""
    cases = Application.objects.filter(applicant=membership.applicant_id).exclude(
        state__in=[*ENDED, CaseState.DRAFT]
    )
    mine = cases.filter(created_by=membership.user_id) | cases.filter(
        submitted_by=membership.user_id
    )
    for case in mine.order_by("pk"):
        note_down(case, event, by=by, at=at, data={"membership": membership.pk})
