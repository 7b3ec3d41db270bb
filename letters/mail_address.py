"""Where a mail that tells of a letter reaches somebody who can open the case."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pulje.models import Application, Membership
from pulje.models.user import reaches


@dataclass
class Seats:
    """An applicant's people: the addresses of confirmed members, and of those who have left."""

    members: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    def reached(self, *addresses: str) -> str:
        """The first of the addresses that is not of somebody who has left, else a member's."""
        known = [one for one in addresses if one]
        still = [one for one in known if one.lower() not in self.left]
        return next(iter([*still, *self.members] if known else []), "")


def seats_of(applicants: Iterable[int]) -> dict[int, Seats]:
    """Applicant pk -> its people, those who bind it first; one query for all."""
    found: dict[int, Seats] = defaultdict(Seats)
    here: set[tuple[int, str]] = set()
    rows = Membership.objects.filter(applicant__in=set(applicants)).order_by("-may_sign", "pk")
    for seat in rows.select_related("user"):
        seats, email = found[seat.applicant_id], seat.user.email
        if seat.ended_on is None and seat.user.is_active:
            here.add((seat.applicant_id, email.lower()))
            seats.members += [email] if seat.confirmed_at and reaches(email) else []
        else:
            seats.left.add(email.lower())
    for applicant, email in here:
        found[applicant].left.discard(email)
    return found


def mail_addresses(cases: Iterable[Application]) -> dict[int, str]:
    """Case pk -> the contact person's address, else the applicant's own, else a member's; none of
    somebody who has left the applicant, and empty when nobody is reached. One query for all."""
    cases = list(cases)
    seats = seats_of(case.applicant_id for case in cases)
    return {
        case.pk: seats[case.applicant_id].reached(case.contact_email, case.applicant.email)
        for case in cases
    }
