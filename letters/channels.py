"""By which way a letter reaches its recipient, and why that one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from letters.models import Channel, Letter
from pulje.enums import ApplicantKind
from pulje.models import Applicant, Application, Membership, PersonNumber
from pulje.models.fields import validate_cvr
from pulje.rules.eligibility import age

QUARANTINE_DAYS = 12  # Source: virk.dk, "Digital Post" (a new CVR number waits for its mailbox)
YOUNGEST_YEARS = 15  # Source: digital post-loven § 3
# by CVR number; a municipal institution has that of the whole municipality and is no mailbox
WITH_CVR = frozenset({ApplicantKind.ASSOCIATION, ApplicantKind.SELF_GOVERNING_INSTITUTION})

Way = tuple[Channel, str]


@dataclass(frozen=True)
class Recipient:
    """What the choice hangs on. ``has_access``: somebody can log in and open the case."""

    kind: str
    cvr: str = ""
    cvr_since: date | None = None
    is_exempt: bool = False
    has_person_number: bool = False
    born_on: date | None = None
    email: str = ""
    has_access: bool = False


def choose(who: Recipient, today: date, *, is_test: bool = False, is_on: bool) -> Way:
    """The channel and, in Danish, why. ``is_on``: the municipality sends Digital Post.

    A CVR number that has ceased, or a person who is exempt without our knowing, is found when
    Digital Post is asked about the mailbox (delivery/digital_post.py); then ``after`` tells the
    next way. PRINT without an address is stopped by the gate, and by delivery/folder.py.
    Source: digital post-loven §§ 3 and 5 (who is connected, who is exempt).
    """
    if is_test:
        return Channel.NOWHERE, "Puljen er en prøvepulje: der sendes ikke noget."
    if who.kind == ApplicantKind.MUNICIPAL_INSTITUTION:
        return _otherwise(who, "Kommunal institution: nås internt.")
    if who.is_exempt:
        return Channel.PRINT, "Modtageren er fritaget for Digital Post."
    if is_child(who.born_on, today):
        return Channel.PRINT, "Under 15 år: papir, stilet til værgen. Adressen skal være værgens."
    if not is_on:
        return _otherwise(who, "Digital Post er ikke slået til.")
    if hindrance := _hindrance(who, today):
        return _otherwise(who, hindrance)
    return Channel.DIGITAL_POST, "CVR-nummer." if who.kind in WITH_CVR else "CPR-nummer."


def is_child(born_on: date | None, today: date) -> bool:
    """Too young for Digital Post: the letter is for the guardian.

    Source: digital post-loven § 3; værgemålsloven § 1 (a guardian acts for a minor).
    """
    return born_on is not None and age(born_on, today) < YOUNGEST_YEARS


def open_to(who: Recipient, today: date, *, is_on: bool) -> list[Channel]:
    """The ways a person may choose instead; paper always, it is stopped where it is addressed."""
    reaches = {
        Channel.DIGITAL_POST: choose(who, today, is_on=is_on)[0] == Channel.DIGITAL_POST,
        Channel.EMAIL: bool(who.email) and who.has_access,
        Channel.PRINT: True,
    }
    return [way for way, reached in reaches.items() if reached]


def after(channel: str) -> Channel | None:
    """The next way when a letter could not be brought by this one; None when there is none."""
    return Channel.PRINT if channel not in (Channel.PRINT, Channel.NOWHERE) else None


def _hindrance(who: Recipient, today: date) -> str:
    """Why Digital Post is not for this recipient, or an empty string."""
    if who.kind == ApplicantKind.INDIVIDUAL:
        return "" if who.has_person_number else "CPR-nummer mangler."
    if who.kind not in WITH_CVR or not who.cvr:
        return "Modtageren har ikke noget CVR-nummer."
    try:
        validate_cvr(who.cvr)
    except ValidationError:
        return "CVR-nummeret er ikke gyldigt."
    if who.cvr_since is not None and (today - who.cvr_since).days < QUARANTINE_DAYS:
        return "CVR-nummeret er under 12 dage gammelt."
    return ""


def _otherwise(who: Recipient, reason: str) -> Way:
    """On the case when somebody can read it there and is told by mail that it is; else on paper.

    A letter that nobody is told of has reached nobody: no deadline could count from it.
    """
    if not who.has_access:
        return Channel.PRINT, f"{reason} Ingen kan åbne sagen på nettet."
    if not who.email:
        return Channel.PRINT, f"{reason} Der er ingen e-mailadresse at give besked på."
    return Channel.EMAIL, reason


# ---- for many letters at once ----


def ways_of(applications: Iterable[Application], mails: Mapping[int, str]) -> dict[int, Way]:
    """Case pk -> channel and reason; one query for all, read with pool and applicant.

    ``mails``: case pk -> whom a mail would tell (``mail_addresses``).
    """
    cases = list(applications)
    found = _rows_of({case.pk for case in cases})
    today, is_on = timezone.localdate(), bool(settings.DIGITAL_POST["url"])
    return {
        case.pk: choose(
            _recipient(found[case.pk].applicant, found[case.pk], mails[case.pk]),
            today,
            is_test=case.pool.is_test,
            is_on=is_on,
        )
        for case in cases
    }


def recipients_of(letters: Iterable[Letter]) -> dict[int, Recipient]:
    """Letter pk -> who it is written to, at the letter's own mail address; one query for all."""
    of = {letter: letter.application_id for letter in letters}
    found = _rows_of(set(of.values()))
    return {
        letter.pk: _recipient(found[pk].applicant, found[pk], letter.recipient_email)
        for letter, pk in of.items()
    }


def way_to(applicant: Applicant) -> Way:
    """The way of the next letter to an applicant, in a pool that is no test; one query."""
    seats = Membership.objects.active().filter(applicant=OuterRef("pk"), user__is_active=True)
    rows = Applicant.objects.filter(pk=applicant.pk)
    row = rows.annotate(has_access=Exists(seats), **_told_of("pk")).get()
    recipient = _recipient(row, row, applicant.email)
    return choose(recipient, timezone.localdate(), is_on=bool(settings.DIGITAL_POST["url"]))


def _rows_of(cases: set[int]) -> dict[int, Any]:
    """The cases with what the choice hangs on: who may open one may not open another."""
    rows = Application.objects.filter(pk__in=cases).select_related("applicant")
    has_access = Membership.objects.acting()
    return rows.annotate(has_access=has_access, **_told_of("applicant")).in_bulk()


def _told_of(applicant: str) -> dict[str, Any]:
    return {
        "has_number": Exists(PersonNumber.objects.filter(applicant=OuterRef(applicant))),
        "born_on": born_on(applicant),
    }


def born_on(applicant: str) -> Subquery:
    """A column: when the person was born who applies alone; None of all others."""
    seats = Membership.objects.active().filter(
        applicant=OuterRef(applicant),
        applicant__kind=ApplicantKind.INDIVIDUAL,
        user__is_active=True,
        user__born_on__isnull=False,
    )
    return Subquery(seats.order_by("user__born_on").values("user__born_on")[:1])


def _recipient(who: Applicant, row: Any, email: str) -> Recipient:
    """``row``: with what was asked of it beside."""
    return Recipient(
        kind=who.kind,
        cvr=who.cvr,
        cvr_since=who.cvr_since,
        is_exempt=who.is_exempt,
        has_person_number=row.has_number,
        born_on=row.born_on,
        email=email,
        has_access=row.has_access,
    )
