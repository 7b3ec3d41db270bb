"""A complaint: received, looked at again, answered by the body that decided; money follows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from letters.models import Letter
from pulje.actions.casework.tie import disqualify
from pulje.actions.decision import appeal as actions
from pulje.actions.grant.repayment import close
from pulje.enums import AppealState
from pulje.errors import NotAllowed, PuljeError, RuleBroken, WrongState
from pulje.models import Appeal
from pulje.rules.appeals import answer_by
from pulje.states import CaseState
from tests import people
from tests.arrived import decision_told
from tests.factories import a_pool, case_in, walk_to
from tests.pulje.actions.telling import ledger, payments, refuses

S = CaseState
KR = Decimal
UPHELD, CHANGED, LATE = AppealState.UPHELD, AppealState.CHANGED, AppealState.REJECTED_AS_LATE


def partly_granted(**draft):
    """A case that asked for 8.000 and got 5.000."""
    walk = walk_to(S.REVIEWED, **({"requested_kr": KR(8_000)} | draft))
    walk.recommend(KR(5_000))
    walk.decide()
    return walk


def complained(walk):
    walk.do(
        actions.receive_appeal,
        people.karl(),
        received_on=timezone.localdate(walk.at) + timedelta(days=1),
        text="I har ikke læst bilag 2.",
        complainant="Asta",
    )
    return walk


def assessed(walk):
    complained(walk).do(actions.assess_appeal, people.rie(), assessment="Bilag 2 viser lejen.")
    return walk


def answer(walk, outcome, *, by=people.dora, amount_kr=None, answer="Lejen er med i budgettet."):
    return walk.do(actions.answer_appeal, by(), outcome=outcome, answer=answer, amount_kr=amount_kr)


def letters(walk):
    rows = Letter.objects.filter(application=walk.case).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_receive_appeal_starts_its_clock_and_tells_the_applicant():
    walk = complained(partly_granted())

    found, entry = Appeal.objects.get(), walk.case.journal.latest("number")
    received_on = timezone.localdate(walk.at)
    assert (found.state, found.received_by, found.due_on) == (
        AppealState.RECEIVED,
        people.karl(),
        answer_by(received_on),
    )
    assert (entry.event, entry.on_behalf_of) == ("appeal_received", "Asta")
    assert entry.data == {"appeal": found.pk, "answer_on": found.due_on.isoformat()}
    assert (walk.case.state, letters(walk)[-1]) == (S.APPROVED, "APPEAL_RECEIPT")


def test_receive_appeal_refuses(now):
    walk = partly_granted()
    today = timezone.localdate(now)
    decided_on = timezone.localdate(walk.case.decisions.get().decided_at)
    told = {"by": people.karl(), "at": now, "received_on": today, "text": "Nej"}

    with refuses(WrongState, "Der er ingen afgørelse i sagen at klage over."):
        actions.receive_appeal(case_in(S.REVIEWED), **told)
    with refuses(RuleBroken, "Skriv klagen, som den er kommet ind."):
        actions.receive_appeal(walk.case, **(told | {"text": " "}))
    for day in (decided_on - timedelta(days=1), today + timedelta(days=1)):
        with refuses(RuleBroken, "Klagen kan ikke være kommet før afgørelsen eller efter i dag."):
            actions.receive_appeal(walk.case, **(told | {"received_on": day}))
    actions.receive_appeal(walk.case, **(told | {"received_on": decided_on}))
    with refuses(WrongState, "Der er allerede en klage, som ikke er besvaret."):
        actions.receive_appeal(walk.case, **told)


VERBS = {
    "receive_appeal": {"text": "Nej"},
    "assess_appeal": {"assessment": "Set på igen."},
    "answer_appeal": {"outcome": UPHELD, "answer": "Vi holder fast."},
}
MAY = {
    ("none", "receive_appeal"): "Karl Rie Dora",
    ("received", "assess_appeal"): "Karl Rie Dora",
    ("assessed", "answer_appeal"): "Dora",
    ("upheld", "receive_appeal"): "Karl Rie Dora",
}


@pytest.mark.parametrize("stands", ["none", "received", "assessed", "upheld"])
def test_whole_table_of_complaints_and_people(now, stands):
    walk = partly_granted()
    if stands != "none":
        complained(walk)
    if stands in ("assessed", "upheld"):
        walk.do(actions.assess_appeal, people.rie(), assessment="Set på igen.")
    if stands == "upheld":
        answer(walk, UPHELD)
    day = timezone.localdate(now)

    for verb, facts in VERBS.items():
        facts = facts | ({"received_on": day} if verb == "receive_appeal" else {})
        may = [who for who in people.EVERYBODY if _does(verb, walk.case, who(), now, facts)]
        names = " ".join(who.__name__.capitalize() for who in may)
        assert sorted(names.split()) == sorted(MAY.get((stands, verb), "").split()), verb


def _does(verb, case, who, now, facts) -> bool:
    """Try it, and take it back."""
    try:
        with transaction.atomic():
            getattr(actions, verb)(case, by=who, at=now, **facts)
            raise _Undone
    except _Undone:
        return True
    except PuljeError:
        return False


class _Undone(Exception):
    """It was done, and is taken back."""


def test_one_who_is_disqualified_touches_no_complaint(now):
    walk = assessed(partly_granted())
    disqualify(walk.case, by=people.dora(), at=now, person=people.dora(), reason="Søster")

    with refuses(NotAllowed, "Du er inhabil i sagen"):
        actions.answer_appeal(
            walk.case, by=people.dora(), at=now, outcome=UPHELD, answer="Vi holder fast."
        )


def test_journal_says_that_the_recommender_assessed_it():
    for who, is_same in ((people.karl, True), (people.rie, False)):
        walk = complained(partly_granted())
        entry = walk.do(actions.assess_appeal, who(), assessment="Set på igen.")
        assert entry.data["by_recommender"] is is_same


def test_a_complaint_is_assessed_once_and_answered_with_money_only_when_changed():
    walk = assessed(partly_granted())

    with refuses(WrongState, "Klagen er allerede genvurderet."):
        walk.do(actions.assess_appeal, people.karl(), assessment="Noget andet.")
    assert Appeal.objects.get().assessment == "Bilag 2 viser lejen."
    for outcome in (UPHELD, LATE):
        with refuses(RuleBroken, "Svaret giver ikke et nyt beløb."):
            answer(walk, outcome, amount_kr=KR(7_000))


def test_upheld_gives_all_the_days_to_say_yes_again():
    walk = assessed(partly_granted())

    entry = answer(walk, UPHELD)

    found, due_on = Appeal.objects.get(), timezone.localdate(walk.at) + timedelta(days=21)
    assert (found.state, found.answer, found.answered_by) == (
        UPHELD,
        "Lejen er med i budgettet.",
        people.dora(),
    )
    assert (walk.case.state, walk.case.due_on) == (S.APPROVED, due_on)
    assert entry.data == {"appeal": found.pk, "due_on": due_on.isoformat()}
    assert ledger(walk.case) == [("COMMIT", KR(5_000))]
    assert letters(walk)[-1] == "APPEAL_UPHELD"


def test_changed_is_a_new_decision_with_ledger_payment_and_letter():
    walk = partly_granted()
    walk.accept()
    walk.pay()
    assessed(walk)

    answer(walk, CHANGED, amount_kr=KR(7_000))

    found, new = Appeal.objects.get(), walk.case.decisions.get(is_current=True)
    assert (found.state, found.new_decision, new.replaces) == (CHANGED, new, found.decision)
    assert (new.amount_kr, new.reasons) == (KR(7_000), "Lejen er med i budgettet.")
    events = list(walk.case.journal.order_by("number").values_list("event", flat=True))
    assert events[-2:] == ["appeal_changed", "redecide"]
    assert (walk.case.state, letters(walk)[-1]) == (S.APPROVED, "PARTIAL_AWARD")
    walk.accept()
    assert payments(walk.case) == [("CONFIRMED", KR(5_000)), ("PLANNED", KR(2_000))]
    assert ledger(walk.case) == [
        ("COMMIT", KR(5_000)),
        ("PAY", KR(5_000)),
        ("COMMIT", KR(2_000)),
    ]


def test_changed_after_a_rejection():
    walk = assessed(walk_to(S.REJECTED, requested_kr=KR(8_000)))

    answer(walk, CHANGED, amount_kr=KR(8_000))

    assert (walk.case.state, ledger(walk.case)) == (S.APPROVED, [("COMMIT", KR(8_000))])
    assert letters(walk)[-1] == "AWARD"


@pytest.mark.parametrize(
    ("amount_kr", "sentence"),
    [
        (KR(4_999), "En klage kan ikke give mindre eller det samme."),
        (KR(5_000), "En klage kan ikke give mindre eller det samme."),
        (None, "En klage kan ikke give mindre eller det samme."),
        (KR("8000.01"), "Beløbet skal være mellem 0 kr. og det, der er søgt om."),
        (KR("6000.01"), "Der er 1.000 kr. tilbage i puljen"),
        (KR(6_000), ""),
    ],
    ids=[
        "less",
        "the same",
        "nothing typed",
        "more than asked",
        "beyond the frame",
        "to the frame",
    ],
)
def test_changed_has_its_borders(amount_kr, sentence):
    walk = assessed(partly_granted(pool=a_pool(frame_kr=KR(6_000))))

    if not sentence:
        answer(walk, CHANGED, amount_kr=amount_kr)
        assert walk.case.granted_kr == amount_kr
        return
    with refuses(RuleBroken, sentence):
        answer(walk, CHANGED, amount_kr=amount_kr)
    assert Appeal.objects.get().state == AppealState.ASSESSED
    assert ledger(walk.case) == [("COMMIT", KR(5_000))]


def test_answer_refuses():
    walk = complained(partly_granted())

    with refuses(RuleBroken, "Klagen skal genvurderes, før den kan besvares."):
        answer(walk, UPHELD)
    with refuses(RuleBroken, "Skriv, hvad du har set på igen"):
        walk.do(actions.assess_appeal, people.rie(), assessment=" ")
    with refuses(RuleBroken, "Skriv begrundelsen. Ansøger læser den i svaret."):
        answer(walk, UPHELD, answer=" ")
    with refuses(RuleBroken, "Ansøger har ikke fået en klagefrist i brevet"):
        answer(walk, LATE)
    with refuses(NotAllowed, "Forvaltningen har afgjort sagen, så lederen skal gøre det."):
        answer(walk, UPHELD, by=people.sanne)


def test_committee_s_decision_is_answered_by_its_secretary():
    walk = assessed(walk_to(S.APPROVED, requested_kr=KR(40_000)))

    with refuses(NotAllowed, "Udvalget har afgjort sagen, så formand eller sekretær skal"):
        answer(walk, UPHELD)
    answer(walk, UPHELD, by=people.sanne)

    assert Appeal.objects.get().state == UPHELD


@pytest.mark.parametrize(
    ("days", "guidance", "why"),
    [
        (28, "Klag inden 4 uger.", "Klagen kom i tide. Fristen var"),
        (29, "Klag inden fire uger.", ""),
        (90, "Klag til Ankestyrelsen.", "Ansøger har ikke fået en klagefrist i brevet"),
    ],
    ids=["in time", "late", "no letter told the deadline"],
)
def test_late_where_the_letter_told_a_deadline(days, guidance, why):
    walk = walk_to(S.REJECTED, pool=a_pool(legal_basis="SEL18"))
    decision_told(walk.case, "REJECTION", walk.at, guidance)
    walk.at += timedelta(days=days - 1)
    complained(walk)

    if why:
        with refuses(RuleBroken, why):
            answer(walk, LATE)
    else:
        answer(walk, LATE)
        assert (Appeal.objects.get().state, letters(walk)[-1]) == (LATE, "APPEAL_LATE")


def test_a_case_is_not_closed_while_a_complaint_waits():
    walk = assessed(walk_to(S.REJECTED))

    with refuses(RuleBroken, "Der er en klage, som ikke er besvaret."):
        walk.do(close, None)
    answer(walk, UPHELD)
    walk.do(close, None)

    assert walk.case.state == S.CLOSED
