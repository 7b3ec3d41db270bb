"""The whole table: every state, every verb, every person - allowed, or refused as it should be."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count

from letters.actions.queue import UNTOLD
from pulje.enums import PaymentPlan, Role
from pulje.errors import NotAllowed, PuljeError, WrongState
from pulje.models import Application, JournalEntry, User
from pulje.permissions import check_may
from pulje.states import STEPS, CaseState, Verb
from tests import people
from tests.factories import SMALL_KR, WAYS, Walk, a_draft, a_pool
from tests.workflow.doing import HOW, Try, attempt
from workflow.contradictions import contradictions

pytestmark = pytest.mark.django_db

S, V = CaseState, Verb
Standing = tuple[CaseState, int, int]
HEARD = ("open_hearing", "answer_hearing")
# plans and ways that make as many verbs as possible possible in the state
PLANS = {S.REPORTED: PaymentPlan.REIMBURSEMENT, S.LAPSED: PaymentPlan.INSTALMENTS}
OWN_WAYS = {
    S.REPORTED: (*WAYS[S.ACCEPTED], "submit_report", "approve_report"),
    S.LAPSED: (*WAYS[S.ACCEPTED], "pay_one", *HEARD, "lapse"),
    S.ACCEPTED: (*WAYS[S.ACCEPTED], "pay_one", *HEARD),
    S.PAID: (*WAYS[S.PAID], *HEARD),
    S.REPORT_SUBMITTED: (*WAYS[S.PAID], *HEARD, "submit_report"),
    S.REPORT_RETURNED: (*WAYS[S.PAID], *HEARD, "submit_report", "return_report"),
}
PLANS |= {S.ACCEPTED: PaymentPlan.INSTALMENTS}
# the table lets them, and the case's own facts do not
FACTS_FORBID = {
    (S.ACCEPTED, V.WITHDRAW): "udbetalt",
    (S.REPORTED, V.CLAIM_REPAYMENT): "udbetalt",
    (S.REPORTED, V.CLOSE): "udbetaling",
}


def a_walk(state: CaseState) -> Walk:
    pool = a_pool(payment_plan=PLANS.get(state, PaymentPlan.UPFRONT))
    draft = a_draft(pool=pool)
    walk = Walk(draft, draft.state_since)
    for step in OWN_WAYS.get(state, WAYS[state]):
        getattr(walk, step)()
    assert walk.case.state == state
    return walk


def refusal(state: CaseState, verb: Verb, who: User | None) -> type[PuljeError] | None:
    """What the table says, told once more in other words."""
    step = STEPS[verb]
    if state not in step.sources:
        return WrongState
    roles = {Role.SYSTEM} if who is None else set(who.roles)
    if who is not None and who.name == "Asta":
        roles = {Role.APPLICANT}
    if not roles & step.who:
        return NotAllowed
    if verb == V.RECORD_ASSESSMENT and who.name != "Rie":
        return NotAllowed
    return None


@pytest.mark.parametrize("state", list(CaseState))
def test_state_by_verb_by_person(state: CaseState) -> None:
    walk = a_walk(state)
    everybody: list[User | None] = [who() for who in people.EVERYBODY] + [None]
    before = standing(walk.case)

    for verb in Verb:
        for who in everybody:
            expected = refusal(state, verb, who)
            asked = _asked(who, verb, walk.case)
            told = f"{who and who.name} {verb} in {state}"
            assert asked is expected, f"{told}: {asked}"
            with transaction.atomic():
                _try(walk, verb, who, expected, told, before)
                transaction.set_rollback(True)


def _asked(who: User | None, verb: Verb, case: Application) -> type[PuljeError] | None:
    try:
        check_may(who, verb, case)
    except PuljeError as error:
        return type(error)
    return None


def _try(
    walk: Walk,
    verb: Verb,
    who: User | None,
    expected: type[PuljeError] | None,
    told: str,
    before: Standing,
) -> None:
    """Do it through hands: an allowed verb leaves its journal row, a refused one nothing at all."""
    if (verb == V.MARK_PAID and (expected or who is None)) or (who is None and expected):
        return  # nothing is on its way to the bank; the clock only ever calls its own verbs
    case = walk.case
    amount = case.granted_kr or SMALL_KR
    days = 1 if who else 200  # the clock does nothing before a deadline has passed
    try_ = Try(case, who, walk.at + timedelta(days=days), Decimal(amount))
    own = None if expected else _own_refusal(before[0], verb, who)
    if expected is None and own is None:
        entry = attempt(verb, try_)
        lines = JournalEntry.objects.filter(application=case).exclude(event=UNTOLD)
        last = lines.latest("number")
        assert (last.pk, last.by) == (entry.pk, who), told
        assert last.to_state == standing(case)[0], told
        assert verb == V.MARK_PAID or last.event == verb, told
        assert contradictions() == [], told
        return
    with pytest.raises(PuljeError, match=own), transaction.atomic():
        attempt(verb, try_)
    assert before == standing(case), told


def _own_refusal(state: CaseState, verb: Verb, who: User | None) -> str | None:
    if verb == V.REDECIDE and who is not None and who.has_role(Role.SECRETARY):
        return "Forvaltningen har afgjort"
    if verb == V.DECIDE and who is not None and who.has_role(Role.SECRETARY):
        return "Uden for et møde er det kun lederen"
    return FACTS_FORBID.get((state, verb))


def standing(case: Application) -> Standing:
    """State, lines in the journal, entries in the ledger: in one query, asked 5,000 times."""
    rows = [Count(name, distinct=True) for name in ("journal", "ledger")]
    state, *counts = Application.objects.values_list("state", *rows).get(pk=case.pk)
    return CaseState(state), *counts


def test_every_verb_can_be_tried() -> None:
    assert set(HOW) == set(Verb)
