"""A colleague who is away with Karl as substitute, an application on paper, and a saved view."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from pulje.actions.application.application import Line
from pulje.actions.casework.absence import set_absence
from pulje.actions.casework.handover import assign
from pulje.actions.casework.saved_view import save_view
from pulje.enums import ApplicantKind, Channel, LineKind, Role
from pulje.models import Application, User
from pulje.queries.application.registration import rounds_to_choose
from pulje.states import CaseState
from workflow.hands import carry_out
from workflow.registering import Keyed, take_in


def leave_to_the_substitute(staff: Mapping[str, User], at: datetime) -> None:
    """Jonas is on leave for two weeks; Karl sees his three cases among his own."""
    jonas = User.objects.create(
        email="jonas@puljer.example",
        name="Jonas Krag",
        title="Sagsbehandler, Kulturområdet",
        roles=[Role.CASE_WORKER],
        password="!",
    )
    todo = Application.objects.filter(state=CaseState.SUBMITTED, pool__is_test=False)
    for case in todo.order_by("due_on", "pk")[2:5]:
        carry_out(assign, case, by=staff["dora"], at=at, to=jonas)
    today = timezone.localdate(at)
    set_absence(
        jonas,
        by=staff["dora"],
        at=at,
        substitute=staff["karl"],
        from_on=today - timedelta(days=3),
        until_on=today + timedelta(days=11),
    )
    save_view(staff["karl"], name="Nye i teamet", path="/sag/", query="vis=team&status=SUBMITTED")
    _came_on_paper(staff["karl"], at)


def _came_on_paper(karl: User, at: datetime) -> None:
    """Nobody has it yet."""
    round = next((one for one in rounds_to_choose(at) if not one.pool.is_test), None)
    if round is None:
        return
    came_at = max(round.opens_at, at - timedelta(days=2))
    amount = Decimal("6500.00")
    keyed = Keyed(
        round=round,
        received_at=min(came_at, round.closes_at or came_at),
        applicant={
            "kind": ApplicantKind.INFORMAL_GROUP,
            "name": "Torsdagsholdet i Høsterkøb",
            "street": "Skovvej 4",
            "postcode": "2970",
            "town": "Hørsholm",
            "phone": "45123456",
        },
        fields={
            "title": "Gåtur og kaffe hver torsdag",
            "summary": "Vi går en tur sammen og drikker kaffe bagefter.",
            "description": "Vi er ni, der er holdt op med at arbejde. Hver torsdag går vi en tur i "
            "Rude Skov, og bagefter er der kaffe. Vi vil gerne have flere med.",
            "requested_kr": amount,
            "contact_name": "Inger Overmark",
            "contact_phone": "45123456",
            "channel": Channel.PAPER,
        },
        lines=[Line(LineKind.EXPENSE, "Kaffe, brød og en vogn til termokander", amount)],
        uploads=[],
        on_behalf_of="Torsdagsholdet i Høsterkøb",
        token="demo",
    )
    take_in(keyed, by=karl, at=at)
