"""An application on paper or by phone, taken in as one: applicant, case, files, receipt letter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from letters.channels import Recipient, choose, way_to
from letters.models import Channel
from pulje.actions.application.application import Line, register_on_behalf, save_draft, start_draft
from pulje.actions.application.registration import check_received, check_register, new_applicant
from pulje.actions.document import add_attachment
from pulje.forms.attachment import Upload
from pulje.models import Applicant, Application, Round, User
from pulje.queries.application.registration import registered_with
from workflow.hands import carry_out, lock_process, one_at_a_time

SAME_PAGE = timedelta(days=1)


@dataclass(frozen=True)
class Keyed:
    """What was keyed in. ``applicant`` is somebody we know, or the facts of somebody new."""

    round: Round
    received_at: datetime
    applicant: Applicant | Mapping[str, Any]
    fields: Mapping[str, Any]
    lines: Sequence[Line]
    uploads: Sequence[Upload]
    on_behalf_of: str
    token: str


def take_in(keyed: Keyed, *, by: User, at: datetime) -> tuple[Application, bool]:
    """The case, received on its own day, with the receipt letter queued; and whether it is new.

    The same page sent twice gives the same case. Raises NotAllowed to others than case workers and
    to who is disqualified, RuleBroken when it came too late or its number is here already.
    """
    with one_at_a_time():
        check_register(by)
        User.objects.select_for_update().get(pk=by.pk)  # one page at a time of one person
        if there := registered_with(keyed.token, by=by, since=at - SAME_PAGE):
            return there, False
        check_received(keyed.round, received_at=keyed.received_at, at=at)
        case = start_draft(
            keyed.round, _applicant(keyed, by), by=by, at=at, title=str(keyed.fields["title"])
        )
        lock_process(case)  # none yet: asked for before the case, as everywhere
        save_draft(case, by=by, at=at, fields=keyed.fields, lines=keyed.lines)
        for upload in keyed.uploads:
            add_attachment(case, by=by, at=at, **upload.facts)
        facts = {"received_at": keyed.received_at, "on_behalf_of": keyed.on_behalf_of}
        carry_out(register_on_behalf, case, by=by, at=at, token=keyed.token, **facts)
        return Application.objects.get(pk=case.pk), True


def is_out_of_reach(who: Applicant | Mapping[str, Any], *, email: str) -> bool:
    """True when no letter could be brought: it would go on paper, and there is no address.

    ``email``: of the contact, by which somebody who can log in is told.
    """
    if isinstance(who, Applicant):
        channel, _why = way_to(who)
        is_told = bool(email) and who.memberships.active().exists()
        return channel == Channel.PRINT and not is_told and not (who.street and who.postcode)
    recipient = Recipient(kind=who["kind"], cvr=who["cvr"], cvr_since=who["cvr_since"])
    is_on = bool(settings.DIGITAL_POST["url"])
    channel, _why = choose(recipient, timezone.localdate(), is_on=is_on)
    return channel == Channel.PRINT and not (who["street"] and who["postcode"])


def _applicant(keyed: Keyed, by: User) -> Applicant:
    if isinstance(keyed.applicant, Applicant):
        return keyed.applicant
    return new_applicant(by=by, **keyed.applicant)
