"""The numbered items of an agenda, one per pool: their order, words, and whether doors are closed.

A case's number is its place in the whole meeting: point by point, as the cases are ordered in it.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.meeting.at_meeting import lock_meeting, touch
from pulje.enums import AgendaSection, ItemOutcome, MeetingState
from pulje.errors import WrongState
from pulje.models import AgendaItem, AgendaPoint, Meeting, User
from pulje.permissions import check_other
from pulje.rules.texts import is_blank


@transaction.atomic
def write_texts(
    point: AgendaPoint, *, by: User, title: str, is_closed: bool, texts: Mapping[str, str]
) -> AgendaPoint:
    """The point's own words: {AgendaSection: text}; a section without is written from the facts.

    Raises WrongState once the committee has been given the agenda, unless all in it came later.
    """
    check_other(by, "prepare_meeting")
    meeting = lock_meeting(point.meeting)
    point = meeting.points.get(pk=point.pk)
    cases = meeting.items.filter(application__pool=point.pool_id)
    if meeting.state == MeetingState.LOCKED and cases.filter(is_late=False).exists():
        raise WrongState(_("Dagsordenen er låst, så teksterne kan ikke ændres. Lås den op."))
    point.title, point.is_closed = "" if is_blank(title) else title, is_closed
    point.texts = {
        section: text for section, text in texts.items() if AgendaSection(section) and text.strip()
    }
    point.save(update_fields=["title", "is_closed", "texts"])
    touch(meeting)
    return point


def announce(meeting: Meeting, text: str | None) -> None:
    """The words of the agenda's first item; None is as they stand. The meeting is locked."""
    if text is not None:
        meeting.announcements = text
        meeting.save(update_fields=["announcements"])


def is_open(meeting: Meeting) -> bool:
    """True while the order may change: nothing is locked, and no case has a ruling."""
    is_planned = meeting.state == MeetingState.PLANNED
    return is_planned and not meeting.items.filter(rulings__isnull=False).exists()


def order_points(meeting: Meeting, pools: Sequence[int]) -> None:
    """Number the points by the order of their pools; the caller has locked the meeting."""
    place = {pool: number for number, pool in enumerate(pools)}
    points = list(meeting.points.order_by("position"))
    points.sort(key=lambda point: place.get(point.pool_id, len(place)))
    for number, point in enumerate(points, start=1):
        point.position = number
    AgendaPoint.objects.bulk_update(points, ["position"])


def renumber(meeting: Meeting, applications: Sequence[int] = ()) -> None:
    """Number the cases point by point, those off the agenda last; the meeting is locked."""
    place = {application: number for number, application in enumerate(applications)}
    points = dict(meeting.points.values_list("pool_id", "position"))
    items = list(meeting.items.select_related("application").order_by("position"))
    items.sort(
        key=lambda item: (
            item.outcome != ItemOutcome.PENDING,
            points.get(item.application.pool_id, len(points) + 1),
            place.get(item.application_id, len(place)),
        )
    )
    for number, item in enumerate(items, start=1):
        item.position = number
    AgendaItem.objects.bulk_update(items, ["position"], batch_size=500)
