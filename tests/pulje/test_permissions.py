"""Who may do what where: the whole table of states and people, and the few who stand outside it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from pulje.actions.casework.tie import disqualify
from pulje.enums import Role
from pulje.errors import NotAllowed, WrongState
from pulje.models import User
from pulje.permissions import (
    RoleBackend,
    check_may_many,
    check_other,
    check_see,
    disqualified,
    may,
    why_not,
)
from pulje.states import KEYED, OTHER_VERBS, CaseState, Verb, public_label, verbs_from
from tests import people
from tests.factories import case_in
from tests.people import seat
from tests.pulje.actions.telling import refuses

S = CaseState
PEOPLE = {
    "Asta": people.asta,
    "Karl": people.karl,
    "Rie": people.rie,
    "Dora": people.dora,
    "Sanne": people.sanne,
    "Fie": people.fie,
    "Mads": people.mads,
    "Ulla": people.ulla,
    "the clock": lambda: None,
}
# Rie is set to review the case; who is not named may do nothing
ALLOWED: dict[CaseState, dict[str, str]] = {
    S.DRAFT: {
        "Asta": "submit withdraw",
        "Karl": "register_on_behalf",
        "Rie": "register_on_behalf",
        "the clock": "lapse",
    },
    S.SUBMITTED: {
        "Asta": "withdraw",
        "Karl": "ask_for_information reject_formally accept_for_review",
        "Rie": "ask_for_information reject_formally accept_for_review",
    },
    S.RETURNED: {
        "Asta": "answer_information withdraw",
        "the clock": "lapse",
    },
    S.IN_REVIEW: {
        "Asta": "withdraw",
        "Karl": "ask_for_information open_hearing undo",
        "Rie": "ask_for_information record_assessment open_hearing undo",
    },
    S.IN_HEARING: {
        "Asta": "answer_hearing withdraw",
        "the clock": "expire_hearing",
    },
    S.REVIEWED: {
        "Asta": "withdraw",
        "Karl": "ask_for_information open_hearing recommend",
        "Rie": "ask_for_information open_hearing recommend",
    },
    S.RECOMMENDED: {
        "Asta": "withdraw",
        "Karl": "undo",
        "Rie": "undo",
        "Dora": "send_back decide",
        "Sanne": "send_back decide",
    },
    S.APPROVED: {
        "Asta": "accept decline withdraw",
        "Karl": "open_hearing",
        "Rie": "open_hearing",
        "Dora": "redecide annul",
        "Sanne": "redecide",
        "the clock": "lapse",
    },
    S.REJECTED: {
        "Dora": "redecide annul",
        "Sanne": "redecide",
        "the clock": "close",
    },
    S.ACCEPTED: {
        "Asta": "submit_report withdraw",
        "Karl": "open_hearing waive_report claim_repayment",
        "Rie": "open_hearing waive_report claim_repayment",
        "Dora": "redecide",
        "Sanne": "redecide",
        "Fie": "mark_paid",
        "the clock": "mark_paid lapse",
    },
    S.PAID: {
        "Asta": "submit_report",
        "Karl": "open_hearing waive_report claim_repayment",
        "Rie": "open_hearing waive_report claim_repayment",
        "Dora": "redecide",
        "Sanne": "redecide",
    },
    S.REPORT_SUBMITTED: {
        "Karl": "open_hearing return_report approve_report claim_repayment",
        "Rie": "open_hearing return_report approve_report claim_repayment",
    },
    S.REPORT_RETURNED: {
        "Asta": "submit_report",
        "Karl": "open_hearing claim_repayment",
        "Rie": "open_hearing claim_repayment",
    },
    S.REPORTED: {
        "Karl": "open_hearing claim_repayment",
        "Rie": "open_hearing claim_repayment",
        "Fie": "mark_paid",
        "the clock": "mark_paid close",
    },
    S.IN_RECOVERY: {
        "Fie": "settle_repayment",
    },
    S.CLOSED: {
        "Dora": "reopen",
    },
    S.WITHDRAWN: {
        "Dora": "reopen",
        "the clock": "close",
    },
    S.DECLINED: {
        "the clock": "close",
    },
    S.LAPSED: {
        "Karl": "claim_repayment",
        "Rie": "claim_repayment",
        "Dora": "reopen",
        "the clock": "close",
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize("state", CaseState)
def test_whole_table_of_states_and_people(state):
    case = case_in(state)

    allowed = {
        name: " ".join(verb for verb in Verb if may(who(), verb, case))
        for name, who in PEOPLE.items()
    }

    assert {name: verbs for name, verbs in allowed.items() if verbs} == ALLOWED[state]
    _nobody_can_log_in(case)


def _nobody_can_log_in(case):
    """The applicant's verbs become the case workers', and nobody else's; a draft stays shut."""
    before = {name: set(verbs_of(who(), case)) for name, who in PEOPLE.items()}
    case.applicant.memberships.update(ended_on=timezone.localdate())
    keyed = set() if case.state == S.DRAFT else {v for v in verbs_from(case.state) if v in KEYED}

    after = {name: set(verbs_of(who(), case)) for name, who in PEOPLE.items()}

    gained = {name: after[name] - before[name] for name in PEOPLE}
    assert gained == dict.fromkeys(PEOPLE, set()) | {"Karl": keyed, "Rie": keyed}
    assert after["Asta"] == set()
    assert before["Asta"] - {Verb.SUBMIT} == (keyed or before["Asta"] - {Verb.SUBMIT})


def test_verbs_from_a_state_in_the_table_s_order():
    assert verbs_from(S.IN_HEARING) == (Verb.ANSWER_HEARING, Verb.EXPIRE_HEARING, Verb.WITHDRAW)


def test_applicants_read_i_or_du():
    assert public_label(S.APPROVED, one=False) == "I har fået tilskud"
    assert public_label(S.APPROVED, one=True) == "Du har fået tilskud"


# --- outside the table ------------------------------------------------------------------------


def verbs_of(user, case) -> list[str]:
    return [verb for verb in Verb if may(user, verb, case)]


@pytest.mark.django_db
def test_one_who_may_not_bind_writes_and_answers_but_does_not_sign():
    award, returned = case_in(S.APPROVED), case_in(S.RETURNED)
    for case in (award, returned):
        seat(case.applicant, people.ulla())

    assert verbs_of(people.ulla(), award) == []
    assert verbs_of(people.ulla(), returned) == ["answer_information"]


@pytest.mark.django_db
def test_former_members_may_nothing():
    case = case_in(S.RETURNED)
    seat(case.applicant, people.ulla(), may_sign=True, ended_on=date(2021, 1, 1))

    assert verbs_of(people.ulla(), case) == []
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        check_see(people.ulla(), case)


@pytest.mark.django_db
@pytest.mark.parametrize("who", [people.asta, people.karl])
def test_those_who_are_gone_may_nothing(who):
    case = case_in(S.REVIEWED)
    User.objects.filter(pk=who().pk).update(is_active=False)

    assert verbs_of(who(), case) == []


@pytest.mark.django_db
def test_case_worker_in_the_applicant_s_board_acts_only_as_applicant():
    """Source: forvaltningsloven § 3, stk. 1, nr. 3."""
    reviewed, award = case_in(S.REVIEWED), case_in(S.APPROVED)
    for case in (reviewed, award):
        seat(case.applicant, people.karl(), may_sign=True)

    assert verbs_of(people.karl(), reviewed) == ["withdraw"]
    assert verbs_of(people.karl(), award) == ["accept", "decline", "withdraw"]
    assert why_not(people.karl(), Verb.RECOMMEND, reviewed) == (
        "Du er inhabil i sagen og kan hverken læse vurderingen eller behandle den."
    )


@pytest.mark.django_db
def test_party_stays_party_though_disqualified_as_employee():
    case, now = case_in(S.RETURNED), timezone.now()
    seat(case.applicant, people.karl())
    disqualify(case, by=people.karl(), at=now, person=people.karl(), reason="Jeg sidder i den.")

    assert verbs_of(people.karl(), case) == ["answer_information"]


@pytest.mark.django_db
def test_disqualified_lists_person_and_case():
    told, own, neither = (case_in(S.SUBMITTED) for _n in range(3))
    now = timezone.now()
    disqualify(told, by=people.dora(), at=now, person=people.mads(), reason="Bror")
    seat(own.applicant, people.karl())

    pairs = disqualified([people.mads(), people.karl(), people.dora()], [told, own, neither])

    assert pairs == {(people.mads().pk, told.pk), (people.karl().pk, own.pk)}


@pytest.mark.django_db
def test_clock_does_only_what_is_the_system_s():
    assert why_not(None, Verb.RECOMMEND, case_in(S.REVIEWED)) == (
        "Det kan systemet ikke gøre af sig selv."
    )


@pytest.mark.django_db
def test_reviewer_answers_once():
    case = case_in(S.IN_REVIEW)
    case.assessments.update(state="DONE", finished_at=timezone.now() - timedelta(days=1))

    assert why_not(people.rie(), Verb.RECORD_ASSESSMENT, case) == (
        "Du har allerede afgivet din vurdering."
    )


@pytest.mark.django_db
def test_set_of_cases_is_refused_by_name():
    ready, early = case_in(S.RECOMMENDED), case_in(S.REVIEWED)
    barred = case_in(S.RECOMMENDED)
    seat(barred.applicant, people.dora())

    with refuses(WrongState, f"Sagerne er allerede behandlet eller ikke klar: {early.number}"):
        check_may_many(people.dora(), Verb.DECIDE, [ready, early])
    with refuses(NotAllowed, f"Du er inhabil i {barred.number}"):
        check_may_many(people.dora(), Verb.DECIDE, [ready, barred])
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: formand eller sekretær, leder."):
        check_may_many(people.fie(), Verb.DECIDE, [ready])
    check_may_many(people.dora(), Verb.DECIDE, [ready])


@pytest.mark.django_db
def test_who_may_open_a_case():
    case = case_in(S.SUBMITTED)

    for who in (people.asta, people.karl, people.dora, people.fie):
        check_see(who(), case)
    for who in (people.ulla, people.mads, people.sanne):
        with refuses(NotAllowed, "Det kan du ikke gøre."):
            check_see(who(), case)


@pytest.mark.parametrize("verb", OTHER_VERBS)
def test_verbs_beside_the_case_are_for_their_roles(verb):
    may_do = {role for role in Role if _may_other(role, verb)}

    assert may_do == OTHER_VERBS[verb]


def _may_other(role: Role, verb: str) -> bool:
    try:
        check_other(User(roles=[role]), verb)
    except NotAllowed:
        return False
    return True


# --- the framework's question -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "perm", "has"),
    [
        ([Role.CASE_WORKER], "pulje.recommend", True),
        ([Role.LEADER], "pulje.recommend", False),
        ([Role.FINANCE], "pulje.confirm_payment", True),
        ([Role.CASE_WORKER], "pulje.accept", False),
        ([Role.CASE_WORKER], "pulje.fly", False),
        ([Role.CASE_WORKER], "viewflow.recommend", False),
    ],
)
def test_has_perm_is_read_from_the_same_tables(roles, perm, has):
    assert RoleBackend().has_perm(User(roles=roles), perm) is has


@pytest.mark.django_db
def test_has_perm_of_an_applicant_is_on_the_one_case():
    case, backend = case_in(S.APPROVED), RoleBackend()
    seat(case.applicant, people.ulla())

    assert backend.has_perm(people.asta(), "pulje.accept", case)
    assert backend.has_perm(people.ulla(), "pulje.answer_hearing", case)
    assert not backend.has_perm(people.ulla(), "pulje.accept", case)
    assert not backend.has_perm(people.asta(), "pulje.accept")
    assert not backend.has_perm(AnonymousUser(), "pulje.accept", case)
    assert not backend.has_perm(User(roles=[Role.LEADER], is_active=False), "pulje.decide")
