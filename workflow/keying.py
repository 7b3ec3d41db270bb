"""An answer that came on paper or by phone, taken in as one: its files and the applicant's verb."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pulje.actions.document import add_attachment
from pulje.actions.on_behalf import OnBehalf
from pulje.errors import WrongState
from pulje.forms.attachment import Upload
from pulje.models import Application, JournalEntry, User
from workflow.hands import Action, carry_out, lock_whole, one_at_a_time
from workflow.keyed import check_key_in
from workflow.told import Telling, telling, with_telling

HELD = "Brevet om afgørelsen er ikke sendt endnu, så der er ikke noget at svare på."


def key_in(
    case: Application,
    name: str,
    action: Action,
    *,
    by: User,
    at: datetime,
    keyed: OnBehalf,
    uploads: Sequence[Upload],
    **facts: Any,
) -> JournalEntry | None:
    """Do the verb for the applicant with the papers it came on; all of it or nothing.

    Raises what the action raises, and WrongState while the decision's letter has not left.
    """
    with one_at_a_time():
        locked = lock_whole(case)
        check_key_in(name, locked, by)
        if telling(with_telling(Application.objects.filter(pk=case.pk)).get()) == Telling.HELD:
            raise WrongState(HELD)
        for upload in uploads:
            add_attachment(locked, by=by, at=at, **upload.facts)
        return carry_out(action, case, by=by, at=at, keyed=keyed, **facts)
