import pytest
from django.contrib.auth.models import AnonymousUser

from pulje.enums import Role
from pulje.models import User
from pulje.templatetags.menus import first_page, items_for


@pytest.mark.parametrize(
    ("roles", "path"),
    [
        ([], "/ansoeg/"),
        ([Role.CASE_WORKER], "/sag/"),
        ([Role.LEADER], "/sag/"),
        ([Role.FINANCE], "/udbetaling/"),
        ([Role.COMMITTEE_MEMBER], "/udvalg/"),
        ([Role.SECRETARY, Role.CASE_WORKER], "/sag/"),
        ([Role.ADMINISTRATOR], "/admin/"),
    ],
)
def test_first_page_is_where_the_work_is(roles: list[Role], path: str) -> None:
    assert first_page(User(roles=roles)) == path


def test_menu_shows_what_the_role_may_use() -> None:
    fie = User(roles=[Role.FINANCE])

    assert [item.text for item in items_for("staff", fie, "/sag/")] == [
        "Min indbakke",
        "Alle sager",
        "Ansøgere",
        "Puljer",
        "Tal",
        "Udbetalinger",
        "Mine poster",
    ]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Find en pulje"]),
        ("/pulje/fp/", ["Find en pulje"]),
        ("/ansoeg/7/", ["Mine ansøgninger"]),
        ("/log-ind/", []),
    ],
)
def test_one_entry_is_current(path: str, current: list[str]) -> None:
    items = items_for("public", AnonymousUser(), path)

    assert [item.text for item in items if item.is_current] == current


def test_longest_path_wins() -> None:
    items = items_for("staff", User(roles=[Role.CASE_WORKER]), "/sag/alle/")

    assert [item.text for item in items if item.is_current] == ["Alle sager"]
