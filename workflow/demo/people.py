"""The demo's people and applicants. One password for all, in development only."""

import random
from collections.abc import Iterator
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from pulje.enums import ApplicantKind, MemberRole, RightProof, Role
from pulje.models import Applicant, Identity, Membership, User
from workflow.demo.words import FIRST_NAMES, LAST_NAMES, PROJECTS, STREETS, TOWNS

PASSWORD = "pulje-demo-2027"
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
TWO_MUST_SIGN = (2, 8, 21)  # which of the applicants; Asta sits in the first

# first name, last name, title, roles
STAFF = (
    ("Karl", "Mosegård", "Sagsbehandler, Kulturområdet", [Role.CASE_WORKER]),
    ("Rie", "Granlund", "Sagsbehandler, Kulturområdet", [Role.CASE_WORKER]),
    ("Dora", "Egeberg", "Leder, Kulturområdet", [Role.LEADER]),
    ("Fie", "Isbrand", "Økonomikonsulent", [Role.FINANCE]),
    ("Sanne", "Vestermark", "Udvalgssekretær", [Role.SECRETARY]),
    ("Karen", "Agerskov", "Formand for udvalget", [Role.COMMITTEE_MEMBER, Role.SECRETARY]),
    ("Mads", "Kildedal", "Næstformand i udvalget", [Role.COMMITTEE_MEMBER]),
    ("Alba", "Tangmose", "Systemadministrator", [Role.ADMINISTRATOR]),
)
SUBSTITUTE = "Preben Ellemose"
MEMBERS = ("Ejler Lindskov", "Gerda Pilegren", "Hakon Ulvedal", "Jytte Åkilde")


def make_staff() -> dict[str, User]:
    """Everybody with a task, by first name in lower case, and the rest of the committee."""
    secret = make_password(PASSWORD)
    people = [
        User(
            email=f"{first.lower()}@puljer.example",
            name=f"{first} {last}",
            title=title,
            roles=roles,
            is_staff=Role.ADMINISTRATOR in roles,
            is_superuser=Role.ADMINISTRATOR in roles,
            password=secret,
        )
        for first, last, title, roles in STAFF
    ]
    people += [
        User(
            email=f"{name.split()[0].lower()}@puljer.example",
            name=name,
            title="Stedfortræder i udvalget" if name == SUBSTITUTE else "Medlem af udvalget",
            roles=[Role.COMMITTEE_MEMBER],
            password=secret,
        )
        for name in (*MEMBERS, SUBSTITUTE)
    ]
    people += [
        User(email="asta@puljer.example", name="Asta Rosenvang", password=secret),
        User(email="ulla@puljer.example", name="Ulla Birkholt", password=secret),
    ]
    User.objects.bulk_create(people)
    return {user.email.partition("@")[0]: user for user in people}


def make_applicants(dice: random.Random, asta: User, ulla: User, today: date) -> list[Applicant]:
    """Sixty invented applicants in the mix of domain.md A8; Asta sits in six of them."""
    kinds = _kinds()
    cvrs = _cvr_numbers()
    applicants = []
    groups = [(project[0], town) for town in TOWNS for project in PROJECTS]
    dice.shuffle(groups)
    for number, (group, town) in enumerate(groups[:60]):
        kind = next(kinds)
        has_cvr = kind not in (ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)
        person = f"{FIRST_NAMES[number % 30]} {LAST_NAMES[(number * 7) % 20]}"
        applicants.append(
            Applicant(
                kind=kind,
                name=person if kind == ApplicantKind.INDIVIDUAL else f"{group} {town}",
                cvr=next(cvrs) if has_cvr else "",
                street=f"{dice.choice(STREETS)} {dice.randint(1, 90)}",
                postcode=TOWNS[town],
                town=town,
                email=f"kontakt{number + 1}@forening.example",
                phone=f"12 34 56 {max(number, 1):02}",  # two have the same: a flag to be seen
            )
        )
    Applicant.objects.bulk_create(applicants)
    _make_members(applicants, asta, ulla, today)
    _make_seconds(applicants, today)
    return applicants


def _make_members(applicants: list[Applicant], asta: User, ulla: User, today: date) -> None:
    writers = [
        User(
            email=applicant.email,
            name=f"{FIRST_NAMES[(n * 11) % 30]} {LAST_NAMES[(n * 3) % 20]}",
            password="!",
        )
        for n, applicant in enumerate(applicants)
    ]
    User.objects.bulk_create(writers)
    seats = [(a, u, _first_role(a)) for a, u in zip(applicants, writers, strict=True)]
    seats += [(applicant, asta, MemberRole.CHAIR) for applicant in applicants[:6]]
    seats += [(applicant, ulla, MemberRole.CHAIR) for applicant in applicants[6:8]]
    _seat(seats, today)
    _identify([*writers, asta, ulla])


def _make_seconds(applicants: list[Applicant], today: date) -> None:
    """A network has one more person; some associations have a treasurer who must sign too."""
    two = [applicants[number] for number in TWO_MUST_SIGN]
    Applicant.objects.filter(pk__in=[applicant.pk for applicant in two]).update(two_must_sign=True)
    networks = [a for a in applicants if a.kind == ApplicantKind.INFORMAL_GROUP]
    lacking = [*two[1:], *networks]  # Asta is the second of the first
    seconds = [
        User(
            email=f"makker{n}@forening.example",
            name=f"{FIRST_NAMES[(n * 7) % 30]} {LAST_NAMES[(n * 11) % 20]}",
            password="!",
        )
        for n, _applicant in enumerate(lacking, start=1)
    ]
    User.objects.bulk_create(seconds)
    roles = [MemberRole.TREASURER] * len(two[1:]) + [MemberRole.WRITER] * len(networks)
    _seat(list(zip(lacking, seconds, roles, strict=True)), today)
    _identify(seconds)


def _first_role(applicant: Applicant) -> MemberRole:
    alone = (ApplicantKind.INFORMAL_GROUP, ApplicantKind.INDIVIDUAL)
    return MemberRole.RESPONSIBLE if applicant.kind in alone else MemberRole.CHAIR


def _seat(seats: list[tuple[Applicant, User, MemberRole]], today: date) -> None:
    Membership.objects.bulk_create(
        Membership(
            applicant=applicant,
            user=user,
            role=role,
            may_sign=role != MemberRole.WRITER,
            started_on=date(today.year - 3, 1, 1),
            confirmed_at=timezone.now(),
            proof=RightProof.DOCUMENT,
        )
        for applicant, user, role in seats
    )


def _identify(people: list[User]) -> None:
    Identity.objects.bulk_create(
        Identity(
            user=user,
            issuer="demo",
            subject=user.email,
            name=user.name,
            loa="substantial",
            first_seen_at=timezone.now(),
            last_seen_at=timezone.now(),
        )
        for user in people
    )


def _kinds() -> Iterator[ApplicantKind]:
    mix = (
        [ApplicantKind.ASSOCIATION] * 12
        + [ApplicantKind.INFORMAL_GROUP] * 4
        + [ApplicantKind.INDIVIDUAL] * 2
        + [ApplicantKind.SELF_GOVERNING_INSTITUTION] * 2
    )
    while True:
        yield from mix


def _cvr_numbers() -> Iterator[str]:
    """Numbers that pass the check and lie where no company has been numbered."""
    for number in range(99_000_000, 99_999_999):
        digits = [int(c) for c in str(number)]
        if sum(map(int.__mul__, CVR_WEIGHTS, digits)) % 11 == 0:
            yield str(number)
