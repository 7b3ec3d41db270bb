"""The screening: each point is marked as in order or not."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.journal import note_down
from pulje.actions.state import lock
from pulje.errors import RuleBroken, WrongState
from pulje.models import Application, CheckMark, JournalEntry, User
from pulje.permissions import check_not_disqualified, check_other
from pulje.queries.casework.checklist import Point, checklist_of, names, not_fine, unmarked
from pulje.states import CaseState

CHECKED = "checked"
LONGEST_NOTE = 300


@transaction.atomic
def mark(
    application: Application, *, by: User, at: datetime, key: str, is_fine: bool, note: str = ""
) -> JournalEntry | None:
    """Say of one point whether it is in order; said again it stands instead. None: as it was.

    Raises WrongState when the case is not being screened, RuleBroken when the point is not there
    or what is not in order has no remark.
    """
    check_other(by, "check_case")
    application = lock(application)
    check_not_disqualified(by, application)
    if application.state != CaseState.SUBMITTED:
        raise WrongState(_("Tjeklisten kan kun udfyldes, mens sagen er modtaget."))
    point = next((one for one in checklist_of(application) if one.key == key), None)
    note = "" if is_fine else note.strip()
    if point is None:
        raise RuleBroken(_("Punktet er ikke på tjeklisten mere. Genindlæs siden."))
    if not is_fine and not note:
        raise RuleBroken(_("Skriv, hvad der ikke er i orden ved ”%s”.") % point.name)
    if (point.is_fine, point.note) == (is_fine, note):
        return None
    _write(application, [point], by, at, is_fine=is_fine, note=note)
    said = "i orden" if is_fine else "ikke i orden"
    return note_down(
        application,
        CHECKED,
        by=by,
        at=at,
        data={"point": key, "reason": f"{point.name} er {said}"},
    )


def check_screened(application: Application, *, by: User, at: datetime, rest_is_fine: bool) -> None:
    """Promise that every point is in order; ``rest_is_fine`` says so of those without a mark.

    Raises RuleBroken with the names of the points that are not.
    """
    points = checklist_of(application)
    if wrong := not_fine(points):
        raise RuleBroken(
            _("Det er ikke i orden endnu: %s. Bed om oplysninger, eller ret tjeklisten.")
            % names(wrong)
        )
    rest = unmarked(points)
    if rest and not rest_is_fine:
        raise RuleBroken(_("Tjek først: %s.") % names(rest))
    _write(application, rest, by, at, is_fine=True, note="")


def _write(
    application: Application,
    points: Iterable[Point],
    by: User,
    at: datetime,
    *,
    is_fine: bool,
    note: str,
) -> None:
    CheckMark.objects.bulk_create(
        [
            CheckMark(
                application=application,
                key=point.key,
                is_fine=is_fine,
                note=note[:LONGEST_NOTE],
                checked_at=at,
                checked_by=by,
            )
            for point in points
        ],
        update_conflicts=True,
        unique_fields=["application", "key"],
        update_fields=["is_fine", "note", "checked_at", "checked_by"],
    )
