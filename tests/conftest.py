"""Starts PostgreSQL and Redis once for the whole run (all xdist workers share them) and outlaws whole classes of mistake."""

from contextlib import ExitStack

import pytest

from config import embedded, env

RUNNING = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller, not an xdist worker
        RUNNING.enter_context(embedded.services(env.data_dir() / "test", lasting=False))


def pytest_unconfigure(config: pytest.Config) -> None:
    RUNNING.close()
