"""An applicant's CPR number and exemption: what decides how letters reach a person.

The number is kept only to address Digital Post, sealed with a key that is not in the database, and
deleted when no case needs it. Who reads it stands in the journal of the case it was read for.
Source: databeskyttelsesloven § 11; digital post-loven §§ 3 and 5 (from 15 years; exempt).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.enums import ApplicantKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Applicant, Application, Membership, PersonNumber, User
from pulje.permissions import check_none_disqualified, check_other
from pulje.rules import person_number as rule
from pulje.rules.eligibility import YOUNGEST_YEARS, age
from pulje.states import ENDED, CaseState

KEPT = timedelta(days=90)  # after the last case ended: an appeal may come, a letter come back


@transaction.atomic
def write_person_number(
    applicant: Applicant, *, by: User, at: datetime, number: str
) -> PersonNumber:
    """Seal and keep the CPR number of a person who applies; another takes the place of the first.

    Raises NotAllowed without the role and to one with a tie to a case, RuleBroken when it is no
    CPR number, the applicant is no person, the person is under 15, or (demo) it may be somebody's.
    """
    cases = open_cases(applicant, by)
    if applicant.kind != ApplicantKind.INDIVIDUAL:
        raise RuleBroken(_("Kun en enkeltperson har et CPR-nummer. Foreninger nås på CVR."))
    digits = rule.compact(number)
    _check(digits, timezone.localdate(at))
    row, _is_new = PersonNumber.objects.update_or_create(
        applicant=applicant,
        defaults={
            "sealed": _keys().encrypt(digits.encode()).decode(),
            "written_by": by,
            "written_at": at,
        },
    )
    _note(cases, "person_number_written", by, at)
    return row


def _check(digits: str, today: date) -> None:
    born_on = rule.born_on(digits) if digits else None
    if born_on is None or born_on > today:
        raise RuleBroken(_("Det er ikke et CPR-nummer. Skriv de ti cifre, fx 010190-1234."))
    if age(born_on, today) < YOUNGEST_YEARS:
        raise RuleBroken(
            _("Børn under 15 år har ikke Digital Post. Brevet går på papir til værgens adresse.")
        )
    if settings.DEMO and rule.looks_real(digits):
        raise RuleBroken(_("Det ligner et rigtigt CPR-nummer. Skriv et opfundet i demoen."))


@transaction.atomic
def remove_person_number(applicant: Applicant, *, by: User, at: datetime) -> None:
    """Delete the CPR number; again is harmless. Raises NotAllowed as ``write_person_number``."""
    cases = open_cases(applicant, by)
    gone, _by_model = PersonNumber.objects.filter(applicant=applicant).delete()
    if gone:
        _note(cases, "person_number_removed", by, at)


@transaction.atomic
def set_exempt(applicant: Applicant, *, by: User, at: datetime, is_exempt: bool) -> None:
    """Exempt from Digital Post: letters go on paper. Raises NotAllowed as ``write_person_number``.

    Letters on their way keep the channel they were given.
    """
    cases = open_cases(applicant, by)
    if applicant.is_exempt == is_exempt:
        return
    applicant.is_exempt = is_exempt
    applicant.save(update_fields=["is_exempt"])
    _note(cases, "exempt" if is_exempt else "not_exempt", by, at)


@transaction.atomic
def change_reach(
    applicant: Applicant, *, by: User, at: datetime, is_exempt: bool, number: str = ""
) -> None:
    """The exemption as told, and the CPR number when one is given; both or neither."""
    set_exempt(applicant, by=by, at=at, is_exempt=is_exempt)
    if number:
        write_person_number(applicant, by=by, at=at, number=number)


@transaction.atomic
def read_person_number(application: Application, *, at: datetime, purpose: str) -> str:
    """The ten digits, for the sending of one letter; the case's journal says that it was read.

    Empty when there is none, or it was sealed with a key that is lost.
    """
    row = PersonNumber.objects.filter(applicant=application.applicant_id).first()
    if row is None:
        return ""
    note_down(application, "person_number_read", by=None, at=at, data={"purpose": purpose})
    try:
        return _keys().decrypt(row.sealed.encode()).decode()
    except InvalidToken:
        return ""


@transaction.atomic
def remove_unneeded(at: datetime) -> int:
    """Delete the numbers of those whose every case ended 90 days ago; gives how many."""
    cases = Application.objects.filter(applicant=OuterRef("applicant")).exclude(
        state__in=[*ENDED, CaseState.DRAFT]
    )
    recent = Application.objects.filter(
        applicant=OuterRef("applicant"), journal__at__gt=at - KEPT
    ).exclude(state=CaseState.DRAFT)
    rows = PersonNumber.objects.filter(~Exists(cases), ~Exists(recent), written_at__lt=at - KEPT)
    gone, _by_model = rows.delete()
    return gone


def open_cases(
    applicant: Applicant, by: User, verb: str = "write_person_number"
) -> Sequence[Application]:
    """The cases whose journals say it; the person may do it, and has no tie to any of them."""
    check_other(by, verb)
    if Membership.objects.active().filter(user=by, applicant=applicant).exists():
        raise NotAllowed(_("Du er selv med hos ansøgeren. Bed en kollega om at gøre det."))
    rows = applicant.applications.exclude(state__in=[*ENDED, CaseState.DRAFT])
    cases = list(rows.select_related("applicant").order_by("pk"))
    check_none_disqualified(by, cases)
    return cases


def _note(cases: Sequence[Application], event: str, by: User, at: datetime) -> None:
    for case in cases:
        note_down(case, event, by=by, at=at)


def _keys() -> MultiFernet:
    """The first key seals, all of them open: a new key goes first (docs/how-to/digital-post.md)."""
    return MultiFernet([Fernet(key) for key in settings.PERSON_NUMBER_KEYS])
