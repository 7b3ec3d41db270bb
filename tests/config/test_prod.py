"""The production settings refuse to start half-configured, and say what is missing."""

import os
import subprocess
import sys

import pytest

from config import env

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "k" * 50,
    "PERSON_NUMBER_KEY": "b25seS1mb3ItdGhlLXRlc3RzLTAxMjM0NTY3ODktYWI=",
    "ALLOWED_HOSTS": "puljer.example",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
SHOW = """import django; django.setup()
from django.conf import settings as s; print(s.DEMO, s.DEBUG, s.SESSION_COOKIE_NAME)"""


def start(**environment):
    kept = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        env=kept | environment,
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_environment_starts_without_demo_and_debug():
    assert start(**COMPLETE).stdout == "False False __Host-session\n"


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "PERSON_NUMBER_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"]
)
def test_missing_variable_is_named(missing):
    left = {name: value for name, value in COMPLETE.items() if name != missing}

    assert f"Set the environment variable {missing}: " in start(**left).stderr
