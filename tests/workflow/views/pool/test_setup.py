"""A pool is set up and published by the pages alone, without a script."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Channel, Letter
from pulje.actions.pool.version import new_version
from pulje.enums import PhraseKind
from pulje.models import AppealGuidance, Application, Pool, Round
from pulje.queries.grant.payments import payable
from pulje.queries.pool.public import known_pools
from pulje.states import CaseState
from tests import people
from tests.factories import Walk, a_committee, a_pool, a_round, case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
LATER = "2099-12-01T12:00"


@pytest.fixture
def karl(client):
    client.force_login(people.karl(), backend=BACKEND)
    return client


@pytest.fixture
def dora(client):
    client.force_login(people.dora(), backend=BACKEND)
    return client


def at(pool, path="") -> str:
    return f"/sag/puljer/{pool.slug}/opsaet/{path}"


def new(client, **fields) -> Pool:
    typed = {"name": "Nabopuljen", "code": "ny", "year": "2027", "legal_basis": "KFM"} | fields
    response = client.post("/sag/puljer/ny/", typed)
    assert response.status_code == 302, response.text
    return Pool.objects.get(slug=response.url.split("/")[3])


RULES = {
    "legal_basis": "KFM",
    "adopted_on": "2026-10-01",
    "kle": "18.16.00",
    "applicant_kinds": ["ASSOCIATION", "INFORMAL_GROUP"],
    "late_rule": "REFUSE",
    "min_kr": "500",
    "ceiling_kr": "20.000",
    "own_share_percent": "0",
}
AFTERWARDS = {
    "payment_plan": "UPFRONT",
    "recover_returns_to_frame": "on",
    "up_to_1": "10.000",
    "code_1": "STORY",
    "over_code": "BOARD_SIGNED",
    "report_months": "2",
    "information_days": "14",
    "hearing_days": "14",
    "closing_days": "28",
    "retention_years": "5",
}
DELEGATION = {
    "delegation_limit_kr": "10.000",
    "delegation_basis": "KFU 12. maj",
    "answer_working_days": "10",
}


def fill(client, pool) -> None:
    """All parts, as somebody types them; each is answered by a redirect."""
    AppealGuidance.objects.create(
        legal_basis="KFM",
        version=1,
        text="Skriv.",
        approved_by=people.dora(),
        approved_at=timezone.now(),
    )
    key = "0b8f4a34-8d4a-4f07-9d4b-0d8f6a1b2c3d"
    typed = [
        ("tekster/", {"purpose": "Til naboer.", "supported": "Mad", "guidelines": "1. Formål"}),
        ("regler/", RULES),
        ("kriterier/ny/", {"name": "Lokalt", "question": "Er det her?", "weight": "2"}),
        ("delegation/", DELEGATION),
        ("udbetaling/", AFTERWARDS),
        (
            "ansvar/",
            {"name": pool.name, "committee": a_committee().pk, "account_string": "3.64"},
        ),
        (
            "runder/ny/",
            {
                "name": "Runde 1",
                "opens_at": "2020-01-01T12:00",
                "closes_at": LATER,
                "share_percent": "100",
            },
        ),
        ("ramme/", {"way": "op", "amount_kr": "100.000", "note": "Budget", "key": key}),
    ]
    for path, fields in typed:
        response = client.post(at(pool, path), fields)
        assert response.status_code == 302, (path, response.text)
    criterion = pool.versions.get().criteria.get()
    ground = {"criterion": criterion.pk, "section": "§ 1", "text": "Det er ikke her."}
    assert client.post(at(pool, "begrundelser/ny/"), ground).status_code == 302
    gate = {"question": "Er I her?", "statement": "Det er I.", "advice": "Ring."}
    assert client.post(f"/sag/puljer/{pool.slug}/skema/betingelse/", gate).status_code == 302


def test_a_pool_from_nothing_is_published_without_touching_code(dora, client):
    people.karl()
    pool = new(dora)
    assert "11 ting mangler, før puljen kan offentliggøres." in client.get(at(pool)).text
    fill(dora, pool)

    hub = client.get(at(pool)).text
    assert "Intet mangler." in hub
    assert "Til og med 10.000" in hub
    preview = client.get(at(pool, "vis/")).text
    assert "Sådan kommer siden til at se ud" in preview
    assert "Er det her?" in preview
    response = client.post(at(pool, "offentlig/"), follow=True)

    assert "Puljen er offentlig." in response.text
    assert [shown.pool for shown in known_pools(timezone.now())] == [pool]
    version = pool.versions.get()
    assert version.report_steps == [[10_000, "STORY"], [None, "BOARD_SIGNED"]]
    assert version.created_by == people.dora()
    closes = timezone.localtime(Round.objects.get().closes_at)
    assert f"{closes:%H:%M}" == "12:00"
    for path in ("runder/", "ramme/", "versioner/"):
        assert client.get(at(pool, path)).status_code == 200


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(karl):
    pool = new(karl)
    wrong = [
        ("regler/", RULES | {"kle": "18-16"}, "Skriv KLE-nummeret med punktummer"),
        ("regler/", RULES | {"min_kr": "30.000"}, "Loftet skal være mindst lige så højt"),
        ("regler/", RULES | {"own_share_percent": "101"}, "Skriv et helt tal fra 0 til 100."),
        ("udbetaling/", AFTERWARDS | {"code_1": ""}, "Trin 1 skal have både et beløb"),
        ("udbetaling/", AFTERWARDS | {"up_to_2": "5", "code_2": "STORY"}, "det laveste beløb"),
        ("runder/ny/", {"name": "R", "opens_at": "i morgen", "share_percent": "9"}, "klokkeslæt"),
        ("kriterier/", {"reviewers": "0"}, "Skriv et helt tal fra 1 til 9."),
        ("standardtekster/ny/", {"kind": "REASONS", "name": "A", "text": "B"}, "Vælg, hvilken af"),
        ("ramme/flyt/", {"amount_kr": "0"}, "Skriv et beløb over 0 kr."),
    ]
    for path, typed, sentence in wrong:
        response = karl.post(at(pool, path), typed)
        assert (response.status_code, sentence in response.text) == (422, True), path
    again = karl.post(at(pool, "regler/"), RULES | {"kle": "noget"})
    assert 'value="noget"' in again.text
    taken = karl.post(
        "/sag/puljer/ny/", {"name": "X", "code": "NY", "year": "2027", "legal_basis": "KFM"}
    )
    assert "Der er allerede en pulje med koden NY i 2027." in taken.text


def test_rows_are_changed_moved_and_deleted(karl):
    pool = new(karl)
    fields = {"question": "Er det nyt?", "weight": "1"}
    for name in ("A", "B"):
        karl.post(at(pool, "kriterier/ny/"), fields | {"name": name})
    first, second = pool.versions.get().criteria.order_by("position")

    karl.post(at(pool, f"kriterier/{second.pk}/flyt/"), {"op": "1"})
    karl.post(at(pool, f"kriterier/{first.pk}/"), fields | {"name": "C"})
    page = karl.get(at(pool, "kriterier/")).text
    assert page.index("<strong>B</strong>") < page.index("<strong>C</strong>")
    assert "Slet rækken?" in karl.get(at(pool, f"kriterier/{first.pk}/slet/")).text
    karl.post(at(pool, f"kriterier/{first.pk}/slet/"))

    assert list(pool.versions.get().criteria.values_list("name", flat=True)) == ["B"]
    for path in ("nej/", "tekster/ny/", "kriterier/0/", f"kriterier/{first.pk}/"):
        assert karl.get(at(pool, path)).status_code == 404
    assert karl.post(at(pool, "runder/")).status_code == 404


def test_rules_in_use_are_shown_locked_and_the_next_version_tells_what_changed(karl):
    case = case_in(CaseState.SUBMITTED)
    pool, version, today = case.pool, case.version, timezone.localdate()

    page = karl.get(at(pool, "tekster/")).text
    assert "Reglerne er i brug" in page
    assert 'type="submit">Gem<' not in page
    typed = {"purpose": "Andet", "supported": "B", "guidelines": "C"}
    assert "Begynd på den næste version først." in karl.post(at(pool, "tekster/"), typed).text
    begun = karl.post(
        f"/sag/puljer/{pool.slug}/skema/version/1/", {"valid_from": str(today), "fra": "opsaet"}
    )
    assert begun.url == at(pool)
    karl.post(at(pool, "tekster/"), typed)
    made = pool.versions.get(number=2)
    made.phrases.create(kind=PhraseKind.MESSAGE, name="Hej", text="Hej.")

    told = karl.get(at(pool, "versioner/") + "?til=2").text

    assert "Fra version 1 til 2" in told
    for text in ("At støtte frivillige.", "Andet", "Standardtekster", "Hej: Hej.", "Karl"):
        assert text in told
    version.refresh_from_db()
    assert version.purpose == "At støtte frivillige."


def test_last_year_s_pool_is_copied_and_a_test_pool_becomes_real(karl):
    pool = new(karl)
    fill_round = {"name": "R", "opens_at": "2027-03-01T12:00", "share_percent": "100"}
    karl.post(at(pool, "runder/ny/"), fill_round)

    assert 'value="2028"' in karl.get(f"/sag/puljer/ny/?fra={pool.slug}").text
    karl.post(
        f"/sag/puljer/ny/?fra={pool.slug}",
        {"name": "Nabopuljen", "code": "NY", "year": "2028", "is_test": "on"},
    )

    tried = Pool.objects.get(year=2028)
    assert (tried.code, tried.is_test, tried.slug) == ("T-NY", True, "test-nabopuljen-2028")
    assert tried.rounds.get().opens_at.year == 2028
    real = karl.get(f"/sag/puljer/ny/?fra={tried.slug}").text
    assert 'value="2028"' in real
    assert 'value="Nabopuljen"' in real


def test_a_test_pool_is_tried_and_nothing_leaves_the_house(karl, client):
    people.rie()
    pool = new(karl, is_test="on")
    assert "Prøvepulje" in client.get(at(pool)).text
    assert "Puljen kan ikke prøves endnu." in client.post(at(pool, "proev/"), follow=True).text
    client.force_login(people.dora(), backend=BACKEND)
    fill(client, pool)
    client.force_login(people.karl(), backend=BACKEND)

    response = client.post(at(pool, "proev/"), follow=True)

    assert "10 prøveansøgninger er kommet ind, fx T-NY-2027-001." in response.text
    cases = Application.objects.filter(pool=pool).order_by("number")
    assert {case.state for case in cases} == {CaseState.SUBMITTED}
    assert Letter.objects.count() == 10
    assert set(Letter.objects.values_list("channel", flat=True)) == {Channel.NOWHERE}
    biggest = cases.order_by("-requested_kr")[0]  # the committee's, were it real
    walk = Walk(biggest, timezone.now())
    for step in ("accept_for_review", "review", "recommend", "decide"):
        getattr(walk, step)()
    assert walk.case.state == CaseState.APPROVED
    assert set(Letter.objects.values_list("channel", flat=True)) == {Channel.NOWHERE}
    assert (mail.outbox, payable().exists(), known_pools(timezone.now())) == ([], False, [])
    assert client.get(f"/pulje/{pool.slug}/").status_code == 404
    real = a_pool()
    assert "ikke en prøvepulje" in client.post(at(real, "proev/"), follow=True).text


def test_frame_is_for_the_leader_and_sent_twice_is_once(client, karl):
    pool, other = a_pool(), a_pool()
    key = "0b8f4a34-8d4a-4f07-9d4b-0d8f6a1b2c3d"
    typed = {"way": "ned", "amount_kr": "100.000", "note": "Omprioriteret", "key": key}
    moved = {"target": other.pk, "amount_kr": "50.000", "note": "Flyttet", "key": key}

    assert "Det kan du ikke gøre." in client.post(at(pool, "ramme/"), typed).text
    assert "En leder ændrer rammen." in client.get(at(pool, "ramme/")).text
    client.force_login(people.dora(), backend=BACKEND)
    for _twice in range(2):
        client.post(at(pool, "ramme/"), typed)
        client.post(at(pool, "ramme/flyt/"), moved)
    page = client.get(at(pool, "ramme/")).text
    assert "Det er allerede gjort. Rammen er ikke ændret igen." in page

    assert [int(line.amount_kr) for line in pool.ledger.order_by("pk")] == [
        600_000,
        -100_000,
        -50_000,
    ]
    assert "Omprioriteret" in page
    too_much = typed | {"amount_kr": "900.000", "key": "1b8f4a34-8d4a-4f07-9d4b-0d8f6a1b2c3d"}
    assert "rammen kan ikke sænkes mere" in client.post(at(pool, "ramme/"), too_much).text
    other_facts = client.post(at(pool, "ramme/"), typed | {"amount_kr": "5"})
    assert (other_facts.status_code, "Siden er brugt én gang." in other_facts.text) == (422, True)


PAGES = ("", "kriterier/", "begrundelser/", "standardtekster/", "runder/", "ramme/", "versioner/")


def test_pages_take_the_same_queries_whatever_the_number_of_rows(karl):
    pool = a_pool()
    counts: list[list[int]] = []
    for size in (1, 3):
        for n in range(size):
            version = pool.versions.order_by("-number")[0]
            name = f"{size}-{n}"
            criterion = version.criteria.create(position=10 + size + n, name=name, question="?")
            ground = version.grounds.create(criterion=criterion, section="§", text=name)
            version.phrases.create(kind=PhraseKind.REASONS, name=name, text="x", ground=ground)
            a_round(pool, share_percent=5, opens_at=timezone.now() - timedelta(days=n))
            today = timezone.localdate()
            new_version(version, by=people.karl(), valid_from=today, today=today)
        counts.append([])
        for path in PAGES:
            with CaptureQueriesContext(connection) as queries:
                assert karl.get(at(pool, path)).status_code == 200
            counts[-1].append(len(queries))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


@pytest.mark.parametrize("who", [people.fie, people.mads, people.ulla])
def test_pages_are_for_the_house(client, who):
    pool = a_pool()
    client.force_login(who(), backend=BACKEND)

    for path in (*PAGES, "vis/", "tekster/", "ansvar/", "kriterier/ny/"):
        assert client.get(at(pool, path)).status_code == 403
    for path in ("offentlig/", "proev/", "ramme/", "ramme/flyt/", "tekster/"):
        assert client.post(at(pool, path), {}).status_code == 403
    assert client.get("/sag/puljer/ny/").status_code == 403
