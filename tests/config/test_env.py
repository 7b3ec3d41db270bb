import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "name", "options"),
    [
        (
            "postgresql://ada:s%40fe@db.example:5433/puljer",
            "db.example",
            "5433",
            "ada",
            "puljer",
            {},
        ),
        ("postgres://ada@/puljer?host=/run/pg", "/run/pg", "", "ada", "puljer", {}),
        ("postgresql://db/puljer?sslmode=require", "db", "", "", "puljer", {"sslmode": "require"}),
    ],
    ids=["everything", "a socket", "an option"],
)
def test_database_url_is_read(url, host, port, user, name, options):
    found = env.database(url)

    assert (found["HOST"], found["PORT"], found["USER"], found["NAME"]) == (host, port, user, name)
    assert found["OPTIONS"] == options


def test_database_password_may_hold_any_sign():
    assert env.database("postgresql://ada:s%40f%2Fe@db/puljer")["PASSWORD"] == "s@f/e"


@pytest.mark.parametrize("url", ["mysql://db/puljer", "postgresql://db/", "puljer"])
def test_database_url_of_another_kind_is_refused_with_the_right_form(url):
    with pytest.raises(ImproperlyConfigured, match="must look like postgresql://"):
        env.database(url)


def test_missing_variable_tells_what_it_is_for(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured) as refused:
        env.required("SECRET_KEY", "fifty random characters")

    assert str(refused.value) == "Set the environment variable SECRET_KEY: fifty random characters."


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False)]
)
def test_flag_is_read(monkeypatch, value, expected):
    monkeypatch.setenv("DEBUG", value)

    assert env.flag("DEBUG") is expected


def test_flag_that_is_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(ImproperlyConfigured, match="write 1 for yes or 0 for no"):
        env.flag("DEBUG")


def test_number_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("PORT", "http")

    with pytest.raises(ImproperlyConfigured, match="must be a whole number"):
        env.number("PORT", 8000)
