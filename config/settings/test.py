"""pytest: real PostgreSQL and Redis (tests/conftest.py starts them), no outside world."""

import os
from typing import Any

from config import embedded, env
from config.settings import base
from config.settings.base import *  # noqa: F403

DATA_DIR = env.data_dir() / "test"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

SECRET_KEY = "only-for-tests"  # noqa: S105
PERSON_NUMBER_KEYS = ["b25seS1mb3ItdGhlLXRlc3RzLTAxMjM0NTY3ODktYWI="]
DEMO = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

DATABASE: dict[str, Any] = env.database(env.text("DATABASE_URL", embedded.postgres_url(DATA_DIR)))
DATABASES = {"default": DATABASE}
DATABASE["CONN_MAX_AGE"] = 0  # a live server's threads leave no connection behind
# between tests all tables are emptied, also those that the database guards
DATABASE["OPTIONS"] |= {"options": "-c puljer.may_empty=on"}
DATABASE["TEST"] = {"NAME": env.text("TEST_DB_NAME", "test_puljer")}

# a worker's own Redis database: emptying a cache empties nobody else's
OWN = 1 + int(WORKER.removeprefix("gw")) % 15 if WORKER.startswith("gw") else 0
REDIS_URL = env.text("REDIS_URL", embedded.redis_url(DATA_DIR).replace("?db=0", f"?db={OWN}"))
CACHES = {"default": base.CACHES["default"] | {"LOCATION": REDIS_URL, "KEY_PREFIX": WORKER}}
CELERY_BROKER_URL = (
    "memory://"  # a nudge goes nowhere; tests call tasks, or start a worker of their own
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CLAMD_URL = ""
MEDIA_ROOT = DATA_DIR / "media" / WORKER
WHITENOISE_USE_FINDERS = True  # static files straight from their folders, no collectstatic
WHITENOISE_AUTOREFRESH = True  # looked for when asked for: a new client lists no folders
STATIC_ROOT = None

IDENTITY_PROVIDER = "pulje.registers.identity_demo.DemoIdentity"
CVR_REGISTER = "pulje.registers.cvr_fake.FakeCvr"


class UnknownVariable(str):
    """A template that prints a variable its view does not give is wrong."""

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"unknown template variable: {name}")


TEMPLATES = [
    base.TEMPLATES[0]
    | {"OPTIONS": base.TEMPLATES[0]["OPTIONS"] | {"string_if_invalid": UnknownVariable("%s")}}
]
