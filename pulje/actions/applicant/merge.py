"""Two rows of one applicant become one; nothing is deleted, and each journal says it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock_all
from pulje.enums import WITHOUT_CVR, ApplicantKind, RightProof
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Applicant, Identity, Invitation, Membership, PersonNumber, User
from pulje.permissions import check_other

CONTACT = ("street", "postcode", "town", "email", "phone")
MERGED = "applicant_merged"


@transaction.atomic
def merge_applicants(keep: Applicant, drop: Applicant, *, by: User, at: datetime) -> Applicant:
    """Move all that is ``drop``'s to ``keep``, which is given back; done before, nothing happens.

    Places whose right was only proved for ``drop`` itself must be confirmed anew. What ``keep``
    does not know of its address comes along; letters already made are not touched.
    Raises NotAllowed to a member of either, WrongState for one already merged into another,
    RuleBroken for a person and an association, two CVR numbers, or two MitID identities.
    """
    check_other(by, "merge_applicants")
    keep, drop = _locked(keep, drop)
    if drop.merged_into_id == keep.pk:
        return keep
    _check_not_merged(keep, drop)
    check_one_and_the_same(keep, drop)
    _check_stranger(keep, drop, by)
    _move_people(keep, drop, at)
    _move_number(keep, drop)
    cases = lock_all(list(drop.applications.all()))
    for case in cases:
        case.applicant = keep
        case.save(update_fields=["applicant"])
        note_down(case, MERGED, by=by, at=at, data={"from": drop.pk, "to": keep.pk})
    drop.merged.update(merged_into=keep)
    cvr = keep.cvr or drop.cvr
    keep.cvr_since = keep.cvr_since or drop.cvr_since
    drop.cvr, drop.merged_into, drop.merged_at = "", keep, at
    drop.save(update_fields=["cvr", "merged_into", "merged_at"])
    return _completed(keep, drop, cvr)


def _locked(keep: Applicant, drop: Applicant) -> tuple[Applicant, Applicant]:
    if keep.pk == drop.pk:
        raise RuleBroken(_("Det er den samme ansøger. Vælg en anden."))
    rows = Applicant.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[keep.pk], found[drop.pk]


def _check_not_merged(*applicants: Applicant) -> None:
    for one in applicants:
        if one.merged_into_id is not None:
            raise WrongState(_("%s er allerede lagt sammen med en anden.") % one.name)


def check_one_and_the_same(keep: Applicant, drop: Applicant) -> None:
    """Raise RuleBroken when the two cannot be one: kinds, CVR numbers or identities that differ."""
    if (keep.kind == ApplicantKind.INDIVIDUAL) != (drop.kind == ApplicantKind.INDIVIDUAL):
        raise RuleBroken(
            _("Den ene er en person, og den anden er ikke. De kan ikke være den samme.")
        )
    if keep.cvr and drop.cvr:
        raise RuleBroken(_("De har hver sit CVR-nummer og er derfor ikke den samme."))
    if drop.cvr and keep.kind in WITHOUT_CVR:
        raise RuleBroken(_("Behold den med CVR-nummeret. Den anden kan ikke have et."))
    if keep.kind == ApplicantKind.INDIVIDUAL and _are_two_people(keep, drop):
        raise RuleBroken(_("De har hver sit MitID og er derfor to forskellige personer."))


def _are_two_people(keep: Applicant, drop: Applicant) -> bool:
    one, other = (
        set(
            Identity.objects.filter(user__memberships__applicant=who).values_list("user", flat=True)
        )
        for who in (keep, drop)
    )
    return bool(one and other and not one & other)


def _check_stranger(keep: Applicant, drop: Applicant, by: User) -> None:
    """Source: forvaltningsloven § 3, stk. 1, nr. 1 and 3."""
    if Membership.objects.active().filter(user=by, applicant__in=[keep, drop]).exists():
        raise NotAllowed(_("Du er selv med hos ansøgeren. Bed en kollega om at gøre det."))


def _move_people(keep: Applicant, drop: Applicant, at: datetime) -> None:
    """Each person once; the place there already stays. Waiting invitations likewise."""
    there = keep.memberships.active().values("user")
    drop.memberships.active().filter(user__in=there).update(ended_on=timezone.localdate(at))
    if keep.kind != ApplicantKind.INDIVIDUAL:  # one's own word was for what one began oneself
        own_word = drop.memberships.active().filter(proof=RightProof.SELF)
        own_word.update(proof=RightProof.NONE, confirmed_at=None, confirmed_by=None)
    drop.memberships.update(applicant=keep)
    waiting = Invitation.objects.waiting()
    doubles = waiting.filter(applicant=keep).values("email")
    waiting.filter(applicant=drop, email__in=doubles).update(revoked_at=at)
    drop.invitations.update(applicant=keep)


def _move_number(keep: Applicant, drop: Applicant) -> None:
    """Letters reach the person as before; of two CPR numbers the one of who stays."""
    numbers = PersonNumber.objects.all()
    if numbers.filter(applicant=keep).exists():
        numbers.filter(applicant=drop).delete()
    numbers.filter(applicant=drop).update(applicant=keep)


def _completed(keep: Applicant, drop: Applicant, cvr: str) -> Applicant:
    """What the one lacks the other gives; the stricter rule of signing and the newest board win."""
    for name in CONTACT:
        if not getattr(keep, name):
            setattr(keep, name, getattr(drop, name))
    keep.cvr = cvr
    keep.two_must_sign = keep.two_must_sign or drop.two_must_sign
    keep.is_exempt = keep.is_exempt or drop.is_exempt
    newest = max((keep, drop), key=lambda one: str(one.board_confirmed_on or ""))
    keep.board_confirmed_on = newest.board_confirmed_on
    keep.board_confirmed_by = newest.board_confirmed_by
    keep.save()
    return keep
