"""Ties, what they mean in a case, and handing over what a disqualified person had to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pulje.actions.casework import assessment
from pulje.actions.casework.handover import assign
from pulje.actions.casework.tie import declare_impartial, disqualify, end_tie, tell_tie
from pulje.enums import Role
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Partner
from pulje.permissions import check_may_many, unresolved_ties, why_not
from pulje.queries.casework.impartiality import in_words, reviewers_for, unresolved_tie
from pulje.states import CaseState, Verb
from tests import people
from tests.factories import a_pool, case_in, walk_to
from tests.people import seat
from tests.pulje.actions.telling import again, last_line, refuses
from workflow.contradictions import contradictions

S = CaseState


def told(case, who=people.karl, **tie):
    tie = {"name": case.applicant.name, "relation": "kasserer"} | tie
    return tell_tie(who(), by=who(), **tie)


def test_one_tells_one_s_own_and_a_leader_everybody_s(now):
    today = timezone.localdate(now)
    tie = tell_tie(people.mads(), by=people.mads(), name=" Holte Kor ", relation="kasserer")

    again_told = tell_tie(people.mads(), by=people.dora(), name="Holte Kor", relation="kasserer")

    assert (tie.name, again_told) == ("Holte Kor", tie)
    assert end_tie(tie, by=people.mads(), until=today).until == today
    with refuses(NotAllowed, "Du kan kun skrive dine egne poster."):
        end_tie(tie, by=people.karl(), until=None)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        tell_tie(people.ulla(), by=people.ulla(), name="Kor", relation="sanger")
    with refuses(RuleBroken, "Skriv, hvem du har en tilknytning til"):
        tell_tie(people.mads(), by=people.mads(), name=" ", relation="kasserer")
    tie.since = today
    with refuses(RuleBroken, "Tilknytningen kan ikke slutte, før den begynder."):
        end_tie(tie, by=people.mads(), until=today - timedelta(days=1))


def test_what_a_tie_touches_and_when(now):
    """By name, CVR, partner and board; on the first and the last day, not on the days around."""
    case, day = case_in(S.REVIEWED), timezone.localdate(now)
    Partner.objects.create(application=case, position=1, name="Birkerød Bibliotek")
    near = [
        {},
        {"name": case.applicant.name.upper() + "."},
        {"name": "Et andet navn", "cvr": case.applicant.cvr},
        {"name": "birkerod bibliotek"},
        {"name": "Asta"},
        {"since": day, "until": day},
    ]
    far = [
        {"name": "Naboerne"},
        {"until": day - timedelta(days=1)},
        {"since": day + timedelta(days=1)},
    ]
    found = []
    for tie in [*near, *far]:
        row = told(case, **tie)
        found.append(bool(unresolved_tie(people.karl(), case)))
        row.delete()

    # ø is a letter of its own: the library is not found without it
    assert found == [True, True, True, False, True, True, False, False, False]


def test_queries_do_not_grow_with_people_and_cases(django_assert_num_queries):
    cases = [case_in(S.SUBMITTED) for _number in range(2)]
    everybody = [people.karl(), people.rie(), people.dora()]
    with django_assert_num_queries(1):
        assert unresolved_ties(everybody, cases) == {}
    told(cases[0])
    told(cases[1], people.rie)
    for size in (1, 2):
        with django_assert_num_queries(3):
            found = unresolved_ties(everybody, cases[:size])
        assert len(found) == size


def test_a_tie_shuts_the_case_until_something_is_said(now):
    case, other = case_in(S.REVIEWED), case_in(S.REVIEWED)
    told(case, since=timezone.localdate(now))
    (tie,) = unresolved_tie(people.karl(), case)
    assert in_words(tie) == f"{case.applicant.name}: kasserer siden {now.year}"

    assert why_not(people.karl(), Verb.RECOMMEND, case) == (
        "Du har oplyst en tilknytning, der kan gøre dig inhabil i sagen."
        f" Tag stilling til den først: /sag/{case.pk}/habilitet/"
    )
    with refuses(NotAllowed, f"Åbn sagen, .* inhabil: {case.number}."):
        check_may_many(people.karl(), Verb.RECOMMEND, [case, other])
    with refuses(NotAllowed, "Karl skal først tage stilling"):
        assign(case, by=people.dora(), at=now, to=people.karl())
    with refuses(RuleBroken, "Skriv, hvorfor du ikke er inhabil."):
        declare_impartial(case, by=people.karl(), at=now, reason=" ")
    with refuses(WrongState, "Der er ingen tilknytning at tage stilling til."):
        declare_impartial(other, by=people.karl(), at=now, reason="Nej")

    entry = declare_impartial(case, by=people.karl(), at=now, reason="Jeg er kun passivt medlem.")

    assert why_not(people.karl(), Verb.RECOMMEND, case) == ""
    assert (entry.event, entry.data["reason"].split(" – ")[1]) == (
        "impartial",
        "Jeg er kun passivt medlem.",
    )
    assert declare_impartial(case, by=people.karl(), at=now, reason="Igen") is None
    disqualify(other, by=people.karl(), at=now, person=people.karl(), reason="Nabo")
    with refuses(NotAllowed, "Du er inhabil i sagen."):
        declare_impartial(other, by=people.karl(), at=now, reason="Alligevel ikke")


def test_only_those_who_are_free_are_asked_to_assess(now):
    case = case_in(S.SUBMITTED)
    case.pool.standing_reviewers.add(people.rie(), people.karl())
    rolf, ida, ole = (people.person(name, Role.CASE_WORKER) for name in ("Rolf", "Ida", "Ole"))
    told(case, people.karl)
    disqualify(case, by=rolf, at=now, person=rolf, reason="Bror")
    seat(case.applicant, ole)
    case_in(S.IN_REVIEW)  # Rie has an open one

    found = [(one.name, one.load, one.is_standing) for one in reviewers_for(case)]

    assert found == [(ida.name, 0, False), ("Rie", 1, True)]


def test_open_assessment_of_a_disqualified_is_handed_over(now):
    case = case_in(S.IN_REVIEW)
    assign(case, by=people.dora(), at=now, to=people.rie())
    assessment.save_draft(case, by=people.rie(), at=now, typed={"comment": "Halvt"})

    entry = disqualify(
        case, by=people.rie(), at=now, person=people.rie(), reason="Søster", to=people.karl()
    )

    row = case.assessments.get()
    assert (row.reviewer, row.draft, again(case).caseworker) == (people.karl(), {}, people.karl())
    assert [line.event for line in case.journal.order_by("-number")[:3]] == [
        "assessment_handed_over",
        "disqualified",
        "assigned",
    ]
    assert entry == last_line(case)


@pytest.mark.parametrize(
    ("reviewers", "before", "after", "points"),
    [
        pytest.param(1, (), S.REVIEWED, None, id="the only one: reviewed without points"),
        pytest.param(2, (), S.IN_REVIEW, None, id="one of two: the other goes on"),
        pytest.param(2, ("Karl",), S.REVIEWED, 6, id="the last of two: the other's points count"),
    ],
)
def test_a_case_never_waits_for_a_disqualified(now, reviewers, before, after, points):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=reviewers))
    given = dict.fromkeys(case.version.criteria.order_by("pk").values_list("pk", flat=True), 3)
    for _name in before:
        assessment.record_assessment(
            case, by=people.karl(), at=now, points=given, is_impartial=True
        )

    disqualify(case, by=people.dora(), at=now, person=people.rie(), reason="Søster")

    case = again(case)
    assert (case.state, case.points) == (after, points)
    assert case.assessments.get(reviewer=people.rie()).state == "ABSTAINED"
    said = case.journal.get(event="disqualified").data
    assert said == {"person": people.rie().pk, "reason": "Rie: Søster"}
    assert disqualify(case, by=people.dora(), at=now, person=people.rie(), reason="Igen") is None


def test_disqualify_refuses(now):
    case = case_in(S.IN_REVIEW)
    rolf = people.person("Rolf", Role.CASE_WORKER)
    told(case, lambda: rolf)

    with refuses(NotAllowed, "Kun lederen, formanden eller sekretæren kan melde en anden inhabil"):
        disqualify(case, by=people.karl(), at=now, person=people.rie(), reason="Sur")
    with refuses(NotAllowed, "Rolf skal først tage stilling"):
        disqualify(case, by=people.rie(), at=now, person=people.rie(), reason="Søster", to=rolf)
    with refuses(NotAllowed, "Det kan du ikke gøre."):
        disqualify(
            case, by=people.rie(), at=now, person=people.rie(), reason="Søster", to=people.fie()
        )


def test_a_review_settled_while_the_applicant_answers_is_over(now):
    walk = walk_to(S.IN_REVIEW)
    walk.ask()
    disqualify(walk.case, by=people.rie(), at=walk.at, person=people.rie(), reason="Søster")

    walk.answer()

    assert walk.case.state == S.REVIEWED
    assert contradictions() == []


def test_disqualify_takes_the_case_from_its_case_worker(now):
    case = case_in(S.SUBMITTED)
    assign(case, by=people.dora(), at=now, to=people.karl())

    for _twice in range(2):
        disqualify(case, by=people.karl(), at=now, person=people.karl(), reason="Søster")

    conflict = case.conflicts.get()
    assert again(case).caseworker is None
    assert (conflict.user, conflict.reason, conflict.declared_by) == (
        people.karl(),
        "Søster",
        people.karl(),
    )
    assert last_line(case).data == {"person": people.karl().pk, "reason": "Søster"}


def test_disqualify_is_for_those_with_a_task_here(now):
    case = case_in(S.SUBMITTED)

    disqualify(case, by=people.dora(), at=now, person=people.mads(), reason="Formand")
    for stranger in (people.ulla(), people.asta()):
        with refuses(NotAllowed, "Kun medarbejdere og udvalgsmedlemmer kan melde inhabilitet."):
            disqualify(case, by=stranger, at=now, person=people.karl(), reason="Sur")
        with refuses(NotAllowed, "Kun medarbejdere"):
            disqualify(case, by=stranger, at=now, person=stranger, reason="Nej")
