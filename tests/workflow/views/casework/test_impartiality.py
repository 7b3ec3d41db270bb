"""The page before a case with a tie opens, the register, and who sees what of an assessment."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.assessment import record_assessment
from pulje.actions.casework.tie import disqualify, tell_tie
from pulje.actions.meeting.meeting import plan_meeting, put_on_agenda
from pulje.models import Application, PoolVersion, Score, Tie
from pulje.queries.casework.compare import compare
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_pool, case_in, walk_to
from workflow.contradictions import contradictions
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
S = CaseState
BIG = Decimal("40000.00")


def told(who, case):
    return tell_tie(who(), by=who(), name=case.applicant.name, relation="kasserer")


def page(client, who, path, status=200):
    client.force_login(who())
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_case_with_a_tie_asks_first_on_all_its_pages(client):
    case = case_in(S.REVIEWED, title="Hemmeligt projekt")
    told(people.karl, case)
    client.force_login(people.karl())
    asks = f"/sag/{case.pk}/habilitet/"
    for tab in ("", "dokumenter/", "journal/", "sammenlign/", "recommend/", "journal.csv"):
        assert client.get(f"/sag/{case.pk}/{tab}").url == asks
    assert client.post(f"/sag/{case.pk}/note/", {"text": "Hej"}).url == asks
    assert not case.notes.exists()

    text = page(client, people.karl, asks)

    assert f"<strong>{case.applicant.name}: kasserer</strong>" in text
    assert "Hemmeligt projekt" not in text
    assert (
        "Skriv, hvorfor du ikke er inhabil."
        in client.post(asks, {"svar": "habil"}).content.decode()
    )
    typed = {"svar": "habil", "habil-reason": "Jeg meldte mig ud."}
    assert client.post(asks, typed).url == f"/sag/{case.pk}/"
    text = page(client, people.dora, f"/sag/{case.pk}/")
    assert "<strong>Karl</strong> har taget stilling og er ikke inhabil." in text
    assert "Hemmeligt projekt" in page(client, people.karl, f"/sag/{case.pk}/")
    assert client.get(asks).url == f"/sag/{case.pk}/"
    seen_by_leader = page(client, people.dora, f"/sag/{case.pk}/journal/")
    assert "ikke inhabil" in seen_by_leader
    assert "Jeg meldte mig ud." in seen_by_leader


def test_one_who_is_disqualified_hands_over_in_the_same_step(client):
    walk = walk_to(S.IN_REVIEW)
    case = walk.case
    told(people.rie, case)
    asks = f"/sag/{case.pk}/habilitet/"
    text = page(client, people.rie, asks)
    assert "Hvem tager over?" in text

    typed = {"svar": "inhabil", "reason": "Min søster.", "to": people.karl().pk}
    assert client.post(asks, typed).url == "/sag/"

    assert case.assessments.get().reviewer == people.karl()
    assert contradictions() == []
    page(client, people.rie, f"/sag/{case.pk}/", 403)
    assert client.get(asks).url == f"/sag/{case.pk}/"


def test_from_the_case_page_and_by_a_leader_for_another(client):
    case = case_in(S.IN_REVIEW)
    path = f"/sag/{case.pk}/inhabil/"
    assert "Hvem tager over?" in page(client, people.rie, path)
    page(client, people.dora, path)

    response = client.post(path, {"person": people.rie().pk, "reason": "Søster til formanden"})

    assert response.url == f"/sag/{case.pk}/"
    assert Application.objects.get(pk=case.pk).state == S.REVIEWED
    assert contradictions() == []
    text = page(client, people.dora, f"/sag/{case.pk}/")
    assert "Alle har undladt at vurdere. Sagen har ingen point." in text
    assert "Meldte inhabilitet: Rie: Søster til formanden" in page(
        client, people.dora, f"/sag/{case.pk}/journal/"
    )


def test_member_with_a_tie_sees_no_assessment_and_does_not_count(client):
    pool = a_pool()
    case = case_in(S.RECOMMENDED, pool=pool, requested_kr=BIG)
    held = plan_meeting(a_committee(), by=people.sanne(), held_at=timezone.now(), place="Her")
    put_on_agenda(held, [case], by=people.sanne())
    held.present.set([people.mads(), people.karen()])
    told(people.mads, case)
    item, asks = f"/udvalg/moede/{held.pk}/sag/1/", f"/sag/{case.pk}/habilitet/"

    text = page(client, people.mads, item)

    assert asks in text
    assert "Godt for kvarteret." not in text
    client.force_login(people.sanne())
    refused = client.post(f"{item}beslut/", {"besl": "1"}).content.decode()
    assert "ikke beslutningsdygtigt" in refused
    page(client, lambda: people.person("Moa", "COMMITTEE_MEMBER"), asks, 404)
    page(client, people.ulla, asks, 404)

    page(client, people.mads, asks)
    typed = {"svar": "habil", "habil-reason": "Kun medlem."}
    assert client.post(asks, typed).url == item
    assert "Godt for kvarteret." in page(client, people.mads, item)


# who reads whose points while somebody is missing, and after: M is Rie's, K is Karl's
BLIND = {"Rie": "M", "Karl": "", "Ida": "", "Dora": "", "Fie": ""}
OPEN = dict.fromkeys(BLIND, "MK")


def _seen(client, case) -> dict[str, str]:
    everybody = {
        "Rie": people.rie,
        "Karl": people.karl,
        "Ida": lambda: people.person("Ida", "CASE_WORKER"),
        "Dora": people.dora,
        "Fie": people.fie,
    }
    seen = {}
    for name, who in everybody.items():
        text = page(client, who, f"/sag/{case.pk}/")
        seen[name] = "M" * ("Ries ord" in text) + "K" * ("Karls ord" in text)
        assert ("Ries samlede" in text) == ("M" in seen[name])
        assert ("uenige" in text) == (seen[name] == "MK")
    return seen


def test_reviewers_are_blind_to_each_other_until_all_are_done(client):
    case = case_in(S.IN_REVIEW, pool=a_pool(reviewers=2, needs_criteria=2, needs_points=2))
    first, second = case.version.criteria.order_by("position")
    now = timezone.now()
    facts = {"is_impartial": True, "at": now}
    words = {first.pk: "Ries ord"}
    carry_out(
        record_assessment,
        case,
        by=people.rie(),
        points={first.pk: 3, second.pk: 3},
        words=words,
        comment="Ries samlede",
        **facts,
    )
    client.force_login(people.karl())
    draft = {f"words_{first.pk}": "Karls ord", f"points_{second.pk}": "1"}
    assert client.post(f"/sag/{case.pk}/vurdering/", draft).url == f"/sag/{case.pk}/#naeste"

    seen = _seen(client, case)
    assert seen == BLIND | {"Karl": "K"}  # his own draft, in his form
    assert compare(case, timezone.localdate()).own_points == {}
    text = page(client, people.karl, f"/sag/{case.pk}/")
    assert "Mangler: Karl." in text
    assert 'value="1" checked' in text
    assert not Score.objects.filter(assessment__reviewer=people.karl()).exists()

    carry_out(
        record_assessment,
        case,
        by=people.karl(),
        points={first.pk: 0, second.pk: 3},
        words={first.pk: "Karls ord"},
        **facts,
    )

    assert _seen(client, case) == OPEN
    assert compare(case, timezone.localdate()).own_points == {first.name: 1.5, second.name: 3}
    text = page(client, people.dora, f"/sag/{case.pk}/")
    assert "<strong>5 af 6</strong>" in text  # 1.5 + 3, halves up
    assert "uenige: 0–3" in text
    assert "1 af 2 kategorier opfyldt – kræver 2" in text
    refused = client.post(f"/sag/{case.pk}/vurdering/", draft)
    assert refused.status_code == 409

    for form in ("", "recommend/"):
        asked = page(client, people.karl, f"/sag/{case.pk}/{form}")
        assert 'name="amount_kr" value="0"' in asked  # nothing else is lawful
    typed = {"amount_kr": "8.000", "reasons": "Godt."}
    response = client.post(f"/sag/{case.pk}/recommend/", typed)
    assert "kun indstilles afslag" in response.content.decode()
    PoolVersion.objects.filter(pk=case.version_id).update(needs_criteria=1)
    assert client.post(f"/sag/{case.pk}/recommend/", typed).url == f"/sag/{case.pk}/"


def test_register_is_one_s_own_and_the_leader_s(client):
    for number in range(2):
        tell_tie(people.mads(), by=people.mads(), name=f"Kor {number}", relation="sanger")
    tell_tie(people.karl(), by=people.karl(), name="Klubben", relation="træner")
    mine = page(client, people.mads, "/sag/mine-poster/")
    assert ("Kor 1" in mine, "Klubben" in mine) == (True, False)
    page(client, people.ulla, "/sag/mine-poster/", 403)

    everybody = page(client, people.dora, "/sag/mine-poster/")
    assert ("Kor 1" in everybody, "Klubben" in everybody) == (True, True)
    assert "Klubben" not in page(client, people.dora, "/sag/mine-poster/?q=sanger&orden=fra")

    theirs = Tie.objects.get(name="Klubben")
    page(client, people.mads, f"/sag/mine-poster/{theirs.pk}/", 404)
    client.force_login(people.karl())
    path = f"/sag/mine-poster/{theirs.pk}/"
    assert client.post(path, {"until": "2026-01-31"}).url == "/sag/mine-poster/"
    theirs.refresh_from_db()
    assert f"{theirs.until}" == "2026-01-31"
    assert (
        "Skriv, hvad du er der."
        in client.post("/sag/mine-poster/", {"name": "Uskrevet"}).content.decode()
    )
    assert (
        client.post(
            "/sag/mine-poster/", {"name": "Ny klub", "relation": "formand", "until": ""}
        ).url
        == "/sag/mine-poster/"
    )


def test_queries_do_not_grow_with_ties(client):
    def count(path):
        page(client, people.dora, path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    case = case_in(S.REVIEWED)
    tell_tie(people.dora(), by=people.dora(), name="Kor", relation="sanger")
    counts = [count("/sag/mine-poster/"), count(f"/sag/{case.pk}/")]
    for number in range(5):
        tell_tie(people.dora(), by=people.dora(), name=f"Kor {number}", relation="sanger")

    assert [count("/sag/mine-poster/"), count(f"/sag/{case.pk}/")] == counts
    assert max(counts) <= 15


def test_disqualified_by_tie_is_locked_out_for_good(client):
    case = case_in(S.REVIEWED)
    told(people.karl, case)
    disqualify(case, by=people.karl(), at=timezone.now(), person=people.karl(), reason="Ja")

    page(client, people.karl, f"/sag/{case.pk}/", 403)
