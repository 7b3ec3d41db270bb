from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from pulje.actions.casework import assessment as actions
from pulje.actions.casework.recommendation import undo
from pulje.actions.casework.tie import disqualify
from pulje.enums import MemberRole
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Criterion, Score
from pulje.states import CaseState
from tests import people
from tests.factories import a_pool, case_in
from tests.pulje.actions.telling import again, last_line, refuses

S = CaseState


record = partial(actions.record_assessment, is_impartial=True)


def points(case, *each: int) -> dict[int, int]:
    """Points in the order of the criteria."""
    criteria = case.version.criteria.order_by("position").values_list("pk", flat=True)
    return dict(zip(criteria, each, strict=True))


# --- accept for review ------------------------------------------------------------------------


def test_accept_for_review_opens_an_assessment_for_each(now):
    case = case_in(S.SUBMITTED)
    reviewers = [people.rie(), people.karl(), people.rie()]

    entry = actions.accept_for_review(
        case, by=people.karl(), at=now, reviewers=reviewers, rest_is_fine=True
    )

    asked = case.assessments.order_by("reviewer")
    assert list(asked.values_list("reviewer", "state")) == sorted(
        [(people.rie().pk, "OPEN"), (people.karl().pk, "OPEN")]
    )
    assert again(case).due_on == case.due_on  # the answer that is promised stands
    assert entry.data == {"reviewers": sorted([people.rie().pk, people.karl().pk])}


def test_a_case_for_the_committee_has_the_days_of_the_next_step(now):
    case = case_in(S.SUBMITTED, requested_kr=Decimal(40_000))

    actions.accept_for_review(
        case, by=people.karl(), at=now, reviewers=[people.rie()], rest_is_fine=True
    )

    assert again(case).due_on == timezone.localdate(now) + timedelta(days=14)


def test_first_step_takes_charge_of_a_case_nobody_has(now):
    case = case_in(S.SUBMITTED, caseworker=None)

    actions.accept_for_review(
        case, by=people.karl(), at=now, reviewers=[people.rie()], rest_is_fine=True
    )

    assert again(case).caseworker == people.karl()


def test_accept_for_review_needs_as_many_as_the_pool_says(now):
    case = case_in(S.SUBMITTED, pool=a_pool(reviewers=2))

    with refuses(RuleBroken, "Puljen kræver 2 vurderinger. Vælg flere."):
        actions.accept_for_review(
            case, by=people.karl(), at=now, reviewers=[people.rie(), people.rie()]
        )


def test_accept_for_review_refuses_whoever_may_not_review(now):
    case, mine = case_in(S.SUBMITTED), case_in(S.SUBMITTED)
    disqualify(case, by=people.rie(), at=now, person=people.rie(), reason="Svigerfar")
    people.seat(mine.applicant, people.rie(), role=MemberRole.BOARD)

    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: sagsbehandler."):
        actions.accept_for_review(case, by=people.karl(), at=now, reviewers=[people.fie()])
    for theirs in (case, mine):
        with refuses(NotAllowed, "Rie er inhabil i sagen."):
            actions.accept_for_review(theirs, by=people.karl(), at=now, reviewers=[people.rie()])


# --- record, abstain --------------------------------------------------------------------------


def test_last_assessment_makes_the_case_reviewed(now):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=2))
    Criterion.objects.filter(version=case.version, position=1).update(weight=3)
    first = points(case, 3, 1)

    waits = record(
        case, by=people.rie(), at=now, points=first, words={next(iter(first)): "Stærkt."}
    )
    assert (waits.to_state, again(case).points) == (S.IN_REVIEW, None)

    entry = record(case, by=people.karl(), at=now, points=points(case, 2, 2), comment="Fint.")

    case = again(case)
    assert (entry.to_state, case.state) == (S.REVIEWED, S.REVIEWED)
    assert case.points == 9  # 3 x 2.5 + 1 x 1.5
    assert list(case.assessments.order_by("pk").values_list("state", "comment")) == [
        ("DONE", ""),
        ("DONE", "Fint."),
    ]
    assert list(Score.objects.order_by("pk").values_list("points", "words")) == [
        (3, "Stærkt."),
        (1, ""),
        (2, ""),
        (2, ""),
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((1,), "Giv point på alle kriterier. Der mangler 1."),
        ((), "Giv point på alle kriterier. Der mangler 2."),
        ((1, 4), "Giv 0, 1, 2 eller 3 point på hvert kriterium."),
        ((-1, 2), "Giv 0, 1, 2 eller 3 point på hvert kriterium."),
    ],
)
def test_record_assessment_refuses(now, given, sentence):
    case = case_in(S.IN_REVIEW)
    criteria = list(points(case, 0, 0))

    with refuses(RuleBroken, sentence):
        record(case, by=people.rie(), at=now, points=dict(zip(criteria, given, strict=False)))


def test_record_assessment_is_for_those_asked_and_once(now):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=2))

    with refuses(NotAllowed, "Du er ikke sat til at vurdere sagen."):
        record(
            case,
            by=people.person("Rolf", *people.rie().roles),
            at=now,
            points=points(case, 1, 1),
        )
    record(case, by=people.rie(), at=now, points=points(case, 1, 1))
    with refuses(WrongState, "Du har allerede afgivet din vurdering."):
        record(case, by=people.rie(), at=now, points=points(case, 3, 3))


def test_abstain_counts_for_nothing(now):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=2))

    actions.abstain(case, by=people.rie(), at=now, reason="Jeg kender projektet for godt.")
    record(case, by=people.karl(), at=now, points=points(case, 1, 0))

    assert (again(case).state, again(case).points) == (S.REVIEWED, 1)


def test_when_all_abstain_there_are_no_points(now):
    case = case_in(S.IN_REVIEW)

    with refuses(RuleBroken, "Skriv, hvorfor du ikke vurderer sagen."):
        actions.abstain(case, by=people.rie(), at=now, reason=" ")
    actions.abstain(case, by=people.rie(), at=now, reason="Ved for lidt.")

    assert (again(case).state, again(case).points) == (S.REVIEWED, None)


# --- hand over --------------------------------------------------------------------------------


def test_hand_over_gives_the_assessment_to_another(now):
    case = case_in(S.IN_REVIEW)

    entry = actions.hand_over(
        case, by=people.dora(), at=now, reviewer=people.rie(), to=people.karl()
    )

    assert case.assessments.get().reviewer == people.karl()
    assert last_line(case) == entry
    assert entry.data == {"from": people.rie().pk, "to": people.karl().pk}


def test_hand_over_refuses(now):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=2))
    rolf = people.person("Rolf", *people.rie().roles)
    disqualify(case, by=rolf, at=now, person=rolf, reason="Bror")
    done = case_in(S.REVIEWED)

    def hand_over(case, to, by=people.dora):
        actions.hand_over(case, by=by(), at=now, reviewer=people.rie(), to=to)

    with refuses(NotAllowed, "Det kan du ikke gøre."):
        hand_over(case, rolf, by=people.fie)
    with refuses(NotAllowed, "Det kan du ikke gøre. Det kan kun: sagsbehandler."):
        hand_over(case, people.fie())
    with refuses(NotAllowed, "Rolf er inhabil i sagen."):
        hand_over(case, rolf)
    with refuses(RuleBroken, "Karl har allerede en vurdering i sagen."):
        hand_over(case, people.karl())
    with refuses(RuleBroken, "Vurderingen er afgivet og kan ikke gives videre."):
        hand_over(done, people.karl())
    assert case.assessments.count() == 2


def test_scores_stand_when_the_case_is_recommended(now):
    """Nothing that is done to a recommended case touches a score, a comment or the points."""
    case = case_in(S.RECOMMENDED, pool=a_pool(reviewers=2))
    rolf = people.person("Rolf", *people.rie().roles)

    def said():
        rows = Score.objects.filter(assessment__application=case).order_by("pk")
        reviews = case.assessments.order_by("pk").values_list("reviewer", "state", "comment")
        return list(rows.values_list("points", "words")), list(reviews), again(case).points

    before = said()
    for refused in (
        lambda: record(case, by=people.rie(), at=now, points=points(case, 0, 0)),
        lambda: actions.abstain(case, by=people.rie(), at=now, reason="Nej"),
        lambda: actions.save_draft(case, by=people.rie(), at=now, typed={"comment": "Nej"}),
    ):
        with refuses(WrongState, "Det kan ikke gøres nu."):
            refused()
    with refuses(RuleBroken, "Vurderingen er afgivet og kan ikke gives videre."):
        actions.hand_over(case, by=people.dora(), at=now, reviewer=people.rie(), to=rolf)
    disqualify(case, by=people.rie(), at=now, person=people.rie(), reason="Nabo")
    undo(case, by=people.karl(), at=now)

    assert again(case).state == S.REVIEWED
    assert said() == before


def test_record_assessment_needs_the_declaration(now):
    case = case_in(S.IN_REVIEW)

    with refuses(RuleBroken, "Sig, at du ikke har nogen interesse i sagen."):
        record(case, by=people.rie(), at=now, points=points(case, 1, 1), is_impartial=False)
    record(case, by=people.rie(), at=now, points=points(case, 1, 1))

    assert case.assessments.get().declared_at == now


@pytest.mark.parametrize(
    ("given", "needs", "kr", "is_refused"),
    [
        pytest.param((2, 2), 2, 1000, False, id="exactly enough"),
        pytest.param((2, 1), 2, 1000, True, id="one short"),
        pytest.param((2, 1), 2, 0, False, id="a refusal may always be recommended"),
        pytest.param((2, 1), 1, 1000, False, id="one is enough"),
        pytest.param((0, 0), 0, 1000, False, id="the pool asks for nothing"),
        pytest.param(None, 2, 1000, False, id="nobody gave points: nothing to judge by"),
    ],
)
def test_pool_s_demand_on_points(now, given, needs, kr, is_refused):
    case = case_in(S.IN_REVIEW, pool=a_pool(needs_criteria=needs, needs_points=2))
    if given is None:
        actions.abstain(case, by=people.rie(), at=now, reason="Ved for lidt.")
    else:
        record(case, by=people.rie(), at=now, points=points(case, *given))
    case = again(case)

    if is_refused:
        with refuses(RuleBroken, "Puljen kræver mindst 2 point i 2 af 2 kriterier."):
            actions.check_meets_rule(case, Decimal(kr))
    else:
        actions.check_meets_rule(case, Decimal(kr))
