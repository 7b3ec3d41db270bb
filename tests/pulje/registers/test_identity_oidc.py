"""The whole way to a real OpenID Connect provider on a free port, and back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock import User as Eid
from oidc_provider_mock import run_server_in_thread

from pulje.actions.applicant.identity import person_by_mail
from pulje.enums import RightProof
from pulje.models import User
from tests import people
from tests.factories import an_applicant
from tests.pulje.registers.local_server import local_server

AN_HOUR = timedelta(hours=1)
CPR, CVR = "290385-1234", "25063864"
HANS = Eid(
    sub="hans",
    claims={
        "identity_type": "private",
        "mitid.identity_name": "Hans Hansen",
        "mitid.date_of_birth": "1985-03-29",
        "loa": "https://data.gov.dk/concept/core/nsis/Substantial",
        "dk.cpr": CPR,
    },
)
GRETE = Eid(
    sub="grete",
    claims={
        "identity_type": "professional",
        "nemlogin.name": "Grete Falk",
        "nemlogin.cvr": CVR,
        "nemlogin.org_name": "Birkerød Spejderkreds",
    },
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the provider's own, not ours
]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider insists on https
        with run_server_in_thread(user_claims=[HANS, GRETE], require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _provider(settings: Any, issuer: str) -> None:
    cache.clear()
    settings.IDENTITY_PROVIDER = "pulje.registers.identity_oidc.OidcIdentity"
    settings.OIDC_ISSUER = issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "puljer", "hemmelig"  # noqa: S105
    settings.OIDC_PARAMS = "idp_values=mitid_erhverv&login_hint=a%20b"


@pytest.fixture
def browser() -> Client:
    """Django's own: the way back from a provider is a GET that writes."""
    return Client(SERVER_NAME="testserver")


def away(browser: Client, onward: str = "/persondata/") -> str:
    """To the provider; the address the browser is sent to."""
    answer = browser.get("/log-ind/mitid/", {"next": onward})
    assert answer.status_code == 302
    return answer["Location"]


def says_yes(address: str, who: str = "hans") -> str:
    """At the provider: somebody proves who they are; where the browser is sent back to."""
    answer = requests.post(address, data={"sub": who}, allow_redirects=False, timeout=60)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sentence(browser: Client, answer: Any) -> str:
    """What the page that was led to says."""
    return browser.get(answer["Location"]).content.decode()


def test_a_private_person_logs_in(browser: Client) -> None:
    browser.session.save()
    before = browser.session.session_key
    address = away(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    answer = browser.get(says_yes(address))

    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert (asked["idp_values"], asked["login_hint"]) == ("mitid_erhverv", "a b")
    assert asked["nonce"]
    user = User.objects.get(pk=browser.session[SESSION_KEY])
    assert (user.name, user.identities.get().subject) == ("Hans Hansen", "hans")
    assert user.identities.get().loa == "substantial"
    assert answer["Location"] == "/start/e-mail/?next=%2Fpersondata%2F"
    assert browser.session.session_key != before


def test_nobody_sees_a_cpr_number(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    browser.get(says_yes(away(browser)))

    user = User.objects.get(pk=browser.session[SESSION_KEY])
    kept = f"{vars(user)} {vars(user.identities.get())} {browser.session.items()}"
    assert "Hans Hansen" in kept
    assert CPR not in kept + caplog.text


def test_mitid_erhverv_gives_a_place_at_a_known_applicant(browser: Client) -> None:
    scouts = an_applicant(cvr=CVR)

    browser.get(says_yes(away(browser), "grete"))

    place = User.objects.get(pk=browser.session[SESSION_KEY]).memberships.get()
    assert (place.applicant, place.proof) == (scouts, RightProof.MITID_ERHVERV)


def test_whoever_began_by_mail_comes_back_to_the_draft(browser: Client) -> None:
    drafter = person_by_mail("hans@puljer.example")
    browser.force_login(drafter, backend="django.contrib.auth.backends.ModelBackend")
    before = browser.session.session_key

    answer = browser.get(says_yes(away(browser, "/ansoeg/7/send/")))

    assert answer["Location"] == "/ansoeg/7/send/"
    assert browser.session[SESSION_KEY] == str(drafter.pk)
    assert browser.session.session_key != before
    assert drafter.identities.exists()


def test_a_stranger_s_address_is_not_followed(browser: Client) -> None:
    answer = browser.get(says_yes(away(browser, "https://elsewhere.example/")))

    assert answer["Location"] == "/start/e-mail/?next=%2Fansoeg%2F"


def tampered(address: str) -> str:
    return address.replace("state=", "state=x")


def without_code(address: str) -> str:
    return address.replace("code=", "code=x")


@pytest.mark.parametrize("change", [tampered, without_code])
def test_what_was_tampered_with_lets_nobody_in(browser: Client, change: Any) -> None:
    answer = browser.get(change(says_yes(away(browser))))

    assert SESSION_KEY not in browser.session
    assert "blev ikke færdigt. Prøv igen." in sentence(browser, answer)


def test_an_answer_is_good_once_and_in_one_browser(browser: Client) -> None:
    back = says_yes(away(browser))

    other = Client().get(back)
    browser.get(back)
    browser.logout()
    again = browser.get(back)

    assert [other["Location"], again["Location"]] == ["/log-ind/"] * 2
    assert SESSION_KEY not in browser.session


def test_another_nonce_lets_nobody_in(browser: Client) -> None:
    address = away(browser)
    nonce = parse_qs(urlsplit(address).query)["nonce"][0]

    answer = browser.get(says_yes(address.replace(nonce, "anothernonce")))

    assert SESSION_KEY not in browser.session
    assert "Prøv igen" in sentence(browser, answer)


def test_an_expired_answer_lets_nobody_in(browser: Client, settings: Any) -> None:
    with run_server_in_thread(user_claims=[HANS], access_token_max_age=-AN_HOUR) as server:
        settings.OIDC_ISSUER = f"http://localhost:{server.server_port}"
        answer = browser.get(says_yes(away(browser)))

    assert SESSION_KEY not in browser.session
    assert "blev ikke færdigt. Prøv igen." in sentence(browser, answer)


def test_giving_up_is_said_kindly(browser: Client) -> None:
    state = parse_qs(urlsplit(away(browser)).query)["state"][0]

    answer = browser.get("/log-ind/mitid/retur/", {"error": "access_denied", "state": state})

    assert answer["Location"] == "/log-ind/?next=/persondata/"
    assert "Du afbrød log ind med MitID." in sentence(browser, answer)


def test_a_closed_user_is_told_so(browser: Client) -> None:
    browser.get(says_yes(away(browser)))
    browser.logout()
    User.objects.filter(identities__subject="hans").update(is_active=False)

    answer = browser.get(says_yes(away(browser)))

    assert SESSION_KEY not in browser.session
    assert "Din adgang er lukket." in sentence(browser, answer)


def test_provider_is_down_and_other_ways_in_stay_open(browser: Client, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:1"

    page = sentence(browser, browser.get("/log-ind/mitid/", {"next": "/persondata/"}))

    assert "MitID svarer ikke lige nu." in page
    assert "Få et link på mail" in page
    people.karl()
    answer = browser.post(
        "/log-ind/", {"username": "karl@puljer.example", "password": people.PASSWORD}
    )
    assert answer["Location"] == "/sag/"


def test_another_issuer_than_asked_is_not_believed(browser: Client, settings: Any) -> None:
    with local_server() as server:
        server.answers({"issuer": "https://evil.example", "authorization_endpoint": server.url})
        settings.OIDC_ISSUER = server.url
        answer = browser.get("/log-ind/mitid/")

    assert "MitID svarer ikke lige nu." in sentence(browser, answer)
