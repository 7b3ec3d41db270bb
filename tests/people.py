"""The people of every test and of the demo. Each function finds the person or makes it."""

from datetime import UTC, date, datetime

from django.utils import timezone

from pulje.enums import MemberRole, RightProof, Role
from pulje.models import Applicant, Identity, Membership, User

PASSWORD = "pulje-demo-2027"  # noqa: S105 (tests and demo only)


def person(name: str, *roles: Role) -> User:
    """The person with this name; the e-mail follows from it."""
    email = f"{name.lower()}@puljer.example"
    found = User.objects.filter(email=email).first()
    return found or _new(email, name, roles)


def _new(email: str, name: str, roles: tuple[Role, ...]) -> User:
    user = User.objects.create_user(email, PASSWORD, name=name, roles=list(roles))
    if not roles:
        identified(user)
    return user


def identified(user: User) -> User:
    """The person has logged in with MitID, and may do what binds an applicant."""
    now = timezone.now()
    Identity.objects.get_or_create(
        issuer="demo",
        subject=user.email,
        defaults={"user": user, "name": user.name, "first_seen_at": now, "last_seen_at": now},
    )
    return user


def seat(applicant: Applicant, user: User, **fields: object) -> Membership:
    """A confirmed place for the person at the applicant; ``may_sign=True`` to bind it."""
    told = {
        "role": MemberRole.WRITER,
        "started_on": date(2020, 1, 1),
        "confirmed_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
        "proof": RightProof.DOCUMENT,
    } | fields
    return Membership.objects.create(applicant=applicant, user=user, **told)


def asta() -> User:
    """Applicant: chair of the association, with the right to act."""
    return person("Asta")


def karl() -> User:
    """Case worker."""
    return person("Karl", Role.CASE_WORKER)


def rie() -> User:
    """Reviewer; a case worker as well."""
    return person("Rie", Role.CASE_WORKER)


def dora() -> User:
    """Leader: decides within the delegation."""
    return person("Dora", Role.LEADER)


def karen() -> User:
    """Chair of the committee: a member who may record what it decides, as the secretary may."""
    return person("Karen", Role.COMMITTEE_MEMBER, Role.SECRETARY)


def mads() -> User:
    """Member of the committee and its vice chair."""
    return person("Mads", Role.COMMITTEE_MEMBER)


def sanne() -> User:
    """The committee's secretary: records what it decides."""
    return person("Sanne", Role.SECRETARY)


def fie() -> User:
    """Finance."""
    return person("Fie", Role.FINANCE)


def ulla() -> User:
    """A stranger: can log in, belongs nowhere."""
    return person("Ulla")


EVERYBODY = (asta, karl, rie, dora, mads, sanne, fie, ulla)
