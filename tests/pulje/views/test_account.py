import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client

from pulje.enums import Role
from pulje.models import User

PASSWORD = "pulje-demo-2027"

pytestmark = pytest.mark.django_db


@pytest.fixture
def karl() -> User:
    cache.clear()
    return User.objects.create_user(
        "karl@puljer.example", PASSWORD, name="Karl", roles=[Role.CASE_WORKER]
    )


def log_in(client: Client, password: str = PASSWORD, **fields: str):
    return client.post(
        "/log-ind/", {"username": "karl@puljer.example", "password": password, **fields}
    )


@pytest.mark.usefixtures("karl")
def test_log_in_leads_to_the_first_page_and_changes_the_session(client: Client) -> None:
    client.session["seen"] = "before"
    before = client.session.session_key

    answer = log_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/sag/")
    assert client.session.session_key != before


@pytest.mark.usefixtures("karl")
def test_log_in_leads_on_to_where_one_was_going(client: Client) -> None:
    assert log_in(client, next="/persondata/")["Location"] == "/persondata/"


@pytest.mark.usefixtures("karl")
def test_log_in_does_not_lead_to_strangers(client: Client) -> None:
    assert log_in(client, next="https://elsewhere.example/")["Location"] == "/sag/"


@pytest.mark.usefixtures("karl")
def test_wrong_password_says_the_same_for_known_and_unknown(client: Client) -> None:
    known = log_in(client, "forkert-kode").context["form"].non_field_errors()
    unknown = (
        client.post("/log-ind/", {"username": "x@y.example", "password": "z"})
        .context["form"]
        .non_field_errors()
    )

    assert known == unknown == ["E-mail og adgangskode passer ikke sammen. Prøv igen."]


@pytest.mark.usefixtures("karl")
def test_five_wrong_passwords_lock_the_door_for_the_right_one_too(client: Client) -> None:
    answers = [log_in(client, "forkert-kode").status_code for _attempt in range(5)]

    locked = log_in(client)

    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "Vent et kvarter, og prøv igen" in locked.content.decode()
    assert SESSION_KEY not in client.session


@pytest.mark.usefixtures("karl")
def test_capitals_in_the_e_mail_give_no_more_attempts(client: Client) -> None:
    for email in (
        "karl@puljer.example",
        "KARL@puljer.example",
        "Karl@puljer.example",
        "kARL@puljer.example",
    ):
        client.post("/log-ind/", {"username": email, "password": "forkert-kode"})

    assert (
        client.post("/log-ind/", {"username": "karL@puljer.example", "password": "x"}).status_code
        == 429
    )


@pytest.mark.usefixtures("karl")
def test_others_can_log_in_while_one_is_locked_out(client: Client) -> None:
    User.objects.create_user("dora@puljer.example", PASSWORD, name="Dora", roles=[Role.LEADER])
    for _attempt in range(5):
        log_in(client, "forkert-kode")

    answer = client.post("/log-ind/", {"username": "dora@puljer.example", "password": PASSWORD})

    assert answer["Location"] == "/sag/"


@pytest.mark.usefixtures("karl")
def test_log_out_is_a_post(client: Client) -> None:
    log_in(client)

    assert client.get("/log-af/").status_code == 405
    assert client.post("/log-af/")["Location"] == "/"
    assert SESSION_KEY not in client.session


@pytest.mark.usefixtures("karl")
def test_demo_person_logs_in_by_one_click(client: Client) -> None:
    answer = client.post("/log-ind/demo/", {"email": "karl@puljer.example"})

    assert answer["Location"] == "/sag/"
    assert client.session[SESSION_KEY]


@pytest.mark.parametrize("email", ["boss@puljer.example", "karl@puljer.example.org", ""])
@pytest.mark.usefixtures("karl")
def test_nobody_but_the_demo_people_logs_in_by_one_click(client: Client, email: str) -> None:
    User.objects.create_user(
        "boss@puljer.example", PASSWORD, name="Boss", roles=[Role.ADMINISTRATOR]
    )

    assert client.post("/log-ind/demo/", {"email": email}).status_code == 404
    assert SESSION_KEY not in client.session


@pytest.mark.usefixtures("karl")
def test_outside_development_there_are_no_demo_people(client: Client, settings) -> None:
    settings.DEMO = False

    assert "karl@puljer.example" not in client.get("/log-ind/").content.decode()
    assert client.post("/log-ind/demo/", {"email": "karl@puljer.example"}).status_code == 404
    assert SESSION_KEY not in client.session


def test_home_asks_a_stranger_to_log_in(client: Client) -> None:
    assert client.get("/hjem/")["Location"] == "/log-ind/?next=/hjem/"


def test_home_is_the_first_page(client: Client, karl: User) -> None:
    client.force_login(karl, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/hjem/")["Location"] == "/sag/"
