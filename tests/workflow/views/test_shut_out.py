"""Who is shut out of a case learns its points and amounts from no list and no sum."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.handover import claim
from pulje.actions.casework.scenario import given_by, make_scenario
from pulje.actions.document import write_message
from pulje.enums import AppealState, DecidedBy, Distribution
from pulje.errors import NotAllowed
from pulje.models import Appeal, Application, ConflictOfInterest, Decision, ScenarioLine, Tie
from pulje.permissions import hidden_from, shut_out
from pulje.queries.casework.folders import APPEALS, OTHERS, TEAM, UNASSIGNED
from pulje.queries.casework.inbox import Filters, folder_counts, listed
from pulje.queries.casework.scenario import compare
from pulje.queries.meeting.committee import agenda_of
from pulje.states import CaseState as S
from tests import people
from tests.factories import a_meeting, case_in
from tests.rounds import an_assessed_round

pytestmark = pytest.mark.django_db


def text_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    body = b"".join(response).decode().replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", body)


def shut(case: Application, person) -> None:
    said = {"reason": "Min bror.", "declared_at": timezone.now(), "declared_by": person}
    ConflictOfInterest.objects.create(application=case, user=person, **said)


def the_cases(round) -> list[Application]:
    return list(Application.objects.filter(round=round).order_by("number"))


def test_a_scenario_counts_only_what_one_may_see_and_recommend(client):
    karl, rie = people.karl(), people.rie()
    round = an_assessed_round(3, frame_kr=D(33_000))
    hidden, *_seen = the_cases(round)
    facts = {"by": rie, "at": timezone.now(), "numbers": {}}
    made = make_scenario(round, name="Efter point", method=Distribution.BY_POINTS, **facts)
    ScenarioLine.objects.filter(application=hidden).update(amount_kr=D(7_777))
    shut(hidden, karl)

    found = compare(round, [made], karl, None)

    lines = made.lines.exclude(application=hidden)
    assert found.columns[0].total_kr == sum(line.amount_kr for line in lines)
    assert found.columns[0].granted + found.columns[0].refused == 2
    assert found.applied_kr == D(23_000)
    assert {sum(line.cases for line in lines) for lines in found.spreads.values()} == {2}
    assert len(compare(round, [made], rie, None).rows) == 3
    # nor does a refusal for being over the frame tell what it has
    ScenarioLine.objects.filter(application=hidden).update(amount_kr=D(30_000))
    assert len(given_by(made, by=karl)) == 2
    client.force_login(karl)
    own_page = f"/sag/puljer/{round.pool.slug}/fordeling/{made.pk}/sag/{hidden.pk}/"
    assert client.get(own_page).status_code == 403


def test_lists_sums_and_files_leave_out_what_one_may_not_see(client):
    karl = people.karl()
    round = an_assessed_round(3)
    hidden, seen, _other = the_cases(round)
    both = Application.objects.filter(pk__in=[hidden.pk, seen.pk])
    both.update(state=S.ACCEPTED, granted_kr=D(7_777), points=77, applicant=hidden.applicant)
    Application.objects.filter(pk=seen.pk).update(granted_kr=D(2_000), points=66)
    pages = {
        f"/sag/puljer/{round.pool.slug}/": "uden 1 sag",
        f"/sag/ansoegere/{hidden.applicant_id}/": "uden 1 sag",
        "/sag/ansoegere/": "2.000",
        "/sag/alle/": "2.000",
        f"/sag/{seen.pk}/sammenlign/": "1 sag er udeladt",
    }
    client.force_login(karl)
    for path in pages:
        assert re.search("7.777|9.777", text_of(client, path)), path
    assert "7777" in text_of(client, "/sag/eksport/sager.csv")
    shut(hidden, karl)

    for path, said in pages.items():
        text = text_of(client, path)
        assert not re.search(r"7\.777|9\.777|>77<", text), path
        assert said in text, path
    rows = text_of(client, "/sag/eksport/sager.csv")
    assert hidden.number in rows
    assert "7777" not in rows
    assert ";66;" in rows


def test_a_list_is_asked_about_in_one_query_and_ties_count(client):
    karl = people.karl()
    cases = the_cases(an_assessed_round(3))
    chosen = Application.objects.filter(pk__in=[case.pk for case in cases])
    with CaptureQueriesContext(connection) as queries:
        assert hidden_from(karl, cases) == hidden_from(karl, chosen) == set()
    assert len(queries) == 2

    shut(cases[0], karl)
    people.seat(cases[2].applicant, karl)
    Tie.objects.create(user=karl, name=cases[1].applicant.name, relation="kasserer")

    everybody = {case for _user, case in shut_out([karl], cases)}
    assert hidden_from(karl, cases) == hidden_from(karl, chosen) == everybody
    assert everybody == {case.pk for case in cases}


def test_the_meetings_sums_leave_out_the_rows_one_does_not_see(client):
    first, second = (case_in(S.RECOMMENDED) for _ in range(2))
    meeting = a_meeting([first, second])
    whole = agenda_of(meeting, people.mads())
    shut(first, people.mads())

    agenda = agenda_of(meeting, people.mads())

    assert agenda.proposed_kr == whole.proposed_kr - whole.rows[0].proposed_kr
    assert sum(money.pending_kr for money in agenda.money) == agenda.proposed_kr
    client.force_login(people.mads())
    assert "uden 1 sag" in text_of(client, f"/udvalg/moede/{meeting.pk}/")


def test_nobody_is_offered_a_case_they_are_disqualified_in(client):
    karl = people.karl()
    declared, member, free = the_cases(an_assessed_round(3))
    shut(declared, karl)
    Application.objects.filter(pk=member.pk).update(applicant=free.applicant)
    Application.objects.filter(pk=free.pk).update(applicant=declared.applicant)
    people.seat(free.applicant, karl)
    client.force_login(karl)

    text = text_of(client, f"/sag/?vis={UNASSIGNED}")

    assert f'name="sag" value="{free.pk}"' in text
    assert f'name="sag" value="{declared.pk}"' not in text
    assert f'name="sag" value="{member.pk}"' not in text
    counts = folder_counts(karl)
    assert (counts[UNASSIGNED], counts[TEAM]) == (1, 1)


def test_the_folder_of_complaints_holds_what_one_can_act_on():
    karl, dora, fie = people.karl(), people.dora(), people.fie()
    case = case_in(S.REJECTED, requested_kr=D(8_000))
    Application.objects.filter(pk=case.pk).update(caseworker=karl)
    decisions = Decision.objects.filter(application=case, is_current=True)
    appeal = Appeal.objects.create(
        decision=decisions.get(), text="Vi klager.", received_at=timezone.now()
    )
    meeting = a_meeting([])
    R, A = AppealState.RECEIVED, AppealState.ASSESSED
    table = {
        (R, DecidedBy.DELEGATION): (APPEALS, OTHERS, OTHERS),
        (A, DecidedBy.DELEGATION): (OTHERS, APPEALS, OTHERS),
        (R, DecidedBy.COMMITTEE): (APPEALS, OTHERS, OTHERS),
        (A, DecidedBy.COMMITTEE): (OTHERS, OTHERS, OTHERS),
    }
    for (state, body), folders in table.items():
        Appeal.objects.filter(pk=appeal.pk).update(state=state)
        decided_at = meeting if body == DecidedBy.COMMITTEE else None
        Decision.objects.filter(pk=appeal.decision_id).update(body=body, meeting=decided_at)
        for who, expected in zip((karl, dora, fie), folders, strict=True):
            has = case in listed(who, Filters(APPEALS))
            assert has == (expected == APPEALS), (state, body, who)
            assert case in listed(who, Filters(expected)), (state, body, who)
            assert folder_counts(who).get(APPEALS, 0) == has


def test_finance_sees_no_form_it_may_not_use(client):
    fie = people.fie()
    case = case_in(S.SUBMITTED)
    client.force_login(fie)

    text = text_of(client, f"/sag/{case.pk}/")

    for path in ("tjekliste", "besked", "note", "tema"):
        assert f'action="/sag/{case.pk}/{path}' not in text, path
    assert "Tag sagen" not in text_of(client, "/sag/?vis=ledige")
    with pytest.raises(NotAllowed):
        write_message(case, by=fie, at=timezone.now(), text="Hvad er jeres konto?")
    Application.objects.filter(pk=case.pk).update(caseworker=people.karl())
    for who in (fie, people.dora()):
        with pytest.raises(NotAllowed, match="Det kan kun: sagsbehandler"):
            claim(case, by=who, at=timezone.now())


def test_a_tie_nobody_has_answered_leads_to_the_question_from_a_letter_too(client):
    karl = people.karl()
    case = case_in(S.SUBMITTED)
    Tie.objects.create(user=karl, name=case.applicant.name, relation="kasserer")
    client.force_login(karl)

    response = client.get(f"/brev/ansoegning/{case.pk}/")

    assert response.status_code == 302
    assert response["Location"] == f"/sag/{case.pk}/habilitet/"
