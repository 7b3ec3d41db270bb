"""Production: services named in the environment, secure cookies, files named by their hash."""

import os

from config import env

os.environ["DATABASE_URL"] = env.required(
    "DATABASE_URL", "postgresql://user:password@host:5432/name"
)
os.environ["REDIS_URL"] = env.required("REDIS_URL", "redis://host:6379/0")

from config.settings.base import *  # noqa: E402, F403

SECRET_KEY = env.required(
    "SECRET_KEY", "at least 50 random characters, kept secret and the same on every host"
)
PERSON_NUMBER_KEYS = env.seals(
    "PERSON_NUMBER_KEY", "the key that seals CPR numbers; docs/how-to/digital-post.md makes one"
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [
    env.required("ALLOWED_HOSTS", "the host names people use, with commas")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=True) else None
)
