"""One migrated database that every worker, and the next run, begins with a copy of.

Its name says which migrations it has walked; each test database is still given to ``migrate``,
which finds nothing left to do.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.db import connection

KIND = "puljer_template_"
ONE_AT_A_TIME = 7_243_016  # the advisory lock's number


def template() -> str:
    """The template's name; the first who asks makes it, all others wait."""
    name = KIND + _mark()
    with connection._nodb_cursor() as cursor, _alone(cursor):
        made = _made(cursor)
        if not made.get(name):
            _make(name)
            cursor.execute(f'ALTER DATABASE "{name}" WITH IS_TEMPLATE true')
            for former in made.keys() - {name}:
                cursor.execute(f'ALTER DATABASE "{former}" WITH IS_TEMPLATE false')
                cursor.execute(f'DROP DATABASE "{former}"')
    return name


def _mark() -> str:
    """What the migrations say, and Django's version, as sixteen digits."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    fields = import_module("pulje.models.fields").__file__  # migrations draw columns with it
    digest.update(Path(fields or "").read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone(cursor: Any) -> Iterator[None]:
    cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    yield
    cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _made(cursor: Any) -> dict[str, bool]:
    """Templates by name; one whose making was cut off is not whole."""
    cursor.execute(
        "SELECT datname, datistemplate FROM pg_database WHERE starts_with(datname, %s)", [KIND]
    )
    return dict(cursor.fetchall())


def _make(name: str) -> None:
    told, own = connection.settings_dict, connection.settings_dict["NAME"]
    test = told["TEST"]
    told["TEST"] = test | {"NAME": name, "TEMPLATE": None}
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    told["TEST"] = test
    told["NAME"] = own
