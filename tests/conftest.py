"""Starts PostgreSQL and Redis once for the run; outlaws whole kinds of mistake."""

import gc
import os
import re
import signal
from collections.abc import Callable
from contextlib import ExitStack
from math import inf
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from config import embedded, env
from letters.texts.actions import approve_standard_texts
from tests import people
from tests.locks import in_one_order
from tests.template import template

RUNNING = ExitStack()
LOG_IN = "django.contrib.auth.backends.ModelBackend"

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
KEPT_BY_THE_FRAMEWORK = {
    "django_session",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
    "pulje_casereading",  # pulje/actions/meeting/reading.py says why a GET writes this one
}
LIMITED = re.compile(r"\bLIMIT (\d+)")
ONE_ROW = {"1", "21"}  # exists() and get() need no order


# Hypothesis' own for CI: the same examples each time, and no deadline on a busy machine. Who looks
# for new ones says --hypothesis-profile=default
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 20)  # many rows, few circles: some per cent quicker
    if not hasattr(config, "workerinput"):  # the controller, not an xdist worker
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # the services end in order
        # how long a mail server of a test's own may take to start
        os.environ.setdefault("AIOSMTPD_CONTROLLER_TIMEOUT", "60")
        RUNNING.enter_context(embedded.services(env.data_dir() / "test", lasting=False))


@pytest.hookimpl(trylast=True)  # after the shuffle and pytest-django's own order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, those without a database before all: another worker makes it meanwhile."""
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    if item.get_closest_marker("slow") is None:
        return 2
    return int(item.get_closest_marker("django_db") is not None)


def pytest_unconfigure(config: pytest.Config) -> None:
    RUNNING.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Each worker's database is a copy of the migrated one."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template()


class StrictClient(Client):
    """A GET must not write, and a list cut to a length must have an order; a POST locks in one."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with connection.execute_wrapper(_refuse_writes_and_chance):
            return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with in_one_order():
            return super().post(*args, **kwargs)

    def force_login(self, user: Any, backend: str = LOG_IN) -> None:
        """With several back ends Django takes the first, and axes' own finds nobody."""
        super().force_login(user, backend)


def _refuse_writes_and_chance(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    if (write := WRITES.match(sql)) and write[1] not in KEPT_BY_THE_FRAMEWORK:
        raise AssertionError(f"a GET writes: {sql[:200]}")
    if (limit := LIMITED.search(sql)) and limit[1] not in ONE_ROW and "ORDER BY" not in sql:
        raise AssertionError(f"a list is cut without an order: {sql[:200]}")
    return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _time_for_all_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that sends letters once waits for all of them, on however slow a machine."""
    monkeypatch.setattr("letters.tasks.SECONDS", inf)
    monkeypatch.setattr("letters.tasks.LETTERS", 50)


@pytest.fixture
def texts(db: None) -> None:
    """The standard texts of the letters are approved: without them no letter is made."""
    approve_standard_texts(people.dora(), timezone.now())


@pytest.fixture
def client() -> StrictClient:
    return StrictClient()
