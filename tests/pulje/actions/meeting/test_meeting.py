from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.casework import recommendation
from pulje.actions.meeting import meeting as actions
from pulje.actions.meeting.ruling import record_ruling
from pulje.enums import ItemOutcome
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Committee
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, case_in, walk_to
from tests.pulje.actions.telling import refuses

S = CaseState
LARGE = Decimal(40_000)


def planned(now, committee=None):
    return actions.plan_meeting(
        committee or a_committee(), by=people.sanne(), held_at=now, place="Rådhuset"
    )


def test_plan_meeting(now):
    meeting = planned(now)

    assert (meeting.state, meeting.place) == ("PLANNED", "Rådhuset")
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.plan_meeting(a_committee(), by=people.mads(), held_at=now, place="")


def test_put_on_agenda_adds_after_those_there(now):
    meeting = planned(now)
    first, second = (case_in(S.RECOMMENDED, requested_kr=LARGE) for _n in range(2))

    actions.put_on_agenda(meeting, [first], by=people.karl())
    actions.put_on_agenda(meeting, [second], by=people.karl())

    assert list(
        meeting.items.order_by("position").values_list("position", "application", "amount_kr")
    ) == [(1, first.pk, LARGE), (2, second.pk, LARGE)]


def test_put_on_agenda_refuses(now):
    case, early = case_in(S.RECOMMENDED, requested_kr=LARGE), case_in(S.REVIEWED)
    other = Committee.objects.create(
        name="Socialudvalget", short_name="SU", slug="socialudvalget", quorum=3
    )
    meeting, elsewhere = planned(now), planned(now, other)
    actions.put_on_agenda(meeting, [case], by=people.karl())

    with refuses(
        RuleBroken,
        "Sagen er ikke indstillet, eller den er allerede på en dagsorden:"
        f" {early.number}, {case.number}",
    ):
        actions.put_on_agenda(meeting, [early, case], by=people.karl())
    with refuses(RuleBroken, f"Et andet udvalg skal afgøre {case.number}"):
        actions.put_on_agenda(elsewhere, [case], by=people.karl())
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.put_on_agenda(meeting, [early], by=people.fie())


def test_case_taken_up_comes_on_the_next_meeting_not_the_same(now):
    walk = walk_to(S.RECOMMENDED, requested_kr=LARGE)
    meeting = a_meeting([walk.case])
    said = {"outcome": ItemOutcome.POSTPONED, "reasons": "Afvent svar"}
    record_ruling(meeting.items.get(), by=people.sanne(), at=now, **said)
    walk.do(recommendation.send_back, people.sanne(), reason="Afvent svar")
    walk.recommend()
    case = walk.case

    with refuses(RuleBroken, "Sagen er ikke indstillet, eller den er allerede på en dagsorden"):
        actions.put_on_agenda(meeting, [case], by=people.karl())

    (item,) = actions.put_on_agenda(planned(now), [case], by=people.karl())
    assert item.outcome == "PENDING"


def test_record_attendance(now):
    meeting = planned(now)

    actions.record_attendance(
        meeting, by=people.sanne(), at=meeting.held_at, present=[people.mads()]
    )

    assert list(meeting.present.order_by("pk")) == [people.mads()]
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.record_attendance(meeting, by=people.karl(), at=now, present=[])


def test_a_meeting_at_short_notice_is_not_locked_before_it_is_made(now):
    today = timezone.localdate(now)

    def due(days):
        return planned(now + timedelta(days=days)).agenda_due_on

    usual = a_committee().agenda_days
    assert due(usual) == today
    assert due(usual - 1) == today + timedelta(days=usual - 1)
    assert due(usual + 1) == today + timedelta(days=1)
