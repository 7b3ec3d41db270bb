"""A database of the bench's own, made and dropped for each part: demo and tests are not touched."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection

from config import embedded, env

NAME = "puljer_bench"


def numbers(*default: int) -> list[int]:
    """The sizes to measure at: BENCH_N stands in for the largest, the others stay below it."""
    given = env.number("BENCH_N", default[-1])
    if given < 1:
        raise SystemExit("BENCH_N must be 1 or more.")
    return sorted({min(given, size) for size in default[:-1]} | {given})


@contextmanager
def server() -> Iterator[None]:
    """PostgreSQL and Redis under DATA_DIR/bench, or those the environment names; then Django."""
    data = env.data_dir() / "bench"
    with embedded.services(data):
        here = f"postgresql://postgres@/postgres?host={embedded.postgres_folder(data)}"
        os.environ["BENCH_ADMIN_URL"] = os.environ.get("DATABASE_URL") or here
        os.environ["DATABASE_URL"] = _named(os.environ["BENCH_ADMIN_URL"])
        if not os.environ.get("REDIS_URL"):
            os.environ["DATA_DIR"] = str(data)
        start_django()
        yield
    if not (data / "postgres.pid").exists():  # nobody else measures
        shutil.rmtree(data, ignore_errors=True)


def start_django() -> None:
    """The same settings here and in every process the bench starts."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)


@contextmanager
def scratch() -> Iterator[None]:
    """An empty, migrated database inside the block; gone after it."""
    _admin(f"drop database if exists {NAME} with (force)", f"create database {NAME}")
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        _admin(f"drop database if exists {NAME} with (force)")


def settle() -> None:
    """Statistics and visibility as a living database has them."""
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _admin(*statements: str) -> None:
    with psycopg.connect(os.environ["BENCH_ADMIN_URL"], autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)


def _named(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
