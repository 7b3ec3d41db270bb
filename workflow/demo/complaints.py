"""Who is not content with an answer, and the pool's own texts for asking."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from pulje.actions import document
from pulje.actions.decision import appeal
from pulje.enums import AppealState, DecidedBy, Outcome, PhraseKind
from pulje.models import Application, Decision, Phrase, PoolVersion, User
from pulje.states import CaseState
from workflow.hands import carry_out

TEXTS = (
    (
        PhraseKind.INFORMATION,
        "Vedtægter mangler",
        "Vi mangler foreningens vedtægter. Send dem som PDF, gerne med underskrifter.",
        None,
    ),
    (
        PhraseKind.INFORMATION,
        "Budgettet går ikke op",
        "Udgifter og indtægter i budgettet er ikke lige store. Ret det, der er galt, eller skriv, "
        "hvor resten af pengene kommer fra.",
        7,
    ),
    (
        PhraseKind.INFORMATION,
        "Datoer og sted",
        "Skriv, hvornår og hvor det foregår. Er det ikke på plads endnu, så skriv, hvornår det er.",
        21,
    ),
    (
        PhraseKind.HEARING,
        "Lokalet kan ikke bruges",
        "Vi har fået oplyst, at det lokale, der står i ansøgningen, ikke kan bruges i perioden.",
        None,
    ),
    (
        PhraseKind.HEARING,
        "Rapport mangler i en anden pulje",
        "Vi har fået oplyst, at rapporten for et tidligere tilskud ikke er afleveret.",
        10,
    ),
)
PART = (
    "Vi kan ikke forstå, at vi kun får en del. I bilag 2 står det tilbud, vi har fået på lokalet, "
    "og det er ikke talt med. Kan I se på det igen?"
)
NONE = (
    "Vi tror, I har læst os forkert. Det hele foregår her i byen, og alle kan være med, det stod "
    "bare ikke tydeligt. Vi vil gerne have sagen vurderet igen."
)
ANGRY = (
    "Nej tak til det svar! Andre i samme gade fik det hele. Vi beder om, at sagen bliver set på af "
    "en anden."
)


def leave_complaints(staff: Mapping[str, User], at: datetime) -> None:
    """One to register, one to assess, one for the committee's secretary, and one that gave more."""
    Phrase.objects.bulk_create(
        Phrase(version=version, kind=kind, name=name, text=text, days=days)
        for version in PoolVersion.objects.order_by("pk")
        for kind, name, text, days in TEXTS
    )
    by_leader = _decided(DecidedBy.DELEGATION, CaseState.REJECTED)[:2]
    by_committee = _decided(DecidedBy.COMMITTEE, CaseState.APPROVED, CaseState.PAID)[:2]
    for decision, step in zip(by_leader, (_received, _written), strict=False):
        step(decision.application, staff, at)
    for decision, step in zip(by_committee, (_assessed, _changed), strict=False):
        step(decision.application, staff, at)


def _decided(body: DecidedBy, *states: CaseState) -> QuerySet[Decision]:
    """Decisions that gave less than was asked for, the newest first."""
    rows = Decision.objects.filter(body=body, is_current=True, application__state__in=states)
    less = rows.exclude(outcome=Outcome.GRANTED).filter(application__change_requests=None)
    return less.select_related("application__applicant").order_by("-decided_at", "-pk")


def _written(case: Application, staff: Mapping[str, User], at: datetime) -> None:
    """A message that is a complaint; nobody has registered it yet."""
    writer = case.applicant.memberships.signing().select_related("user").order_by("pk")[0].user
    document.write_message(case, by=writer, at=at, text=ANGRY)


def _received(case: Application, staff: Mapping[str, User], at: datetime) -> None:
    day = max(at - timedelta(days=9), case.decisions.get(is_current=True).decided_at)
    carry_out(
        appeal.receive_appeal,
        case,
        by=staff["karl"],
        at=at,
        received_on=timezone.localdate(day),
        text=PART if case.granted_kr else NONE,
        complainant=case.contact_name,
    )


def _assessed(case: Application, staff: Mapping[str, User], at: datetime) -> None:
    _received(case, staff, at)
    carry_out(
        appeal.assess_appeal,
        case,
        by=staff["rie"],
        at=at,
        assessment="Tilbuddet på lokalet lå i bilag 2 og er ikke talt med i indstillingen. Med det "
        "er budgettet højere, og sagen ligner to andre, der fik det hele.",
    )


def _changed(case: Application, staff: Mapping[str, User], at: datetime) -> None:
    _assessed(case, staff, at)
    carry_out(
        appeal.answer_appeal,
        case,
        by=staff["sanne"],
        at=at,
        outcome=AppealState.CHANGED,
        amount_kr=case.requested_kr,
        answer="Tilbuddet på lokalet var ikke talt med. Det er det nu, og derfor giver vi det, der "
        "er søgt om.",
    )
