"""The only writer of a case's state."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.journal import chain
from pulje.actions.on_behalf import OnBehalf, check_keyed
from pulje.enums import AssessmentState
from pulje.errors import WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_may
from pulje.states import STEPS, CaseState, Verb

# the state, and the facts that a state seals (models/application.py, constraints)
SEALED = [
    "state",
    "number",
    "submitted_at",
    "submitted_by",
    "is_late",
    "points",
    "granted_kr",
    "state_since",
    "due_on",
    "clock_on",
    "closed_on",
    "journal_length",
    "journal_head",
]


def lock(application: Application) -> Application:
    """The case as it stands now, locked until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("pool", "version", "applicant", "round")
        .get(pk=application.pk)
    )


def lock_all(applications: Sequence[Application]) -> list[Application]:
    """The cases as they stand now, locked in pk order."""
    return list(
        Application.objects.select_for_update(of=("self",))
        .select_related("pool", "version", "applicant", "round")
        .filter(pk__in=[application.pk for application in applications])
        .order_by("pk")
    )


def take_charge(application: Application, by: User) -> None:
    """Give a case nobody has to whoever does its first step; the caller has locked it."""
    if application.caseworker is None:
        application.caseworker = by
        application.save(update_fields=["caseworker"])


@transaction.atomic
def move(
    application: Application,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    to: CaseState | None = None,
    due_on: date | None = None,
    clock_on: date | None = None,
    on_behalf_of: str = "",
    keyed: OnBehalf | None = None,
    data: Mapping[str, object] | None = None,
) -> JournalEntry:
    """Do one row of the table to one case that the caller has locked with ``lock()``.

    Writes state, deadlines and the journal entry together. ``to`` picks among several targets;
    a verb that goes back finds where the case came from in the journal. ``due_on`` is what people
    see, ``clock_on`` when the sweep looks next (None: nothing for the clock to do). ``keyed`` is
    how it came, when a case worker does it for an applicant who cannot log in.
    Raises WrongState or NotAllowed (permissions.check_may), and what ``check_keyed`` raises.
    """
    check_may(by, verb, application)
    check_keyed(keyed, verb, application, by=by, at=at)
    if keyed is not None:
        on_behalf_of, data = keyed.of, {**(data or {}), **keyed.told}
    target = _target(application, verb, to)
    entry = _written(application, verb, target, by, at, due_on, clock_on, on_behalf_of, data)
    application.save(update_fields=SEALED)
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def move_many(
    applications: Sequence[Application],
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    to: Callable[[Application], CaseState],
    due_on: Callable[[Application], date | None],
    clock_on: Callable[[Application], date | None],
    data: Callable[[Application], Mapping[str, object]],
) -> list[JournalEntry]:
    """The same row of the table on a set that the caller has locked and checked; two queries.

    Raises WrongState, naming the case, before anything is written.
    """
    step = STEPS[verb]
    for application in applications:
        if CaseState(application.state) not in step.sources:
            raise WrongState(_("%(case)s kan ikke flyttes.") % {"case": application.number})
    entries = [
        _written(a, verb, to(a), by, at, due_on(a), clock_on(a), "", data(a)) for a in applications
    ]
    _save_all(applications)
    return JournalEntry.objects.bulk_create(entries, batch_size=2000)


@transaction.atomic
def note_down_many(
    applications: Sequence[Application],
    event: str,
    *,
    by: Callable[[Application], User],
    at: datetime,
    data: Callable[[Application], Mapping[str, object]],
) -> list[JournalEntry]:
    """Write down something that happened on a set that the caller has locked; two queries."""
    return keep_lines(
        [
            chain(a, event, by=by(a), at=at, from_state=a.state, to_state=a.state, data=data(a))
            for a in applications
        ]
    )


def keep_lines(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """Save lines that were chained on locked cases, several to a case or one; two queries.

    What a state seals (``SEALED``) is saved with them.
    """
    if not entries:
        return []
    _save_all(list({entry.application_id: entry.application for entry in entries}.values()))
    return JournalEntry.objects.bulk_create(entries, batch_size=2000)


def _save_all(applications: Sequence[Application]) -> None:
    """One UPDATE from arrays; Django's bulk_update, a CASE per row and field, is 8 times slower."""
    fields = [field for field in Application._meta.concrete_fields if field.name in SEALED]
    columns = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in applications]
        for field in fields
    ]
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    names = ", ".join(f'"{field.column}"' for field in fields)
    written = ", ".join(f'"{field.column}" = new."{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {Application._meta.db_table} as old set {written} "  # noqa: S608 (names are our own)
            f"from unnest(%s::bigint[], {arrays}) as new(id, {names}) where old.id = new.id",
            [[row.pk for row in applications], *columns],
        )


def _written(
    application: Application,
    verb: Verb,
    target: CaseState,
    by: User | None,
    at: datetime,
    due_on: date | None,
    clock_on: date | None,
    on_behalf_of: str,
    data: Mapping[str, object] | None,
) -> JournalEntry:
    source = application.state
    application.state = target
    application.state_since = at
    application.due_on = due_on
    application.clock_on = clock_on
    application.closed_on = timezone.localdate(at) if target == CaseState.CLOSED else None
    return chain(
        application,
        verb,
        by=by,
        at=at,
        from_state=source,
        to_state=target,
        on_behalf_of=on_behalf_of,
        data=data,
    )


def _target(application: Application, verb: Verb, to: CaseState | None) -> CaseState:
    step = STEPS[verb]
    if step.back:
        return came_from(application)
    if to is None:
        (to,) = step.targets
    assert to in step.targets, f"{verb} does not lead to {to}"
    return to


def came_from(application: Application) -> CaseState:
    """The state the case was in before it first came to where it is now, read in the journal.

    A review whose last assessment was settled meanwhile is over (casework/assessment.py, give_up).
    """
    entry = (
        application.journal.filter(to_state=application.state)
        .exclude(from_state=application.state)
        .exclude(event__in=[Verb.REOPEN, Verb.UNDO])
        .order_by("-number")
        .first()
    )
    assert entry is not None, f"{application} has no way back"
    state = CaseState(entry.from_state)
    if state == CaseState.IN_REVIEW and _is_reviewed(application):
        return CaseState.REVIEWED
    return state


def _is_reviewed(application: Application) -> bool:
    states = set(application.assessments.values_list("state", flat=True))
    return bool(states) and AssessmentState.OPEN not in states
