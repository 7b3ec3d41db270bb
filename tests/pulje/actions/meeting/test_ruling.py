"""What a meeting records: every refusal with its borders, corrections, raises, and the money."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulje.actions.decision.decision import decide
from pulje.actions.ledger import remaining_kr, set_frame
from pulje.actions.meeting import frame_raise as frames
from pulje.actions.meeting import ruling as actions
from pulje.actions.meeting.closing import close_meeting
from pulje.actions.meeting.ruling import Recorded, Votes
from pulje.enums import ItemOutcome as O
from pulje.errors import NotAllowed, PuljeError, RuleBroken, WrongState
from pulje.models import (
    AgendaAlternative,
    Application,
    ConflictOfInterest,
    ConflictQuestion,
    FrameRaise,
    Meeting,
)
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_pool, case_in
from tests.pulje.actions.held import ASKED, FRAME, PROPOSED, Held, a_test_pool, published
from tests.pulje.actions.telling import refuses


def each_refusal_with_its_borders(held: Held) -> None:
    mads, sanne = people.mads(), people.sanne()
    away = people.person("Signe", *sanne.roles)
    other = AgendaAlternative.objects.create(
        item=held.items[0], letter="a", amount_kr=D(20_000), text="Kun den første sæson."
    )
    postponed, back = {"outcome": O.POSTPONED}, {"outcome": O.SENT_BACK}
    day_before = {"at": held.at - timedelta(days=1)}
    table = {
        "as recommended": ((PROPOSED,), {}, None),
        "nothing": ((0, "Uden for formålet."), {}, None),
        "all that is asked": ((ASKED, "Alt er nødvendigt."), {}, None),
        "an alternative has its own words": ((), {"alternative": other}, None),
        "as many votes as people": ((PROPOSED,), {"votes": Votes(2, 1)}, None),
        "postponed": ((None, "Vi mangler svar."), postponed, None),
        "postponed in 500 signs": ((None, "x" * 500), postponed, None),
        "sent back": ((None, "Se på budgettet."), back, None),
        "no amount": ((), {}, "Beløbet skal være mellem 0 kr. og de 60.000"),
        "below nothing": (("-0.01", "Uden grund."), {}, "Beløbet skal være mellem 0 kr."),
        "above what is asked": (("60000.01", "Uden grund."), {}, "Beløbet skal være mellem 0 kr."),
        "another amount, no words": ((39_999,), {}, "Indstillingen på 40.000 kr. følges ikke"),
        "another amount, unseen words": ((39_999, "\u200b"), {}, "Indstillingen på 40.000"),
        "postponed, no words": ((None, " "), postponed, "Skriv, hvorfor sagen udsættes."),
        "postponed in 501 signs": (
            (None, "x" * 501),
            postponed,
            "Skriv højst 500 tegn. Der er 501",
        ),
        "sent back, no words": ((), back, "Skriv, hvorfor sagen sendes tilbage."),
        "a vote too many": (
            (PROPOSED,),
            {"votes": Votes(2, 1, 1)},
            "Der er skrevet 4 stemmer, men 3 deltager i sagen.",
        ),
        "a vote too few": (
            (PROPOSED,),
            {"votes": Votes(2)},
            "Der er skrevet 2 stemmer, men 3 deltager i sagen.",
        ),
        "more against": ((PROPOSED,), {"votes": Votes(1, 2)}, "1 stemte for og 2 imod, så"),
        "a tie": ((PROPOSED,), {"votes": Votes(1, 1, 1)}, "1 stemte for og 1 imod, så"),
        "more against, postponed": (
            (None, "Vi mangler svar."),
            postponed | {"votes": Votes(1, 2)},
            None,
        ),
        "nine letters": ((39_999, "Mindre til"), {}, "Indstillingen på 40.000"),
        "ten letters": ((39_999, "Mindre til os"), {}, None),
        "postponed, a full stop": ((None, "."), postponed, "Skriv, hvorfor sagen udsættes. Brug"),
        "sent back, ok": ((None, "ok"), back, "Skriv, hvorfor sagen sendes tilbage. Brug"),
        "a member": ((PROPOSED,), {"by": mads}, "Det kan du ikke gøre."),
        "no seat here": ((PROPOSED,), {"by": away}, "Kun formand eller sekretær i Kulturudvalget"),
        "the chair": ((PROPOSED,), {"by": people.karen()}, None),
        "the day before": ((PROPOSED,), day_before, "Mødet er den "),
    }
    for name, (facts, more, sentence) in table.items():
        with transaction.atomic():
            refused = pytest.raises(PuljeError) if sentence else nullcontext()
            with refused as told:
                held.rule(1, *facts, **more)
            if sentence:
                said = str(told.value).replace("\N{NO-BREAK SPACE}", " ")
                assert said.startswith(sentence), name
            assert len(held.standing()) == (sentence is None), name
            transaction.set_rollback(True)


def refusals_of_who_is_there_and_where_the_case_is(held: Held) -> None:
    first = held.items[0].application
    sanne, mads, karen = people.sanne(), people.mads(), people.karen()

    def shut(person) -> None:
        said = {"reason": "x", "declared_at": held.at, "declared_by": person}
        ConflictOfInterest.objects.create(application=first, user=person, **said)

    def asked() -> None:
        said = {"reason": "x", "raised_at": held.at, "raised_by": sanne, "person": mads}
        ConflictQuestion.objects.create(meeting=held.meeting, application=first, **said)

    def two_away() -> None:
        held.meeting.present.set([karen])

    def one_away_one_out() -> None:
        held.meeting.present.remove(mads)
        shut(karen)

    def withdrawn() -> None:
        Application.objects.filter(pk=first.pk).update(state=S.WITHDRAWN)

    def decided() -> None:
        held.meeting.items.filter(pk=held.items[0].pk).update(outcome=O.DECIDED)

    def closed() -> None:
        Meeting.objects.filter(pk=held.meeting.pk).update(state="CLOSED")

    def own_proposal() -> None:
        first.recommendations.update(recommended_by=sanne)

    def no_proposal() -> None:
        first.recommendations.update(is_current=False)

    table = [
        (lambda: shut(mads), None),  # two of three are left, and that is enough
        (lambda: shut(sanne), (NotAllowed, "Du er inhabil i")),
        (asked, (RuleBroken, "Udvalget skal først afgøre, om Mads er inhabil i sagen.")),
        (two_away, (RuleBroken, "Udvalget er ikke beslutningsdygtigt")),
        (one_away_one_out, (RuleBroken, "Udvalget er ikke beslutningsdygtigt")),
        (withdrawn, (WrongState, "Sagerne er allerede behandlet eller ikke klar: ")),
        (decided, (WrongState, "Sagerne er allerede behandlet eller ikke klar: ")),
        (closed, (WrongState, "Mødet er holdt.")),
        (own_proposal, (RuleBroken, "Du har selv indstillet sagen")),
        (no_proposal, (RuleBroken, "Der er ingen gældende indstilling i sagen.")),
    ]
    for number, (change, refusal) in enumerate(table):
        with transaction.atomic():
            change()
            with refuses(*refusal) if refusal else nullcontext():
                held.rule(1, PROPOSED)
            assert len(held.standing()) == (refusal is None), number
            transaction.set_rollback(True)
    two_away()  # what nobody can decide may still be put off
    assert held.rule(1, None, "For få til stede.", outcome=O.POSTPONED).is_current


def the_frame_holds_unless_it_is_raised(held: Held) -> None:
    held.rule(1, PROPOSED)
    held.rule(2, 60_000, "Alt er nødvendigt.")
    assert (held.left_kr, remaining_kr(held.pool)) == (D(0), FRAME)

    with refuses(RuleBroken, "Der er 0\N{NO-BREAK SPACE}kr. tilbage i .*, og 40.000"):
        held.rule(3, PROPOSED)
    for amount, reason, sentence in (
        (0, "Udvalget forhøjer.", "Skriv et beløb over 0 kr."),
        (1, ".", "Skriv, hvad udvalget har besluttet om rammen."),
    ):
        with refuses(RuleBroken, sentence):
            held.raise_by(amount, reason)
    row = held.raise_by(40_000)
    assert held.raise_by(40_000) == row  # sent twice
    with refuses(RuleBroken, "Der er 40.000\N{NO-BREAK SPACE}kr. tilbage i .*, og 40.001"):
        held.rule(3, 40_001, "Lidt mere til dem.")
    held.rule(3, PROPOSED)
    with refuses(RuleBroken, "Der er 0\N{NO-BREAK SPACE}kr. tilbage i .*, så 40.000"):
        frames.withdraw_raise(row, by=people.sanne(), at=held.at)
    # a lower amount in one case leaves room in another, and the raise can be taken back
    held.rule(2, 20_000, "Mindre end søgt.")
    frames.withdraw_raise(row, by=people.sanne(), at=held.at)
    before = held.changes
    frames.withdraw_raise(row, by=people.sanne(), at=held.at)
    assert (held.left_kr, held.changes) == (D(0), before)
    # a raise from another pool takes as much from it
    held.rule(1, None, "Vi venter på svar.", outcome=O.POSTPONED)
    source = published(a_pool(frame_kr=D(5_000)))
    held.raise_by(5_000, source=source)
    assert held.left_kr == D(45_000)
    with refuses(RuleBroken, "Der er 0\N{NO-BREAK SPACE}kr. tilbage i .*, og 1"):
        held.raise_by(1, source=source)
    with refuses(RuleBroken, "Vælg en anden pulje at tage pengene fra."):
        held.raise_by(1, source=held.pool)
    with refuses(RuleBroken, "Udvalget råder ikke over pengene"):
        held.raise_by(1, source=a_test_pool())
    with refuses(RuleBroken, "Pengene skal komme fra en pulje i samme år."):
        held.raise_by(1, source=published(a_pool(year=2028)))
    with refuses(RuleBroken, "Udvalget råder ikke over pengene"):
        held.raise_by(1, source=a_pool())
    with refuses(RuleBroken, ".* er ikke på mødets dagsorden."):
        held.raise_by(1, pool=source)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        held.raise_by(1, by=people.mads())
    held.meeting.present.set([people.mads()])
    with refuses(RuleBroken, "Udvalget er ikke beslutningsdygtigt: 1 er til stede"):
        held.raise_by(1)


def nobody_else_spends_what_is_recorded(held: Held) -> None:
    held.rule(1, PROPOSED)
    held.rule(2, 53_000, "Næsten det hele.")
    small = case_in(S.RECOMMENDED, pool=held.pool)  # the leader's
    facts = {"by": people.dora(), "at": held.at, "reasons": "Resten af rammen."}
    with refuses(RuleBroken, "Der er 7.000 kr. tilbage i puljen, når det, udvalget har besluttet"):
        decide(small, amount_kr=D(7_001), **facts)
    with refuses(RuleBroken, "Der er kun 7.000 kr., der ikke er bevilget"):
        set_frame(held.pool, by=None, amount_kr=D(-7_001), at=held.at, cause="cut")
    held.raise_by(10_000)
    decide(small, amount_kr=D(7_000), **facts)
    held.rule(3, 10_000, "Resten af rammen.")
    close_meeting(held.meeting, by=people.sanne(), at=held.at)
    assert remaining_kr(held.pool) == D(0)


def who_is_shut_out_learns_no_amount_from_a_refusal(held: Held) -> None:
    held.rule(1, PROPOSED)
    said = {"reason": "x", "declared_at": held.at, "declared_by": people.karen()}
    case = held.items[0].application
    ConflictOfInterest.objects.create(application=case, user=people.karen(), **said)

    with pytest.raises(RuleBroken) as told:
        actions.record_rulings(
            held.meeting,
            [
                Recorded(item, O.DECIDED, D(50_000), "Mere end indstillet.")
                for item in held.items[1:]
            ],
            by=people.karen(),
            at=held.at,
        )

    assert "60.000" not in str(told.value)
    assert str(told.value).startswith("100.000\N{NO-BREAK SPACE}kr. er mere, end der er tilbage")


def a_ruling_is_corrected_freely_and_the_same_twice_changes_nothing(held: Held) -> None:
    first = held.rule(1, 30_000, "Mindre end søgt.")
    before = held.changes

    assert held.rule(1, 30_000, "Mindre end søgt.", by=people.karen()) == first
    assert held.changes == before
    held.rule(1, 30_000, "Mindre end søgt.", votes=Votes(2, 1), dissent="Vi ville give alt.")
    held.rule(1, PROPOSED)

    rows = held.items[0].rulings.order_by("pk")
    assert list(rows.values_list("amount_kr", "is_current")) == [
        (D(30_000), False),
        (D(30_000), False),
        (PROPOSED, True),
    ]
    assert (held.left_kr, held.changes) == (D(60_000), before + 2)


def the_turn_goes_to_the_next_case_without_a_ruling(held: Held) -> None:
    actions.take(held.items[0], by=people.sanne(), at=held.at)
    held.rule(2, PROPOSED)
    assert Meeting.objects.get().current_item == held.items[0]

    held.rule(1, PROPOSED)

    assert Meeting.objects.get().current_item == held.items[2]
    held.rule(3, 0, "Uden for formålet.")
    assert Meeting.objects.get().current_item is None
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        actions.take(held.items[0], by=people.mads(), at=held.at)


def many_are_recorded_in_as_many_queries_as_one_and_all_or_nothing(held: Held) -> None:

    def recorded(items, amount_kr) -> list[Recorded]:
        return [Recorded(item, O.DECIDED, D(amount_kr), "Udvalgets ord.") for item in items]

    counts = []
    for items in (held.items[:1], held.items):
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            actions.record_rulings(
                held.meeting, recorded(items, 33_000), by=people.sanne(), at=held.at
            )
            transaction.set_rollback(True)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
    with refuses(RuleBroken, "Der er 100.000\N{NO-BREAK SPACE}kr. tilbage i .*, og 102.000"):
        actions.record_rulings(
            held.meeting, recorded(held.items, 34_000), by=people.sanne(), at=held.at
        )
    number = held.items[2].application.number
    rows = [*recorded(held.items[:2], 10_000), Recorded(held.items[2], O.DECIDED, D(1))]
    with refuses(RuleBroken, f"{number}: Indstillingen på"):
        actions.record_rulings(held.meeting, rows, by=people.sanne(), at=held.at)
    assert held.standing() == []


AMOUNTS = st.decimals(min_value=0, max_value=ASKED, places=2)
VERBS = st.one_of(
    st.tuples(st.just("rule"), st.integers(1, 3), AMOUNTS),
    st.tuples(st.sampled_from([O.POSTPONED, O.SENT_BACK]), st.integers(1, 3)),
    st.tuples(st.just("raise"), st.integers(1, 60_000)),
    st.tuples(st.just("back"), st.integers(0, 3)),
)


def what_is_left_is_always_the_ledger_with_raises_less_what_is_recorded(held: Held) -> None:

    @settings(
        max_examples=4,
        stateful_step_count=8,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(VERBS, min_size=4, max_size=8))
    def holds(verbs) -> None:
        with transaction.atomic():
            for verb in verbs:
                try:
                    with transaction.atomic():
                        _do(held, verb)
                except RuleBroken:
                    pass
            recorded = sum((amount or 0 for _nr, _what, amount in held.standing()), D(0))
            raised = sum(row.amount_kr for row in FrameRaise.objects.filter(withdrawn_at=None))
            assert held.left_kr == remaining_kr(held.pool) + raised - recorded >= 0
            transaction.set_rollback(True)

    holds()


def _do(held: Held, verb: tuple) -> None:
    what, *facts = verb
    if what == "rule":
        held.rule(facts[0], facts[1], "Udvalgets ord.")
    elif what == "raise":
        held.raise_by(facts[0])
    elif what == "back":
        rows = list(FrameRaise.objects.order_by("pk"))
        if facts[0] < len(rows):
            frames.withdraw_raise(rows[facts[0]], by=people.sanne(), at=held.at)
    else:
        held.rule(facts[0], None, "Vi venter på svar.", outcome=what)


STORIES = (
    each_refusal_with_its_borders,
    refusals_of_who_is_there_and_where_the_case_is,
    the_frame_holds_unless_it_is_raised,
    nobody_else_spends_what_is_recorded,
    who_is_shut_out_learns_no_amount_from_a_refusal,
    a_ruling_is_corrected_freely_and_the_same_twice_changes_nothing,
    the_turn_goes_to_the_next_case_without_a_ruling,
    many_are_recorded_in_as_many_queries_as_one_and_all_or_nothing,
    what_is_left_is_always_the_ledger_with_raises_less_what_is_recorded,
)


def test_recording(subtests):
    held = Held()
    for story in STORIES:
        with subtests.test(story.__name__), transaction.atomic():
            story(held)
            transaction.set_rollback(True)
