"""What every page says to the browser beside its content."""

import pytest

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def page(client, db):
    return client.get("/")


def test_content_security_policy_allows_only_our_own_files(page):
    assert set(page["Content-Security-Policy"].split("; ")) == CSP


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ],
)
def test_security_headers(page, header, value):
    assert page[header] == value


def test_page_for_everybody_may_be_cached(page):
    assert "no-store" not in page.get("Cache-Control", "")


def test_page_for_somebody_is_never_cached(client, db, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a-session"

    assert client.get("/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("referer", "next_page"),
    [
        ("http://testserver/sag/181/?journal=alle", "/sag/181/"),
        ("http://elsewhere.example/sag/181/", "/sag/181/note/"),
        ("", "/sag/181/note/"),
    ],
)
def test_form_sent_after_the_session_ended_comes_back_to_its_page(client, db, referer, next_page):
    answer = client.post("/sag/181/note/", {"text": "Talte med"}, headers={"referer": referer})

    assert answer["Location"] == f"/log-ind/?next={next_page}"
