"""A real browser against a live server. For stories:

    def test_story(browser_page, check_page):
        page = browser_page(asta)      # a new window, logged in as asta; browser_page(): a stranger
        page.goto("/ansoeg/")          # addresses are relative to the live server
        check_page(page, "b5-liste")   # axe finds nothing, no sideways scroll

Every window fails its test when the page wrote an error to the console: a broken CSP shows so.
With SCREENSHOTS=1 a picture of every page checked lands in var/screenshots/, with 1440,390,320 one
in each width; sheet.py shows them beside the design.
With SLOW_MS=300 every answer comes that late: a story that races its page fails here first.
CHROMIUM names another browser.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

from pulje.models import User
from tests.e2e.sheet import PICTURES

DESKTOP, PHONE, SMALLEST = 1440, 390, 320
# a refusal, a connection that a test has cut, and a request that a newer one has replaced
MEANT = re.compile(
    r"(status of|Error Code) 4|INTERNET_DISCONNECTED|htmx:(afterRequest|sendError|sendAbort)"
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# WCAG 2.2 AA is the law; best-practice rules are kept because they cost nothing
AXE_OPTIONS = {"resultTypes": ["violations"]}

BrowserPage = Callable[..., Page]
CheckPage = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # playwright's loop runs in this thread, and Django would refuse the ORM beside it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    browser = _playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def browser_page(browser: Browser, live_server: LiveServer) -> Iterator[BrowserPage]:
    """``browser_page(user=None, width=1440, height=900, scripts=True)``: a new window."""
    contexts, errors = [], []

    def open_page(
        user: User | None = None, *, width: int = DESKTOP, height: int = 900, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session_cookie(user, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        _slow(page)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in errors if not MEANT.search(text)] == []


@pytest.fixture
def check_page() -> CheckPage:
    """``check_page(page, name="")``: no axe finding, no sideways scroll; a name is a picture's.

    With ``also=SMALLEST`` the page must fit that width, too.
    """

    def check(page: Page, name: str = "", *, also: int = 0) -> None:
        page.wait_for_load_state()  # a click returns before the page has its style sheet
        if name:
            screenshot(page, name)
        _fits(page)
        if also:
            size = page.viewport_size
            page.set_viewport_size({"width": also, "height": size["height"]})
            _fits(page)
            page.set_viewport_size(size)
        results = Axe().run(page, options=AXE_OPTIONS)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


def _fits(page: Page) -> None:
    scrolls = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert scrolls <= 0, f"{page.url} scrolls {scrolls} px sideways at {page.viewport_size}"


def _slow(page: Page) -> None:
    if late := os.environ.get("SLOW_MS"):
        session = page.context.new_cdp_session(page)
        unlimited = {"downloadThroughput": -1, "uploadThroughput": -1}
        how = {"offline": False, "latency": int(late), **unlimited}
        session.send("Network.emulateNetworkConditions", how)


def screenshot(page: Page, name: str) -> None:
    """When SCREENSHOTS is set, the whole page: var/screenshots/<name>-<width>.png."""
    asked = os.environ.get("SCREENSHOTS")
    if not asked:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    for width in [size["width"]] if asked == "1" else map(int, asked.split(",")):
        page.set_viewport_size(size | {"width": width})
        # to hide the caret it would write a style into the page, which our CSP refuses
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True, caret="initial")
    page.set_viewport_size(size)


def _session_cookie(user: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }
