"""Many cases in a minute: INSERT … SELECT generate_series, by the tables' own constraints.

A row looks like one that walked the verbs, but for the hashes of its journal. Foreign keys hold by
construction; they are not checked while filling where the database user may turn that off.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, models
from viewflow.workflow.models import Process, Task

from benchmarks.places import TOWNS, Places
from pulje.enums import Theme
from pulje.models import (
    Application,
    Assessment,
    BudgetLine,
    Decision,
    JournalEntry,
    LedgerEntry,
    PartyHearing,
    Payment,
    Recommendation,
    Report,
    Score,
)
from pulje.states import CaseState
from workflow.flows import GrantFlow
from workflow.models import CaseLink

S = CaseState
# a word of a search is in one of many titles, as with real ones
TITLES = [
    *("Fællesspisning hver tirsdag", "Havedag for alle", "Lektiecafé to aftener om ugen"),
    *("Reparationscafé hver anden lørdag", "Strikkecafé på plejecentret", "Byttebod på torvet"),
    *("Ren strand med fire indsamlinger", "Sommersang på havnen", "Sprogmakkere over kaffen"),
    *("Cykelture med plejecentret", "Skolehave for tre klasser", "Værksted for unge opfindere"),
    *("Teater for og med unge", "Brætspil på tværs af alder", "Musik på plejehjemmet"),
    *("Gåture for pårørende", "Fælles køkkenhave", "Fodbold for mødre", "Krolf for seniorer"),
]
FIRST = 10_000_000  # far from the numbers of cases made by real verbs
# of a hundred stored cases
MIX = {
    S.SUBMITTED: 3,
    S.RETURNED: 2,
    S.IN_REVIEW: 4,
    S.IN_HEARING: 1,
    S.REVIEWED: 3,
    S.RECOMMENDED: 4,
    S.APPROVED: 3,
    S.REJECTED: 7,
    S.ACCEPTED: 4,
    S.PAID: 8,
    S.REPORT_SUBMITTED: 3,
    S.REPORT_RETURNED: 1,
    S.REPORTED: 2,
    S.IN_RECOVERY: 1,
    S.WITHDRAWN: 3,
    S.DECLINED: 2,
    S.LAPSED: 1,
    S.CLOSED: 48,
}
# the newest journal line of a case in the state, where it came from, and the task that is open
LAST = {
    S.SUBMITTED: ("submit", S.DRAFT, GrantFlow.screen),
    S.RETURNED: ("ask_for_information", S.SUBMITTED, GrantFlow.answer_information),
    S.IN_REVIEW: ("accept_for_review", S.SUBMITTED, GrantFlow.review),
    S.IN_HEARING: ("open_hearing", S.REVIEWED, GrantFlow.answer_hearing),
    S.REVIEWED: ("record_assessment", S.IN_REVIEW, GrantFlow.recommend),
    S.RECOMMENDED: ("recommend", S.REVIEWED, GrantFlow.decide),
    S.APPROVED: ("decide", S.RECOMMENDED, GrantFlow.accept),
    S.REJECTED: ("decide", S.RECOMMENDED, GrantFlow.await_close),
    S.ACCEPTED: ("accept", S.APPROVED, GrantFlow.pay),
    S.PAID: ("accept", S.ACCEPTED, GrantFlow.write_report),
    S.REPORT_SUBMITTED: ("submit_report", S.PAID, GrantFlow.check_report),
    S.REPORT_RETURNED: ("return_report", S.REPORT_SUBMITTED, GrantFlow.write_report),
    S.REPORTED: ("approve_report", S.REPORT_SUBMITTED, GrantFlow.await_close),
    S.IN_RECOVERY: ("claim_repayment", S.PAID, GrantFlow.settle),
    S.CLOSED: ("close", S.REPORTED, GrantFlow.end),
    S.WITHDRAWN: ("withdraw", S.SUBMITTED, GrantFlow.await_close),
    S.DECLINED: ("decline", S.APPROVED, GrantFlow.await_close),
    S.LAPSED: ("lapse", S.APPROVED, GrantFlow.await_close),
}
PAID_OUT = (S.PAID, S.REPORT_SUBMITTED, S.REPORT_RETURNED, S.REPORTED, S.IN_RECOVERY, S.CLOSED)
GRANTED = (S.APPROVED, S.ACCEPTED, S.DECLINED, S.LAPSED, *PAID_OUT)
JUDGED = (S.REVIEWED, S.RECOMMENDED, S.IN_HEARING, S.REJECTED, *GRANTED)


@dataclass(frozen=True)
class Cases:
    """``count`` cases with ids from ``first``; the clock's day is far off unless ``is_due``."""

    first: int
    count: int
    mix: Mapping[CaseState, int]
    is_due: bool = False


def fill(places: Places, cases: Cases, *, papers: bool = True) -> None:
    """The cases with journal, process, open task, recommendation, decision and ledger.

    ``papers`` adds budgets, scores and payments: what pages read and the clock does not.
    """
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
        cursor.execute("select rolsuper from pg_roles where rolname = current_user")
        if cursor.fetchone() == (True,):
            cursor.execute("set session_replication_role = replica")
        _cases(places, cases)
        _journal(cases)
        _tasks(places, cases)
        _open_rows(places, cases)
        _judgements(places, cases)
        if papers:
            _papers(cases)
        cursor.execute("reset session_replication_role")
        cursor.execute("reset synchronous_commit")


def insert(model: type[models.Model], source: str, /, **columns: str) -> None:
    """INSERT … SELECT the expressions; columns not named get the model's own default."""
    names, values = list(columns), []
    expressions = [text.replace("%", "%%") for text in columns.values()]
    for field in model._meta.concrete_fields:
        if field.column not in columns and not field.null and not field.primary_key:
            names.append(str(field.column))
            expressions.append("%s")
            default = field.get_default() if not getattr(field, "auto_now_add", False) else None
            values.append(field.get_db_prep_save(default, connection))
            if default is None:
                expressions[-1], _none = "now()", values.pop()
    listed = ", ".join(f'"{name}"' for name in names)
    sql = f"insert into {model._meta.db_table} ({listed}) select {', '.join(expressions)} "
    with connection.cursor() as cursor:
        cursor.execute(sql + source.replace("%", "%%"), values)


def _cases(places: Places, cases: Cases) -> None:
    codes = [state for state, share in cases.mix.items() for _ in range(share)]
    state, place = _pick(codes, "id"), f"(hashint8(id) & 2147483647) % {len(places.pools)} + 1"
    insert(
        Application,
        f"""from (select id, {state} as state, {place} as place
            from generate_series({cases.first}::bigint, {cases.first + cases.count - 1}) id) c
            join lateral (select id as pool, code || '-' || year as prefix from pulje_pool
            where id = ({_array(places.pools)})[place]) p on true""",
        id="c.id",
        pool_id="pool",
        round_id=f"({_array(places.rounds)})[place]",
        version_id=f"({_array(places.versions)})[place]",
        applicant_id=_pick(places.applicants, _hash(2)),
        caseworker_id=f"nullif({_pick([*places.caseworkers, 0, 0, 0], _hash(3))}, 0)",
        number="prefix || '-' || c.id",
        state="state",
        title=f"{_pick(TITLES, _hash(11))} || ' i ' || {_pick([*TOWNS], _hash(12))}",
        summary="'Vi spiser sammen hver tirsdag.'",
        description="repeat('Vi laver mad sammen og inviterer alle i kvarteret. ', 12)",
        target_group="'Alle i kvarteret'",
        area="'Birkerød'",
        theme=_pick([*Theme.values, ""], _hash(10)),
        starts_on="current_date + 30",
        ends_on="current_date + 120",
        contact_name="'Asta'",
        contact_email="'asta@puljer.example'",
        may_publish="c.id % 3 > 0",
        requested_kr=f"5000 + {_hash(4)} % 45000",
        granted_kr=f"case when state in ({_listed(GRANTED)}) then 5000 + {_hash(4)} % 45000 end",
        points=f"{_hash(5)} % 6",
        submitted_at=f"now() - interval '1 minute' * ({_hash(6)} % 1500000)",
        state_since=f"now() - interval '1 hour' * ({_hash(7)} % 2000)",
        due_on=f"current_date + ({_due_in(cases)})",
        clock_on="current_date" if cases.is_due else f"current_date + 1 + {_hash(8)} % 300",
        closed_on="case when state = 'CLOSED' then current_date end",
        journal_length="3" if cases.is_due else "2",
        journal_head="md5(c.id::text) || md5(c.id::text)",
    )


def _due_in(cases: Cases) -> str:
    """Days to the deadline; for what is due such that a reminder is."""
    if cases.is_due:
        return "case state when 'APPROVED' then 7 when 'PAID' then 14 else -1 end"
    return f"({_hash(9)} % 90 - 10)::int"


def _journal(cases: Cases) -> None:
    head = "md5(c.id::text) || md5(c.id::text)"
    insert(
        JournalEntry,
        _of(cases, joined=_last_of()),
        application_id="c.id",
        number="2",
        event="last.event",
        from_state="last.source",
        to_state="c.state",
        at="c.state_since",
        data="jsonb_build_object('due_on', c.due_on)",
        hash=head,
    )
    insert(
        JournalEntry,
        _of(cases),
        application_id="c.id",
        number="1",
        event="'submit'",
        from_state="'DRAFT'",
        to_state="'SUBMITTED'",
        at="c.submitted_at",
        hash=head,
    )
    if cases.is_due:  # the clock waits for the letter that gives the deadline
        insert(
            JournalEntry,
            _of(cases),
            application_id="c.id",
            number="3",
            event="'letter_available'",
            from_state="c.state",
            to_state="c.state",
            at="c.state_since",
            data="jsonb_build_object('entry', 2)",
            hash=head,
        )


def _tasks(places: Places, cases: Cases) -> None:
    flow = Process._meta.get_field("flow_class").get_prep_value(GrantFlow)
    ended = "case when c.state = 'CLOSED' then now() end"
    status = "case when c.state = 'CLOSED' then 'DONE' else 'NEW' end"
    insert(Process, _of(cases), id="c.id", flow_class=f"'{flow}'", status=status, finished=ended)
    insert(CaseLink, _of(cases), process_id="c.id", application_id="c.id")
    insert(
        Task,
        _of(cases, joined=_last_of()),
        process_id="c.id",
        flow_task="last.node",
        flow_task_type="last.kind",
        status=status,
        created="c.state_since",
        finished=ended,
        owner_id=f"case when c.state = 'IN_REVIEW' then {_reviewer(places)} end",
        data=f"case when c.state = 'IN_REVIEW' then {_reviewer_told(places)} else '{{}}' end",
    )


def _reviewer(places: Places) -> str:
    return f"coalesce(c.caseworker_id, {places.recommender})"


def _reviewer_told(places: Places) -> str:
    return f"jsonb_build_object('reviewer', {_reviewer(places)})"


def _open_rows(places: Places, cases: Cases) -> None:
    """What an open task waits for: an assessment, an answer in a hearing."""
    insert(
        Assessment,
        _of(cases, (S.IN_REVIEW,)),
        id="c.id",
        application_id="c.id",
        reviewer_id=_reviewer(places),
        state="'OPEN'",
    )
    insert(
        PartyHearing,
        _of(cases, (S.IN_HEARING,)),
        application_id="c.id",
        fact="'Lokalet er lukket.'",
        source="'Ejendomscentret'",
        due_on="c.due_on",
        opened_at="c.state_since",
        opened_by_id=str(places.recommender),
    )


def _judgements(places: Places, cases: Cases) -> None:
    """Recommendation, decision and what it commits."""
    reasons = "repeat('Projektet samler kvarteret og bæres af frivillige. ', 4)"
    insert(
        Recommendation,
        _of(cases, (S.RECOMMENDED,)),
        application_id="c.id",
        amount_kr="case when c.id % 5 = 0 then 0 else c.requested_kr end",
        reasons=reasons,
        is_delegated="true",
        recommended_by_id=str(places.recommender),
        recommended_at="c.state_since",
    )
    insert(
        Decision,
        _of(cases, (*GRANTED, S.REJECTED)),
        application_id="c.id",
        version_id="c.version_id",
        outcome="case when c.granted_kr is null then 'REJECTED' else 'GRANTED' end",
        amount_kr="coalesce(c.granted_kr, 0)",
        reasons=reasons,
        sections="'§ 1'",
        legal_basis="'KFM'",
        body="'DELEGATION'",
        decided_at="c.state_since",
        decided_by_id=str(places.decider),
        recommended_by_id=str(places.recommender),
    )
    _ledger(cases, GRANTED, "COMMIT")


def _ledger(cases: Cases, states: tuple[CaseState, ...], kind: str) -> None:
    insert(
        LedgerEntry,
        _of(cases, states),
        pool_id="c.pool_id",
        application_id="c.id",
        kind=f"'{kind}'",
        amount_kr="c.granted_kr",
        cause=f"'bench:{kind}:' || c.id",
        at="c.state_since",
    )


def _papers(cases: Cases) -> None:
    lines = "cross join generate_series(1, 4) n"
    insert(
        BudgetLine,
        _of(cases, joined=lines),
        application_id="c.id",
        position="n",
        kind="case n when 4 then 'OWN_FUNDING' else 'EXPENSE' end",
        text="'Post ' || n",
        amount_kr="c.requested_kr / 3",
    )
    insert(
        Assessment,
        _of(cases, JUDGED),
        id="c.id",
        application_id="c.id",
        reviewer_id="coalesce(c.caseworker_id, (select min(id) from pulje_user))",
        state="'DONE'",
        comment="'Fint.'",
        finished_at="c.state_since",
    )
    insert(
        Score,
        _of(cases, JUDGED, "join pulje_criterion k on k.version_id = c.version_id"),
        assessment_id="c.id",
        criterion_id="k.id",
        points="2",
        words="'Alle kan være med.'",
    )
    _payments(cases)
    _reports(cases)


def _reports(cases: Cases) -> None:
    """Two of three may be shown, as their applications may."""
    insert(
        Report,
        _of(cases, (S.REPORTED, S.CLOSED)),
        application_id="c.id",
        state="'APPROVED'",
        story="'Vi troede, der kom ti. Der kom 43, og nu er det hver fredag.'",
        participants="43",
        volunteers="12",
        may_publish="c.may_publish",
        submitted_at="c.submitted_at",
        approved_at="c.state_since",
    )


def _payments(cases: Cases) -> None:
    insert(
        Payment,
        _of(cases, (S.ACCEPTED, *PAID_OUT), "join pulje_decision d on d.application_id = c.id"),
        application_id="c.id",
        decision_id="d.id",
        number="1",
        amount_kr="c.granted_kr",
        due_on="current_date",
        payee_kind="'NEMKONTO'",
        state="'PLANNED'",
    )
    _ledger(cases, PAID_OUT, "PAY")


# --- SQL in small pieces ----------------------------------------------------------------------


def _of(cases: Cases, states: tuple[CaseState, ...] = (), joined: str = "") -> str:
    within = f"c.id between {cases.first} and {cases.first + cases.count - 1}"
    chosen = f" and c.state in ({_listed(states)})" if states else ""
    return f"from pulje_application c {joined} where {within}{chosen}"


def _last_of() -> str:
    node = Task._meta.get_field("flow_task")
    rows = ", ".join(
        f"('{state}', '{event}', '{source}', '{node.get_prep_value(task)}', '{task.task_type}')"
        for state, (event, source, task) in LAST.items()
    )
    return f"join (values {rows}) last(state, event, source, node, kind) on last.state = c.state"


def _hash(salt: int) -> str:
    """A number that looks random and is the same in every run."""
    return f"(hashint8(c.id * 100 + {salt}) & 2147483647)"


def _pick(values: list, number: str) -> str:
    return f"({_array(values)})[({number}) % {len(values)} + 1]"


def _array(values: list) -> str:
    return f"array[{', '.join(repr(str(v)) if isinstance(v, str) else str(v) for v in values)}]"


def _listed(states: tuple[CaseState, ...]) -> str:
    return ", ".join(f"'{state}'" for state in states)
