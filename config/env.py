"""Read one variable; a missing or odd one raises a sentence that tells how to mend it."""

import base64
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
SEAL_BYTES = 32
TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def text(name: str, default: str) -> str:
    return os.environ.get(name) or default


def required(name: str, meaning: str) -> str:
    """The value of `name`; refuses to start without it and says what it is for."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {meaning}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}; write 1 for yes or 0 for no.")
    return value in TRUE


def number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas: `ALLOWED_HOSTS=puljer.example,www.puljer.example`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def seals(name: str, meaning: str) -> list[str]:
    """Keys that seal, with commas, the one in use first; refuses none and a bad one."""
    required(name, meaning)
    for key in words(name):
        try:
            good = len(base64.b64decode(key, altchars=b"-_", validate=True)) == SEAL_BYTES
        except ValueError:
            good = False
        if not good:
            raise ImproperlyConfigured(f"{name} must be 32 bytes in URL-safe base64: {meaning}.")
    return words(name)


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or ROOT / ".data").expanduser().resolve()


def database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:5432/name?sslmode=require` as Django's DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
