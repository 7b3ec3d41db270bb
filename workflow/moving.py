"""Moving a case to another pool, and telling its applicant so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.application.move_pool import move_pool
from pulje.models import Application, JournalEntry, Round, User
from pulje.permissions import somebody_acts
from workflow import talk


@transaction.atomic
def move_and_tell(
    application: Application, *, by: User, at: datetime, round: Round, consent: str
) -> JournalEntry:
    """``move_pool`` with a message on the case, where one can be read; raises what it raises."""
    entry = move_pool(application, by=by, at=at, round=round, consent=consent)
    case = entry.application
    if not somebody_acts(case):
        return entry
    facts = {"pool": f"{round.pool.name} {round.pool.year}", "number": case.number}
    if case.applicant.is_one_person:
        text = _(
            "Vi har flyttet din ansøgning til %(pool)s, som vi aftalte. Den har nu sagsnummer"
            " %(number)s. Du skal ikke gøre noget."
        )
    else:
        text = _(
            "Vi har flyttet jeres ansøgning til %(pool)s, som vi aftalte. Den har nu sagsnummer"
            " %(number)s. I skal ikke gøre noget."
        )
    talk.say(case, by=by, at=at, text=text % facts)
    return entry
