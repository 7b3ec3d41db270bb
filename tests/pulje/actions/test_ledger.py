from decimal import Decimal

import pytest

from pulje.actions.ledger import (
    case_totals,
    enter,
    outstanding_kr,
    paid_kr,
    release_rest,
    remaining_kr,
    set_frame,
    transfer,
)
from pulje.enums import LedgerKind
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import LedgerEntry
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in
from tests.pulje.actions.telling import ledger, refuses

S = CaseState
KR = Decimal


def test_set_frame_raises_and_lowers(now):
    pool = a_pool(frame_kr=KR(100_000))

    set_frame(pool, by=people.dora(), amount_kr=KR("50000.50"), at=now, cause="raised")
    set_frame(
        pool, by=people.dora(), amount_kr=KR(-20_000), at=now, cause="lowered", note="Omprioriteret"
    )

    assert remaining_kr(pool) == KR("130000.50")


def test_frame_is_never_lowered_below_what_is_granted(now):
    pool = a_pool(frame_kr=KR(10_000))
    case_in(S.APPROVED, pool=pool, requested_kr=KR(8_000))

    with refuses(RuleBroken, "Der er kun 2.000 kr., der ikke er bevilget"):
        set_frame(pool, by=None, amount_kr=KR(-2_001), at=now, cause="lowered")

    set_frame(pool, by=None, amount_kr=KR(-2_000), at=now, cause="lowered")
    assert remaining_kr(pool) == 0


def test_the_same_key_is_used_for_one_thing_only(now):
    pool, other = a_pool(frame_kr=KR(10_000)), a_pool(frame_kr=KR(1_000))
    facts = {"by": people.dora(), "at": now, "cause": "page", "note": "Juni"}
    moved = facts | {"amount_kr": KR(500)}

    assert set_frame(pool, amount_kr=KR(5), **facts)
    assert set_frame(pool, amount_kr=KR(5), **facts) is None
    assert transfer(pool, other, **moved)
    assert transfer(pool, other, **moved) is None
    sentence = "Siden er brugt én gang. Genindlæs og prøv igen."
    with refuses(RuleBroken, sentence):
        set_frame(pool, amount_kr=KR(6), **facts)
    with refuses(RuleBroken, sentence):
        set_frame(other, amount_kr=KR(5), **facts)
    with refuses(RuleBroken, sentence):
        transfer(pool, a_pool(), **moved)

    assert (remaining_kr(pool), remaining_kr(other)) == (KR(9_505), KR(1_500))


def test_the_frame_falls_below_what_is_recommended_only_when_that_is_said(now):
    pool, other = a_pool(frame_kr=KR(10_000)), a_pool(frame_kr=KR(1_000))
    case_in(S.RECOMMENDED, pool=pool, requested_kr=KR(8_000))
    facts = {"by": people.dora(), "at": now, "note": "Juni"}

    with refuses(RuleBroken, "Der er indstillet for 8.000 kr., og rammen rækker ikke til dem"):
        set_frame(pool, amount_kr=KR(-2_001), cause="a", **facts)
    with refuses(RuleBroken, "Der er indstillet for 8.000 kr."):
        transfer(pool, other, amount_kr=KR(2_001), cause="b", **facts)
    assert set_frame(pool, amount_kr=KR(-3_000), cause="a", below_proposals=True, **facts)
    assert transfer(pool, other, amount_kr=KR(7_000), cause="b", below_proposals=True, **facts)
    assert remaining_kr(pool) == 0


def test_money_goes_to_no_earlier_year(now):
    pool, earlier = a_pool(), a_pool()
    earlier.year = pool.year - 1
    earlier.save(update_fields=["year"])

    with refuses(RuleBroken, "Penge kan ikke flyttes til en pulje fra et tidligere år."):
        transfer(pool, earlier, by=people.dora(), amount_kr=KR(1), at=now, note="")


def test_set_frame_is_for_leader_and_administrator(now):
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: administrator, leder."):
        set_frame(a_pool(), by=people.karl(), amount_kr=KR(1), at=now, cause="by Karl")


def test_transfer_is_a_pair_of_entries(now):
    source, target = a_pool(frame_kr=KR(9_000)), a_pool(frame_kr=KR(1_000))

    transfer(source, target, by=people.dora(), amount_kr=KR(4_000), at=now, note="Juni")

    pair = LedgerEntry.objects.filter(note="Juni").order_by("pk")
    assert list(pair.values_list("pool", "amount_kr")) == [
        (source.pk, KR(-4_000)),
        (target.pk, KR(4_000)),
    ]
    assert (remaining_kr(source), remaining_kr(target)) == (KR(5_000), KR(5_000))


@pytest.mark.parametrize(
    ("amount_kr", "sentence"),
    [
        (KR(9_001), "Der er kun 9.000 kr., der ikke er bevilget"),
        (KR(0), "Skriv et beløb over 0 kr."),
        (KR(-5), "Skriv et beløb over 0 kr."),
    ],
)
def test_transfer_refuses(now, amount_kr, sentence):
    source, target = a_pool(frame_kr=KR(9_000)), a_pool(frame_kr=KR(1_000))

    with refuses(RuleBroken, sentence):
        transfer(source, target, by=people.dora(), amount_kr=amount_kr, at=now, note="")

    assert (remaining_kr(source), remaining_kr(target)) == (KR(9_000), KR(1_000))


def test_enter_keeps_paid_within_granted(now):
    case = case_in(S.ACCEPTED, requested_kr=KR(8_000))

    with refuses(RuleBroken, "Beløbet er større end det, der står tilbage på sagen."):
        enter(case, LedgerKind.PAY, KR("8000.01"), by=None, at=now, cause="too much")


def test_enter_writes_nothing_for_nothing(now):
    case = case_in(S.ACCEPTED)

    assert enter(case, LedgerKind.PAY, KR(0), by=None, at=now, cause="nothing") is None


def test_release_rest_gives_back_what_is_not_paid(now):
    case = case_in(S.ACCEPTED, requested_kr=KR(8_000))
    enter(case, LedgerKind.PAY, KR(3_000), by=None, at=now, cause="part")

    release_rest(case, by=None, at=now, cause="rest")

    assert ledger(case) == [("COMMIT", KR(8_000)), ("PAY", KR(3_000)), ("RELEASE", KR(5_000))]
    assert (outstanding_kr(case), paid_kr(case)) == (0, KR(3_000))
    assert case_totals(case) == {"COMMIT": KR(8_000), "PAY": KR(3_000), "RELEASE": KR(5_000)}


@pytest.mark.parametrize(("returns", "left"), [(True, KR(3_000)), (False, KR(2_000))])
def test_money_paid_back_returns_to_the_frame_where_the_pool_says_so(now, returns, left):
    pool = a_pool(frame_kr=KR(10_000), recover_returns_to_frame=returns)
    case = case_in(S.PAID, pool=pool, requested_kr=KR(8_000))

    enter(case, LedgerKind.RECOVER, KR(1_000), by=None, at=now, cause="back")

    assert remaining_kr(pool) == left
