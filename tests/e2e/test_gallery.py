import pytest

from pulje.enums import Role
from pulje.models import User
from tests.e2e.conftest import DESKTOP, PHONE, SMALLEST, BrowserPage, CheckPage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.e2e.gallery")]


@pytest.mark.parametrize("width", [DESKTOP, PHONE, SMALLEST])
@pytest.mark.parametrize("base", ["base", "base_staff", "base_committee"])
def test_every_component_is_accessible(
    browser_page: BrowserPage, check_page: CheckPage, base: str, width: int
) -> None:
    karl = User.objects.create_user(
        "karl@puljer.example", name="Karl Krag", roles=[Role.CASE_WORKER]
    )
    page = browser_page(karl, width=width)

    page.goto(f"/galleri/{base}.html")
    check_page(page, f"galleri-{base}")
    page.goto(f"/galleri/{base}.html?fejl")
    check_page(page, f"galleri-{base}-fejl")
