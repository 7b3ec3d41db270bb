"""What the case page shows, and what this person may do to the case now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from pulje.enums import (
    AppealState,
    AssessmentState,
    CameBy,
    ChangeState,
    ClaimState,
    DecidedBy,
    ItemOutcome,
    Role,
)
from pulje.models import (
    Appeal,
    Application,
    Assessment,
    BudgetLine,
    ChangeRequest,
    ConflictOfInterest,
    ConflictQuestion,
    Decision,
    JournalEntry,
    Membership,
    Recommendation,
    RepaymentClaim,
    User,
)
from pulje.permissions import BINDING
from pulje.queries.application.budget import posts
from pulje.queries.casework.delegation import why_decided_by
from pulje.queries.casework.impartiality import told_by, touching_ties
from pulje.queries.clock import APPEAL_IS_OPEN, CONTROLLABLE, EXTENDABLE
from pulje.queries.grant.change import CHANGEABLE
from pulje.queries.told import CONTROL_SELECTED
from pulje.rules.budget import expense, income
from pulje.states import (
    ANSWER_CONTROL,
    ENDED,
    OTHER_VERBS,
    REQUEST_CHANGE,
    STEPS,
    CaseState,
    Verb,
    verbs_from,
)
from pulje.templatetags.words import dato_aar

CAN_BE_CLAIMED = frozenset(STEPS[Verb.CLAIM_REPAYMENT].sources)
EVENTS = {
    "adjusted": "Ændrede det indstillede beløb",
    "agenda_unlocked": "Låste dagsordenen op",
    "assessment_handed_over": "Gav en vurdering videre",
    "assigned": "Gav sagen en sagsbehandler",
    "imported": "Overtog sagen fra et tidligere register",
    "attachment": "Lagde et bilag på sagen",
    "attachment_removed": "Fjernede et bilag",
    "clock_failed": "Den daglige gennemgang gik i stå; den prøver igen i morgen",
    "case_exported": "Afleverede sagen til ESDH-systemet",
    "case_taken_out": "Hentede hele sagen som zip",
    "change_approved": "Godkendte en ændring af projektet",
    "change_refused": "Sagde nej til en ændring af projektet",
    "change_requested": "Bad om at ændre projektet",
    "conflict_raised": "Spurgte udvalget, om et medlem er inhabilt",
    "conflict_settled": "Udvalget tog stilling til habilitet",
    "claim_proposed": "Foreslog at kræve penge tilbage",
    "decision_opened": "Åbnede afgørelsen",
    "contact_corrected": "Rettede ansøgerens navn, adresse, e-mail eller telefon",
    "applicant_changed": "Lod en anden være ansøger",
    "applicant_merged": "Lagde ansøgeren sammen med en anden, der var den samme",
    "pool_moved": "Flyttede sagen til en anden pulje",
    "control_selected": "Udtog sagen til stikprøve",
    "control_answered": "Sendte bilag til stikprøven",
    "disqualified": "Meldte inhabilitet",
    "deadline_extended": "Forlængede ansøgers frist",
    "appeal_received": "Registrerede en klage",
    "appeal_assessed": "Genvurderede klagen",
    "appeal_upheld": "Fastholdt afgørelsen efter en klage",
    "appeal_changed": "Gav klageren et højere beløb",
    "appeal_late": "Afviste en klage, fordi den kom for sent",
    "guardian_asked": "Bad en værge om samtykke",
    "guardian_consented": "Værgen sagde ja",
    "guardian_refused": "Værgen sagde nej",
    "exempt": "Skrev, at ansøgeren er fritaget for Digital Post",
    "not_exempt": "Skrev, at ansøgeren ikke er fritaget for Digital Post",
    "person_number_written": "Skrev ansøgerens CPR-nummer",
    "person_number_removed": "Slettede ansøgerens CPR-nummer",
    "person_number_read": "Læste CPR-nummeret for at sende et brev som Digital Post",
    "invited": "Inviterede en til at skrive med",
    "impartial": "Tog stilling til en tilknytning: ikke inhabil",
    "joined": "Sagde ja til at skrive med",
    "member_left": "Er ikke længere med hos ansøgeren",
    "partner_asked": "Bad en leder bekræfte samarbejdet",
    "partner_confirmed": "Lederen bekræftede samarbejdet",
    "partner_declined": "Lederen bekræftede ikke samarbejdet",
    "proof_attached": "Lagde et dokument om retten til at søge",
    "right_confirmed": "Bekræftede retten til at søge",
    "letter_channel_changed": "Skiftede kanal for et brev",
    "letter_sent": "Brevet er sendt",
    "letter_approved": "Læste og godkendte et brev",
    "letter_taken_back": "Tog et godkendt brev tilbage, før det blev sendt",
    "letter_remade": "Lavede et brev igen, før det blev sendt",
    "letter_corrected": "Rettede teksten i et brev, før det blev sendt",
    "annulment_untold": "Sendte ikke brev om annulleringen: afgørelsen var ikke sendt",
    "letter_available": "Brevet er kommet frem",
    "letter_returned": "Brevet kom retur",
    "letter_opened": "Brevet er åbnet",
    "deadline_counted": "Flyttede fristen, fordi brevet kom senere frem",
    "member_answered": "Svarede på et spørgsmål fra udvalget",
    "member_asked": "Spurgte forvaltningen",
    "message": "Skrev en besked",
    "note": "Skrev en note",
    "postponed": "Udsatte sagen på et møde",
    "ruling_corrected": "Rettede beslutningen i referatet",
    "checked": "Tjekkede",
    "attachment_reviewed": "Gennemgik et bilag",
    "attachment_titled": "Rettede et bilags titel",
    "classified": "Rettede tema eller sted",
    "payment_confirmed": "En rate er udbetalt",
    "payment_rejected": "En udbetaling blev afvist",
    "reminded": "Sendte en påmindelse",
} | dict(Verb.choices)


@dataclass(frozen=True)
class Standing:
    """What a person is to a case, read with the case itself."""

    is_disqualified: bool
    is_reviewing: bool
    is_delegated: bool
    claim_state: str
    has_change: bool = False
    decided_by: str = ""  # the body of the decision in force
    appeal_state: str = ""  # of the newest complaint
    ties: Sequence[str] = ()  # what the person must first take a stand on
    is_followed: bool = True  # somebody of the applicant can log in
    is_bound: bool = True  # and act for it
    has_control: bool = False  # it has been picked out

    @property
    def has_open_appeal(self) -> bool:
        return self.appeal_state in APPEAL_IS_OPEN


@dataclass(frozen=True)
class Budget:
    """The applicant's budget with its sums in kr."""

    lines: Sequence[BudgetLine]
    expense_kr: Decimal
    income_kr: Decimal
    percent: int


def find_case(pk: int, user: User) -> tuple[Application, Standing] | None:
    """The case with what ``user`` is to it, in one query; None when there is no such case.

    ``case.assessment_draft`` is what the person has typed of an assessment not given yet.
    """
    mine = {"application": OuterRef("pk")}
    reviews = Assessment.objects.filter(**mine, reviewer=user, state=AssessmentState.OPEN)
    seats = Membership.objects.active().filter(applicant=OuterRef("applicant"), user=user)
    case: Any = (  # an Application with what is annotated here
        Application.objects.select_related(
            "pool", "version", "applicant", "round", "caseworker", "report", "snapshot"
        )
        .annotate(
            disqualified=Exists(ConflictOfInterest.objects.filter(**mine, user=user))
            | Exists(ConflictQuestion.objects.filter(**mine, person=user, settled_at=None))
            | Exists(seats),
            reviewing=Exists(reviews),
            assessment_draft=Subquery(reviews.values("draft")[:1]),
            **told_by(user),
            **_what_waits(),
        )
        .filter(pk=pk)
        .first()
    )
    if case is None:
        return None
    standing = Standing(
        case.disqualified,
        case.reviewing,
        bool(case.delegated),
        case.claim or "",
        case.change,
        case.decided_by or "",
        case.appeal or "",
        () if case.disqualified else touching_ties(case),
        case.followed,
        case.bound,
        case.controlled,
    )
    return case, standing


def _what_waits() -> dict[str, Subquery | Exists]:
    """The rows beside the case that say which verbs there are, and whose."""
    mine = {"application": OuterRef("pk")}
    claims = RepaymentClaim.objects.filter(**mine).exclude(state=ClaimState.SETTLED)
    proposals = Recommendation.objects.filter(**mine, is_current=True)
    decisions = Decision.objects.filter(**mine, is_current=True)
    appeals = Appeal.objects.filter(decision__application=OuterRef("pk")).order_by("-pk")
    return {
        "delegated": Subquery(proposals.values("is_delegated")[:1]),
        "claim": Subquery(claims.values("state")[:1]),
        "change": Exists(ChangeRequest.objects.filter(**mine, state=ChangeState.REQUESTED)),
        "decided_by": Subquery(decisions.values("body")[:1]),
        "appeal": Subquery(appeals.values("state")[:1]),
        "followed": Membership.objects.acting(),
        "bound": Membership.objects.acting(binding=True),
        "controlled": Exists(JournalEntry.objects.filter(**mine, event=CONTROL_SELECTED)),
    }


def verbs_of(user: User, case: Application, standing: Standing) -> tuple[str, ...]:
    """The verbs this person may do now, by the same tables as permissions.check_may, no query.

    Leaves out what ``check_may`` allows but the action would refuse to everybody here: a
    committee's case outside its meeting, a claim nobody has proposed.
    """
    if standing.is_disqualified or not user.is_active:
        return ()
    state, by_leader = CaseState(case.state), standing.decided_by == DecidedBy.DELEGATION
    verbs = [str(verb) for verb in verbs_from(state) if _has(user, STEPS[verb].who)]
    if _has(user, OTHER_VERBS["key_in"]):
        verbs += [str(verb) for verb in verbs_from(state) if _is_keyed(verb, standing)]
        verbs += _keyed_beside(state, standing)
    if state in CAN_BE_CLAIMED and _has(user, OTHER_VERBS["propose_claim"]):
        verbs.append("propose_claim")
    if state not in ENDED and _has(user, OTHER_VERBS["assign"]):
        verbs.append("assign")
    if standing.has_change and _has(user, OTHER_VERBS["answer_change"]):
        verbs.append("answer_change")
    if state == CaseState.IN_REVIEW and standing.is_reviewing:
        verbs.append("abstain")
    verbs += [verb for verb in _beside(state, standing) if _has(user, OTHER_VERBS[verb])]
    allowed = {
        Verb.RECORD_ASSESSMENT: standing.is_reviewing,
        Verb.DECIDE: standing.is_delegated and user.has_role(Role.LEADER),
        Verb.REDECIDE: user.has_role(Role.LEADER) and by_leader,
        "answer_appeal": user.has_role(Role.LEADER) and by_leader,
        Verb.CLAIM_REPAYMENT: standing.claim_state == ClaimState.PROPOSED,
        "propose_claim": not standing.claim_state,
    }
    return tuple(verb for verb in verbs if allowed.get(verb, True))


def _is_keyed(verb: Verb, standing: Standing) -> bool:
    """True for the applicant's verbs when nobody of theirs can log in and do them."""
    can_log_in = standing.is_bound if verb in BINDING else standing.is_followed
    return STEPS[verb].is_keyed and not can_log_in


def _keyed_beside(state: CaseState, standing: Standing) -> list[str]:
    """What the applicant does beside the table, when nobody of theirs can log in and do it."""
    verbs = []
    if state in CHANGEABLE and not standing.has_change and not standing.is_bound:
        verbs.append(REQUEST_CHANGE)
    if state in CONTROLLABLE and standing.has_control and not standing.is_followed:
        verbs.append(ANSWER_CONTROL)
    return verbs


def _beside(state: CaseState, standing: Standing) -> list[str]:
    """More time for the applicant, and the steps of a complaint, where the case stands for them."""
    verbs = ["extend_deadline"] if state in EXTENDABLE else []
    if state in CONTROLLABLE:
        verbs.append("select_for_control")
    if state == CaseState.SUBMITTED:
        verbs.append("move_pool")
    if standing.appeal_state == AppealState.RECEIVED:
        verbs.append("assess_appeal")
    if standing.has_open_appeal:
        return [*verbs, "answer_appeal"]
    return [*verbs, "receive_appeal"] if standing.decided_by else verbs


def _has(user: User, roles: Iterable[Role]) -> bool:
    return any(role in user.roles for role in roles)


def budget_of(case: Application) -> Budget:
    """The budget as the applicant wrote it; percent is what we are asked to pay of it.

    Money that others have refused is no income.
    """
    return budget_from(case, list(case.budget_lines.order_by("position")))


def budget_from(case: Application, lines: Sequence[BudgetLine]) -> Budget:
    """The budget of the case from its lines; no query."""
    costs = expense(posts(lines))
    percent = round((case.requested_kr or 0) / costs * 100) if costs else 0
    return Budget(lines, costs, income(posts(lines)), percent)


def words_for(entry: JournalEntry) -> str:
    """What a journal line says to the case worker."""
    if entry.event == "letter_sent" and entry.data.get("title"):
        return f"Brevet ”{entry.data['title']}” er sendt"
    text = EVENTS.get(entry.event, entry.event.replace("_", " ").capitalize())
    if "came_by" in entry.data:
        came = date.fromisoformat(entry.data["came_on"])
        text += f" ({CameBy(entry.data['came_by']).label.lower()}, modtaget {dato_aar(came)})"
    return f"{text}: {entry.data['reason']}" if entry.data.get("reason") else text


def earlier_support(case: Application) -> list[Application]:
    """What the same applicant has been granted before, newest first, at most five."""
    others = Application.objects.filter(applicant=case.applicant_id, granted_kr__gt=0)
    others = others.exclude(pk=case.pk).select_related("pool")
    return list(others.order_by(F("submitted_at").desc(nulls_last=True), "-pk")[:5])


def recommendation_of(case: Application) -> dict[str, object]:
    """The current recommendation and the meeting it is on, if any."""
    items = case.agenda_items.filter(outcome=ItemOutcome.PENDING)
    proposals = case.recommendations.filter(is_current=True).select_related("recommended_by")
    proposal = proposals.prefetch_related("lines").first()
    return {
        "proposal": proposal,
        "decider": why_decided_by(case, proposal) if proposal else "",
        "agenda_item": items.select_related("meeting__committee").first(),
    }


def claim_of(case: Application) -> RepaymentClaim | None:
    """The claim that is proposed or made, and not settled."""
    return case.claims.exclude(state=ClaimState.SETTLED).first()
