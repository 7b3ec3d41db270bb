"""The scenarios of a round: side by side, by hand, and one of them becomes the recommendations."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pulje.actions.casework.scenario import make_scenario
from pulje.actions.casework.tie import disqualify
from pulje.enums import Distribution
from pulje.models import Application, Job, Recommendation, Round, Scenario
from pulje.states import CaseState
from tests import people
from tests.rounds import an_assessed_round
from workflow import jobs

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_BYTES = 15, 100_000
S = CaseState


def of(round: Round, rest: str = "") -> str:
    return f"/sag/puljer/{round.pool.slug}/fordeling/{rest}"


def make(round: Round, name: str = "Efter point", method=Distribution.BY_POINTS, **numbers):
    facts = {"by": people.karl(), "at": timezone.now(), "numbers": numbers}
    return make_scenario(round, name=name, method=method, **facts)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\N{NO-BREAK SPACE}", " "))


def test_every_page_is_light_with_few_cases_and_with_many(client):
    client.force_login(people.karl())
    counts = {}
    for size in (3, 130):
        round = an_assessed_round(size, frame_kr=D(400_000))
        first = make(round)
        for number in range(3):
            make(round, f"Nr. {number}", Distribution.SAME_CUT, cut_percent=str(10 * number))
        case = first.lines.order_by("pk")[0].application_id
        for rest in (
            *("", "?side=2", "ny/", f"{first.pk}/", f"{first.pk}/ret/", f"{first.pk}/slet/"),
            *(f"{first.pk}/sag/{case}/", f"{first.pk}/vaelg/", "tabel.csv"),
        ):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(of(round, rest))
                body = b"".join(response)
            assert response.status_code == 200, rest
            assert len(body) < MOST_BYTES, (rest, len(body))
            counts.setdefault(re.sub(r"\d+/", "N/", rest), []).append(len(queries))
            assert rest.endswith("vaelg/") or len(queries) <= MOST_QUERIES, (rest, len(queries))

    assert {rest: few for rest, (few, many) in counts.items() if few != many} == {}


def test_side_by_side_says_who_gains_and_who_loses(client):
    round = an_assessed_round(3, frame_kr=D(20_000))
    base, other = make(round), make(round, "Lige", Distribution.SAME_CUT)
    client.force_login(people.karl())

    text = text_of(client.get(of(round, f"?mod={base.pk}")))

    assert "+6.000 mere" in text
    assert "−4.800 mindre" in text
    assert "1 får mere, 2 mindre" in text
    assert "33.000 kr. søgt af dem, der er vurderet · 20.000 kr. tilbage i runden" in text
    assert text_of(client.get(of(round, f"?mod={other.pk}"))).count("−6.000 mindre") == 1


def test_who_is_disqualified_sees_no_points_and_no_amounts(client):
    round = an_assessed_round(2)
    make(round)
    case = round.applications.order_by("number")[1]
    disqualify(case, by=people.karl(), at=timezone.now(), person=people.karl(), reason="Min bror.")
    client.force_login(people.karl())

    text = text_of(client.get(of(round)))

    assert f"det er ikke afklaret, om du er det, i {case.number}." in text
    assert "Du er inhabil, eller det er ikke afklaret, om du er det.</td>" in text
    assert case.number not in b"".join(client.get(of(round, "tabel.csv"))).decode()


def test_make_mend_copy_and_delete(client):
    round = an_assessed_round(3, frame_kr=D(20_000))
    client.force_login(people.karl())
    typed = {"name": "Loft", "method": "CEILING", "min_points": "0", "step_kr": "100"}

    assert "Skriv loftet." in text_of(client.post(of(round, "ny/"), typed))
    made = client.post(of(round, "ny/"), typed | {"ceiling_kr": "8.000"})
    again = client.post(of(round, "ny/"), typed | {"ceiling_kr": "8.000"})
    scenario = Scenario.objects.get()
    assert made.url == again.url == of(round, f"{scenario.pk}/")
    assert "Runden har allerede" in text_of(
        client.post(of(round, "ny/"), typed | {"method": "BY_HAND"})
    )
    assert 'value="8.000"' in text_of(client.get(of(round, f"{scenario.pk}/ret/")))

    first = scenario.lines.order_by("application__number")[0].application
    field = f"kr_{first.pk}"
    said = client.post(made.url, {field: "10.001"})
    assert f"{first.number} kan få fra 0 kr. til 10.000 kr." in text_of(said)
    assert 'value="10.001"' in text_of(said)
    client.post(made.url, {field: "9.000"})
    line = scenario.lines.get(application=first)
    assert (line.amount_kr, line.is_hand_made) == (D(9_000), True)
    client.post(made.url, {field: "9.000", f"igen_{first.pk}": "on"})
    line.refresh_from_db()
    assert not line.is_hand_made

    ground = first.version.grounds.order_by("pk")[0]
    client.post(of(round, f"{scenario.pk}/sag/{first.pk}/"), {"ground": ground.pk})
    scenario.refresh_from_db()
    assert scenario.numbers["grounds"] == {str(first.pk): ground.pk}
    copy = client.post(of(round, f"{scenario.pk}/kopi/"))
    assert "Loft – kopi" in text_of(client.get(copy.url))
    assert "Slet ”Loft”?" in text_of(client.get(of(round, f"{scenario.pk}/slet/")))
    client.post(of(round, f"{scenario.pk}/slet/"))
    assert Scenario.objects.get().name == "Loft – kopi"


def test_only_those_who_may_see_and_choose(client):
    round = an_assessed_round(1)
    scenario = make(round)
    seen = {}
    for person in (people.karl, people.dora, people.fie, people.mads, people.asta):
        client.force_login(person())
        pages = [client.get(of(round)), client.get(of(round, f"{scenario.pk}/vaelg/"))]
        seen[person.__name__] = [page.status_code for page in pages]

    assert seen == {
        "karl": [200, 200],
        "dora": [200, 403],
        "fie": [403, 403],
        "mads": [403, 403],
        "asta": [403, 403],
    }


def test_over_the_frame_is_said_and_cannot_be_chosen(client):
    round = an_assessed_round(2, frame_kr=D(20_000))
    scenario = make(round)
    scenario.lines.update(amount_kr=D(10_000.5))
    client.force_login(people.karl())

    assert "Der er fordelt for mere" in text_of(client.get(of(round, f"{scenario.pk}/")))
    said = client.get(of(round, f"{scenario.pk}/vaelg/"))

    assert "Scenariet er 1 kr. over rammen på 20.000 kr." in text_of(said)


def shown(page: str) -> str:
    return re.search(r'name="vist" value="(\w+)"', page)[1]


def test_only_what_was_shown_is_started_and_only_once(client):
    round = an_assessed_round(3, frame_kr=D(40_000))
    scenario = make(round, min_points=1)
    early = Application.objects.get(round=round, points=0)
    client.force_login(people.karl())
    path = of(round, f"{scenario.pk}/vaelg/")
    ground = early.version.grounds.order_by("pk")[0]
    reasons = {"noegle": "a", "refused": ground.pk}

    page = text_of(client.post(path, reasons))
    assert "3 af 3 sager kan indstilles" in page
    reasons |= {"vist": shown(page), "refused_words": "Der var for mange."}
    changed = text_of(client.post(path, reasons))
    assert "Noget er ændret" in changed
    Application.objects.filter(pk=early.pk).update(state=S.WITHDRAWN)
    reasons["vist"] = shown(changed)
    again = text_of(client.post(path, {"noegle": "a", "vist": shown(changed)}))
    assert "2 af 2 sager kan indstilles" in again
    assert not Job.objects.exists()
    said = {"noegle": "a", "vist": shown(again)}
    started, twice = client.post(path, said), client.post(path, said)

    assert started.url == twice.url
    assert started.url.startswith(f"/sag/arbejde/{Job.objects.get().pk}/?tilbage=%2Fsag%2F")
    other = text_of(client.post(path, said | {"noegle": "b"}))
    assert "Rundens indstillinger er ved at blive skrevet." in other


def test_sixty_cases_become_recommendations(client):
    round = an_assessed_round(60, frame_kr=D(900_000))
    scenario = make(round)
    foreign = Application.objects.filter(round=round).order_by("points", "pk")[0]
    client.force_login(people.karl())
    grounds = list(foreign.version.grounds.order_by("pk"))
    own = grounds[1]
    client.post(of(round, f"{scenario.pk}/sag/{foreign.pk}/"), {"ground": own.pk})
    path = of(round, f"{scenario.pk}/vaelg/")

    assert "Vælg mindst én begrundelse." in text_of(client.post(path, {"noegle": "a"}))
    reasons = {"noegle": "a", "cut": grounds[0].pk, "refused": grounds[0].pk}
    page = text_of(client.post(path, reasons | {"refused_words": "Der var for mange."}))
    assert "60 af 60 sager kan indstilles" in page
    assert not Recommendation.objects.exists()
    reasons |= {"vist": shown(page), "refused_words": "Der var for mange."}
    started = client.post(path, reasons)
    assert started.url.startswith(f"/sag/arbejde/{Job.objects.get().pk}/?tilbage=")
    jobs.work_off()

    told = {
        row.application_id: row
        for row in Recommendation.objects.select_related("application").order_by("pk")
    }
    amounts = {line.application_id: line.amount_kr for line in scenario.lines.order_by("pk")}
    assert {pk: row.amount_kr for pk, row in told.items()} == amounts
    assert sum(amounts.values()) <= D(900_000)
    words = {
        "all" if row.amount_kr == row.application.requested_kr
        else "none" if not row.amount_kr else "part": row.reasons
        for row in told.values() if row.application_id != foreign.pk
    }  # fmt: skip
    assert words == {
        "all": "Ansøgningen opfylder puljens kriterier.",
        "part": "Fællesskab er ikke beskrevet.",
        "none": "Der var for mange.",
    }
    assert told[foreign.pk].reasons == own.text
    assert set(round.applications.values_list("state", flat=True)) == {S.RECOMMENDED}
    text = text_of(client.get(of(round)))
    assert "Valgt" in text
    assert "Indstillet" in text
