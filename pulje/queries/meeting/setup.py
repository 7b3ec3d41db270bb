"""The committees, and who sits in one: now, soon and before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from pulje.enums import AgendaSection, CommitteeRole
from pulje.models import Committee, CommitteeMember, User
from pulje.rules.quorum import least_quorum

ORDER = list(CommitteeRole)
NOT_VOTING = (CommitteeRole.SECRETARY, CommitteeRole.SUBSTITUTE)


@dataclass(frozen=True)
class CommitteePage:
    """A committee with its seats in the order of the offices, and what does not hold."""

    committee: Committee
    seats: Sequence[CommitteeMember]  # held today
    soon: Sequence[CommitteeMember]
    former: Sequence[CommitteeMember]
    headings: Sequence[str]
    warnings: Sequence[str]


def committees(today: date) -> QuerySet[Committee]:
    """All of them, with how many vote in each today (``voting``)."""
    held = Q(seats__started_on__lte=today) & (
        Q(seats__ended_on=None) | Q(seats__ended_on__gte=today)
    )
    voting = Count("seats", filter=held & ~Q(seats__role__in=NOT_VOTING))
    return Committee.objects.annotate(voting=voting).order_by("name")


def page_of(committee: Committee, today: date) -> CommitteePage:
    """Two queries. A seat that ended before it began is left out: it was never held."""
    rows = committee.seats.select_related("user").order_by("user__name", "pk")
    real = [seat for seat in rows if seat.ended_on is None or seat.ended_on >= seat.started_on]
    by_office = sorted(real, key=lambda seat: ORDER.index(CommitteeRole(seat.role)))
    former = [seat for seat in by_office if seat.ended_on and seat.ended_on < today]
    held = [seat for seat in by_office if seat.started_on <= today and seat not in former]
    return CommitteePage(
        committee,
        seats=held,
        soon=[seat for seat in by_office if seat.started_on > today],
        former=sorted(former, key=lambda seat: seat.ended_on or today, reverse=True),
        headings=[title for _section, title in headings_of(committee)],
        warnings=_warnings(committee, held),
    )


def headings_of(committee: Committee) -> list[tuple[str, str]]:
    """(section, heading) in the committee's order; the usual ones where it has none of its own."""
    own = list(committee.headings.order_by("position").values_list("section", "title"))
    return own or [(section.value, str(section.label)) for section in AgendaSection]


def seatable() -> QuerySet[User]:
    """Who can be given a seat: people of the house and of the committees, also the former."""
    known = Q(roles__len__gt=0) | Q(pk__in=CommitteeMember.objects.values("user"))
    return User.objects.filter(known, is_active=True).order_by("name", "pk")


def _warnings(committee: Committee, held: Sequence[CommitteeMember]) -> list[str]:
    roles = [seat.role for seat in held]
    members = sum(role not in NOT_VOTING for role in roles)
    least, quorum = least_quorum(members), committee.quorum
    said = {
        "Udvalget har ingen formand.": CommitteeRole.CHAIR not in roles,
        "Udvalget har ingen sekretær.": CommitteeRole.SECRETARY not in roles,
        f"Udvalget har {members} medlemmer, men skal være {quorum} for at kunne beslutte.": (
            quorum > members
        ),
        f"Der står {quorum}, men mindst halvdelen af medlemmerne skal være til stede, så møderne"
        f" kræver {least} (kommunestyrelsesloven § 20).": quorum < least,
    }
    return [sentence for sentence, is_so in said.items() if is_so]
