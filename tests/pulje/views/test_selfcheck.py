import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulje.enums import ApplicantKind
from pulje.models import Gate, Pool, PoolVersion
from tests.pools import a_pool

pytestmark = pytest.mark.django_db
PATH = "/pulje/frivillighedspuljen/kan-i-soege/"


def gate(pool: Pool, position: int, **fields: object) -> None:
    told = {
        "question": f"Er {position} på plads?",
        "statement": f"{position} er på plads",
        "advice": f"Sådan kommer {position} på plads.",
    } | fields
    Gate.objects.create(version=pool.versions.get(), position=position, **told)


def check(client: Client, **answers: str) -> str:
    answer = client.post(PATH, answers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_fits_may_apply(client: Client) -> None:
    gate(a_pool(), 1)

    body = check(client, hvem="ASSOCIATION", svar_1="ja", beloeb="ja")

    assert "Ja, I kan godt søge." in body
    assert "Alle svar passer til puljen." in body
    assert 'href="/ansoeg/ny/frivillighedspuljen/"' in body


def test_what_is_to_be_put_right_is_said_with_the_pool_that_fits(client: Client) -> None:
    gate(a_pool(), 1, other_pool_code="PD")
    a_pool("PD", "Prøv det-puljen")

    body = check(client, hvem="INDIVIDUAL", svar_1="nej", beloeb="ja")

    assert "Ja, du kan godt søge." in body
    assert "2 af 3 svar passer til puljen." in body
    assert "Sådan kommer 1 på plads." in body
    assert "Se Prøv det-puljen" in body


def test_a_final_no_is_kind_and_names_an_open_pool_for_such_an_applicant(client: Client) -> None:
    pool = a_pool()
    for_all = a_pool("PD", "Prøv det-puljen")
    a_pool("KP", "Kulturpuljen")
    PoolVersion.objects.exclude(pool=for_all).update(applicant_kinds=[ApplicantKind.ASSOCIATION])
    gate(pool, 1)

    body = check(client, hvem="INDIVIDUAL", svar_1="ja", beloeb="ja")

    assert "Frivillighedspuljen passer desværre ikke" in body
    assert "Se Prøv det-puljen" in body
    assert "Se Kulturpuljen" not in body
    assert "/ansoeg/ny/" not in body


def test_nothing_or_nonsense_is_ved_ikke(client: Client) -> None:
    gate(a_pool(), 1)

    nothing = check(client)
    nonsense = check(client, hvem="<script>", svar_1="måske\x00", beloeb="1e999", andet="x")

    assert "Det ved vi ikke." in nothing
    assert "Find ud af: 1 er på plads" in nothing
    assert "Find ud af: 1 er på plads" in nonsense
    assert "<script>" not in nonsense


def test_svar_igen_keeps_the_answers(client: Client) -> None:
    gate(a_pool(), 1)

    body = check(client, hvem="INDIVIDUAL", svar_1="nej", igen="1")

    assert 'value="INDIVIDUAL" checked' in body
    assert 'name="svar_1" value="nej" checked' in body


def test_a_pool_without_gates_asks_the_general_rules(client: Client) -> None:
    a_pool()

    body = client.get(PATH).content.decode()

    assert "Hvem søger?" in body
    assert "Går I først i gang, når ansøgningen er sendt?" in body
    assert "Søger I om højst 75.000\xa0kr.?" in body


def test_no_cookie_is_needed(client: Client) -> None:
    a_pool()

    answer = Client(enforce_csrf_checks=True).post(PATH, {"hvem": "ASSOCIATION"})

    assert answer.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_follow_the_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    pool = a_pool()
    for number in range(1, rows + 1):
        gate(pool, number, other_pool_code=f"P{number}")
        a_pool(f"P{number}", f"Pulje {number}")

    with django_assert_num_queries(9):
        client.post(PATH, {f"svar_{number}": "nej" for number in range(1, rows + 1)})
