"""THE place of truth: every state of a case and every verb that moves it.

Constraints, buttons, permissions, flow, the diagram in docs and the state x role test are derived
from the two tables here. Only ``pulje/actions/state.py`` writes a state.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from pulje.enums import Role


class CaseState(TextChoices):
    """The states with the label the case worker reads; the applicant's labels are in STATES."""

    DRAFT = "DRAFT", "Kladde"
    SUBMITTED = "SUBMITTED", "Modtaget"
    RETURNED = "RETURNED", "Afventer oplysninger"
    IN_REVIEW = "IN_REVIEW", "Under vurdering"
    IN_HEARING = "IN_HEARING", "I partshøring"
    REVIEWED = "REVIEWED", "Vurderet"
    RECOMMENDED = "RECOMMENDED", "Indstillet"
    APPROVED = "APPROVED", "Bevilget"
    REJECTED = "REJECTED", "Afslag"
    ACCEPTED = "ACCEPTED", "Accepteret"
    PAID = "PAID", "Udbetalt"
    REPORT_SUBMITTED = "REPORT_SUBMITTED", "Rapport modtaget"
    REPORT_RETURNED = "REPORT_RETURNED", "Rapport sendt retur"
    REPORTED = "REPORTED", "Rapport godkendt"
    IN_RECOVERY = "IN_RECOVERY", "Tilbagebetaling"
    CLOSED = "CLOSED", "Afsluttet"
    WITHDRAWN = "WITHDRAWN", "Trukket tilbage"
    DECLINED = "DECLINED", "Takket nej"
    LAPSED = "LAPSED", "Bortfaldet"


@dataclass(frozen=True)
class State:
    """What a state means to people: public labels (to several, to one), milestone, who must act."""

    public: str
    public_one: str
    milestone: int
    owner: Role | None


S = CaseState
STATES: dict[CaseState, State] = {
    S.DRAFT: State(N_("Kladde"), N_("Kladde"), 0, Role.APPLICANT),
    S.SUBMITTED: State(N_("Modtaget"), N_("Modtaget"), 1, Role.CASE_WORKER),
    S.RETURNED: State(
        N_("Vi mangler noget fra jer"), N_("Vi mangler noget fra dig"), 1, Role.APPLICANT
    ),
    S.IN_REVIEW: State(N_("Behandles"), N_("Behandles"), 2, Role.CASE_WORKER),
    S.IN_HEARING: State(
        N_("Vi beder om jeres bemærkninger"),
        N_("Vi beder om dine bemærkninger"),
        2,
        Role.APPLICANT,
    ),
    S.REVIEWED: State(N_("Behandles"), N_("Behandles"), 2, Role.CASE_WORKER),
    S.RECOMMENDED: State(N_("Behandles"), N_("Behandles"), 2, Role.LEADER),
    S.APPROVED: State(N_("I har fået tilskud"), N_("Du har fået tilskud"), 3, Role.APPLICANT),
    S.REJECTED: State(N_("I fik ikke tilskud"), N_("Du fik ikke tilskud"), 3, None),
    S.ACCEPTED: State(N_("I har fået tilskud"), N_("Du har fået tilskud"), 3, Role.FINANCE),
    S.PAID: State(N_("Udbetalt"), N_("Udbetalt"), 4, Role.APPLICANT),
    S.REPORT_SUBMITTED: State(
        N_("Vi læser jeres rapport"), N_("Vi læser din rapport"), 5, Role.CASE_WORKER
    ),
    S.REPORT_RETURNED: State(
        N_("Vi mangler noget i rapporten"), N_("Vi mangler noget i rapporten"), 5, Role.APPLICANT
    ),
    S.REPORTED: State(N_("Rapporteret"), N_("Rapporteret"), 5, Role.FINANCE),
    S.IN_RECOVERY: State(N_("Tilbagebetaling"), N_("Tilbagebetaling"), 5, Role.APPLICANT),
    S.CLOSED: State(N_("Afsluttet"), N_("Afsluttet"), 5, None),
    S.WITHDRAWN: State(N_("I har trukket ansøgningen"), N_("Du har trukket ansøgningen"), 0, None),
    S.DECLINED: State(N_("I har takket nej"), N_("Du har takket nej"), 3, None),
    S.LAPSED: State(N_("Bortfaldet"), N_("Bortfaldet"), 0, None),
}

MILESTONES = (N_("Modtaget"), N_("Behandles"), N_("Afgørelse"), N_("Udbetalt"), N_("Rapporteret"))

OPEN = frozenset({S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.IN_HEARING, S.REVIEWED, S.RECOMMENDED})
GRANTED = frozenset(
    {S.APPROVED, S.ACCEPTED, S.PAID, S.REPORT_SUBMITTED, S.REPORT_RETURNED, S.REPORTED}
)
ENDED = frozenset({S.REJECTED, S.CLOSED, S.WITHDRAWN, S.DECLINED, S.LAPSED})
TODO = frozenset(state for state, is_ in STATES.items() if is_.owner == Role.CASE_WORKER)
WAITING = frozenset(STATES) - ENDED - TODO - {S.DRAFT}


class Verb(TextChoices):
    """What can be done to a case, with the words the journal uses."""

    SUBMIT = "submit", "Ansøgningen er sendt"
    REGISTER_ON_BEHALF = "register_on_behalf", "Ansøgningen er indtastet på ansøgers vegne"
    ASK_FOR_INFORMATION = "ask_for_information", "Bad om oplysninger"
    ANSWER_INFORMATION = "answer_information", "Sendte de manglende oplysninger"
    REJECT_FORMALLY = "reject_formally", "Gav afslag, fordi reglerne ikke er opfyldt"
    ACCEPT_FOR_REVIEW = "accept_for_review", "Sendte sagen til vurdering"
    RECORD_ASSESSMENT = "record_assessment", "Afgav en vurdering"
    OPEN_HEARING = "open_hearing", "Sendte sagen i partshøring"
    ANSWER_HEARING = "answer_hearing", "Svarede på partshøringen"
    EXPIRE_HEARING = "expire_hearing", "Fristen for partshøringen er udløbet"
    RECOMMEND = "recommend", "Indstillede sagen"
    SEND_BACK = "send_back", "Sendte indstillingen tilbage"
    DECIDE = "decide", "Afgjorde sagen"
    ACCEPT = "accept", "Sagde ja til bevillingen"
    DECLINE = "decline", "Takkede nej til bevillingen"
    MARK_PAID = "mark_paid", "Pengene er udbetalt"
    SUBMIT_REPORT = "submit_report", "Sendte rapporten"
    RETURN_REPORT = "return_report", "Sendte rapporten retur"
    APPROVE_REPORT = "approve_report", "Godkendte rapporten"
    WAIVE_REPORT = "waive_report", "Fritog for rapport"
    CLAIM_REPAYMENT = "claim_repayment", "Krævede penge tilbage"
    SETTLE_REPAYMENT = "settle_repayment", "Afsluttede tilbagebetalingen"
    CLOSE = "close", "Afsluttede sagen"
    WITHDRAW = "withdraw", "Trak ansøgningen tilbage"
    LAPSE = "lapse", "Sagen er bortfaldet"
    REDECIDE = "redecide", "Afgjorde sagen på ny"
    ANNUL = "annul", "Annullerede afgørelsen"
    REOPEN = "reopen", "Genåbnede sagen"
    UNDO = "undo", "Fortrød det seneste skridt"


@dataclass(frozen=True)
class Step:
    """One row of the table: where a verb begins, where it may end, who may do it.

    ``back`` means it also may end where the case came from. ``undoable`` means a case worker may
    take the step back while nothing has left the house because of it. ``is_keyed`` means a case
    worker may key it in for an applicant of whom nobody can log in (actions/on_behalf.py).
    """

    sources: frozenset[CaseState]
    targets: frozenset[CaseState]
    who: frozenset[Role]
    back: bool = False
    undoable: bool = False
    is_keyed: bool = False


def _step(
    sources: str,
    targets: str,
    *who: Role,
    back: bool = False,
    undoable: bool = False,
    is_keyed: bool = False,
) -> Step:
    return Step(
        frozenset(S(code) for code in sources.split()),
        frozenset(S(code) for code in targets.split()),
        frozenset(who),
        back,
        undoable,
        is_keyed,
    )


_BEFORE_PAYMENT = (
    "DRAFT SUBMITTED RETURNED IN_REVIEW IN_HEARING REVIEWED RECOMMENDED APPROVED ACCEPTED"
)
# before the decision; and after it, where less money or a claim needs a hearing of its own (§ 19)
_HEARD = "IN_REVIEW REVIEWED APPROVED ACCEPTED PAID REPORT_SUBMITTED REPORT_RETURNED REPORTED"
# ACCEPTED: a first instalment may be paid and never reported; REPORT_RETURNED: never mended
_MAY_OWE = "ACCEPTED PAID REPORT_SUBMITTED REPORT_RETURNED REPORTED LAPSED"
V = Verb
STEPS: dict[Verb, Step] = {
    V.SUBMIT: _step("DRAFT", "SUBMITTED", Role.APPLICANT),
    V.REGISTER_ON_BEHALF: _step("DRAFT", "SUBMITTED", Role.CASE_WORKER),
    V.ASK_FOR_INFORMATION: _step("SUBMITTED IN_REVIEW REVIEWED", "RETURNED", Role.CASE_WORKER),
    V.ANSWER_INFORMATION: _step("RETURNED", "", Role.APPLICANT, back=True, is_keyed=True),
    V.REJECT_FORMALLY: _step("SUBMITTED", "REJECTED", Role.CASE_WORKER),
    V.ACCEPT_FOR_REVIEW: _step("SUBMITTED", "IN_REVIEW", Role.CASE_WORKER, undoable=True),
    V.RECORD_ASSESSMENT: _step("IN_REVIEW", "IN_REVIEW REVIEWED", Role.CASE_WORKER),
    V.OPEN_HEARING: _step(_HEARD, "IN_HEARING", Role.CASE_WORKER),
    V.ANSWER_HEARING: _step("IN_HEARING", "", Role.APPLICANT, back=True, is_keyed=True),
    V.EXPIRE_HEARING: _step("IN_HEARING", "", Role.SYSTEM, back=True),
    V.RECOMMEND: _step("REVIEWED", "RECOMMENDED", Role.CASE_WORKER, undoable=True),
    V.SEND_BACK: _step("RECOMMENDED", "REVIEWED", Role.LEADER, Role.SECRETARY),
    V.DECIDE: _step("RECOMMENDED", "APPROVED REJECTED", Role.LEADER, Role.SECRETARY),
    V.ACCEPT: _step("APPROVED", "ACCEPTED", Role.APPLICANT, is_keyed=True),
    V.DECLINE: _step("APPROVED", "DECLINED", Role.APPLICANT, is_keyed=True),
    V.MARK_PAID: _step("ACCEPTED REPORTED", "PAID REPORTED", Role.FINANCE, Role.SYSTEM),
    V.SUBMIT_REPORT: _step(
        "ACCEPTED PAID REPORT_RETURNED", "REPORT_SUBMITTED", Role.APPLICANT, is_keyed=True
    ),
    V.RETURN_REPORT: _step("REPORT_SUBMITTED", "REPORT_RETURNED", Role.CASE_WORKER),
    V.APPROVE_REPORT: _step("REPORT_SUBMITTED", "REPORTED", Role.CASE_WORKER),
    V.WAIVE_REPORT: _step("ACCEPTED PAID", "REPORTED", Role.CASE_WORKER),
    V.CLAIM_REPAYMENT: _step(_MAY_OWE, "IN_RECOVERY", Role.CASE_WORKER),
    V.SETTLE_REPAYMENT: _step("IN_RECOVERY", "REPORTED CLOSED", Role.FINANCE),
    V.CLOSE: _step("REPORTED REJECTED DECLINED WITHDRAWN LAPSED", "CLOSED", Role.SYSTEM),
    V.WITHDRAW: _step(_BEFORE_PAYMENT, "WITHDRAWN", Role.APPLICANT, is_keyed=True),
    V.LAPSE: _step("DRAFT RETURNED APPROVED ACCEPTED", "LAPSED", Role.SYSTEM),
    V.REDECIDE: _step(
        "REJECTED APPROVED ACCEPTED PAID", "APPROVED REJECTED", Role.LEADER, Role.SECRETARY
    ),
    V.ANNUL: _step("APPROVED REJECTED", "REVIEWED", Role.LEADER),
    V.REOPEN: _step("CLOSED LAPSED WITHDRAWN", "", Role.LEADER, back=True),
    V.UNDO: _step("IN_REVIEW RECOMMENDED", "SUBMITTED REVIEWED", Role.CASE_WORKER),
}

# what a case worker may key in for an applicant who cannot log in
KEYED = tuple(verb for verb, step in STEPS.items() if step.is_keyed)
# and what the applicant does beside the table: a change of project, the papers of a control
REQUEST_CHANGE, ANSWER_CONTROL = "request_change", "answer_control"
KEYED_BESIDE = (REQUEST_CHANGE, ANSWER_CONTROL)

# Verbs beside the case's own table: who may do them at all.
OTHER_VERBS: dict[str, frozenset[Role]] = {
    "see_case": frozenset({Role.CASE_WORKER, Role.LEADER, Role.FINANCE}),
    "see_meeting": frozenset(
        {Role.CASE_WORKER, Role.LEADER, Role.COMMITTEE_MEMBER, Role.SECRETARY}
    ),
    "prepare_meeting": frozenset({Role.CASE_WORKER, Role.SECRETARY}),
    "unlock_agenda": frozenset({Role.SECRETARY}),
    "set_up_committee": frozenset({Role.LEADER, Role.ADMINISTRATOR, Role.SECRETARY}),
    "make_packet": frozenset({Role.CASE_WORKER, Role.LEADER, Role.SECRETARY}),
    "record_ruling": frozenset({Role.SECRETARY}),
    "close_meeting": frozenset({Role.SECRETARY}),
    "approve_minutes": frozenset({Role.SECRETARY}),
    "decide_urgently": frozenset({Role.COMMITTEE_MEMBER}),
    "write_member_note": frozenset({Role.COMMITTEE_MEMBER, Role.SECRETARY}),
    "ask_administration": frozenset({Role.COMMITTEE_MEMBER, Role.SECRETARY}),
    "answer_member": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "raise_conflict": frozenset({Role.COMMITTEE_MEMBER, Role.SECRETARY}),
    "settle_conflict": frozenset({Role.SECRETARY}),
    "write_note": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "write_message": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "claim_case": frozenset({Role.CASE_WORKER}),
    "key_in": frozenset({Role.CASE_WORKER}),
    "correct_contact": frozenset({Role.CASE_WORKER}),
    "assign": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "confirm_right": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "answer_change": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "propose_payment": frozenset({Role.CASE_WORKER, Role.FINANCE}),
    "approve_payment": frozenset({Role.FINANCE, Role.LEADER}),
    "export_payment": frozenset({Role.FINANCE}),
    "confirm_payment": frozenset({Role.FINANCE}),
    "approve_letter": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "see_letters": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "write_text": frozenset({Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR}),
    "approve_text": frozenset({Role.LEADER}),
    "write_person_number": frozenset({Role.CASE_WORKER}),
    "export_case": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "propose_claim": frozenset({Role.CASE_WORKER}),
    "approve_claim": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "set_frame": frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    "edit_form": frozenset({Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR}),
    "edit_pool": frozenset({Role.CASE_WORKER, Role.LEADER, Role.ADMINISTRATOR}),
    "publish_pool": frozenset({Role.LEADER, Role.ADMINISTRATOR}),
    "check_case": frozenset({Role.CASE_WORKER}),
    "extend_deadline": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "select_for_control": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "move_pool": frozenset({Role.CASE_WORKER}),
    "merge_applicants": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "make_scenario": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "choose_scenario": frozenset({Role.CASE_WORKER}),
    "receive_appeal": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "assess_appeal": frozenset({Role.CASE_WORKER, Role.LEADER}),
    "answer_appeal": frozenset({Role.LEADER, Role.SECRETARY}),
    "tell_tie": frozenset(
        {Role.CASE_WORKER, Role.LEADER, Role.FINANCE, Role.COMMITTEE_MEMBER, Role.SECRETARY}
    ),
}


def verbs_from(state: CaseState) -> tuple[Verb, ...]:
    """The verbs that begin in ``state``, in the table's order."""
    return tuple(verb for verb, step in STEPS.items() if state in step.sources)


def public_label(state: CaseState, *, one: bool) -> str:
    """What the applicant reads; ``one`` for an individual (du), else several (I)."""
    return gettext(STATES[state].public_one if one else STATES[state].public)
