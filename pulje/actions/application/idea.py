"""Who a project is done with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from pulje.actions.application.application import check_open_to
from pulje.actions.state import lock
from pulje.models import Application, Partner, User


@transaction.atomic
def keep_partners(
    application: Application, rows: Sequence[Mapping[str, Any]], *, by: User
) -> list[Partner]:
    """The partners as typed, in their order. A leader's answer stays with the same partner.

    Raises NotAllowed to a stranger, WrongState when the case has left the applicant.
    """
    application = lock(application)
    check_open_to(by, application)
    known = {(row.name, row.leader_email): row for row in application.partners.order_by("pk")}
    kept = []
    for position, row in enumerate(rows, start=1):
        partner = known.pop((row["name"], row["leader_email"]), None) or Partner()
        partner.application, partner.position = application, position
        for name, value in row.items():
            setattr(partner, name, value)
        partner.save()
        kept.append(partner)
    application.partners.exclude(pk__in=[partner.pk for partner in kept]).delete()
    return kept
