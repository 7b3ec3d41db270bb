"""The people of every test and of the demo. Each function finds the person or makes it."""

from pulje.enums import Role
from pulje.models import User

PASSWORD = "pulje-demo-2027"  # noqa: S105 (tests and demo only)


def person(name: str, *roles: Role) -> User:
    """The person with this name; the e-mail follows from it."""
    email = f"{name.lower()}@puljer.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, PASSWORD, name=name, roles=list(roles))


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


def mads() -> User:
    """Member of the committee."""
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
