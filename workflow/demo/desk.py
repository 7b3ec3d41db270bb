"""What lies on a case worker's desk in the new town: half a checklist, notes, who has looked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pulje.actions.application.attachment import review
from pulje.actions.casework.checklist import mark
from pulje.actions.document import write_message, write_note
from pulje.actions.meeting.reading import note_reading
from pulje.enums import AttachmentReview
from pulje.models import Application, User
from pulje.states import OPEN, CaseState

FINE = ("who", "right", "idea", "interest", "core_task")


def leave_on_the_desk(staff: Mapping[str, User], at: datetime) -> None:
    """The newest cases as they are in the middle of a working day."""
    newest = Application.objects.filter(state__in=OPEN).order_by("-pk")
    for number, case in enumerate(newest[:30]):
        for name in ("karl", "rie", "dora")[: 1 + number % 3]:
            note_reading(case, by=staff[name], at=at - timedelta(days=number % 4))
    received = newest.filter(state=CaseState.SUBMITTED)
    for case in received[:2]:
        _half_screened(case, staff["karl"], at)
    answered = received.exclude(information_requests=None).first()
    if answered is not None:
        _looked_through(answered, staff["karl"], at)


def _half_screened(case: Application, karl: User, at: datetime) -> None:
    for key in FINE:
        mark(case, by=karl, at=at, key=key, is_fine=True)
    said = "Lejen af lokalet står både som udgift og som egenfinansiering."
    mark(case, by=karl, at=at, key="budget", is_fine=False, note=said)
    text = "Ringede til kontaktpersonen. Lokalet er gratis, så posten skal ud af budgettet."
    write_note(case, by=karl, at=at, text=text, is_phone_call=True)


def _looked_through(case: Application, karl: User, at: datetime) -> None:
    """The bylaws came again, and they will do."""
    file = case.attachments.order_by("-pk").first()
    if file is not None:
        review(file, by=karl, at=at, review=AttachmentReview.ACCEPTED)
    write_message(case, by=karl, at=at, text="Tak, nu kan vi læse vedtægterne. Vi går videre.")
