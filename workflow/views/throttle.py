"""How often something may be asked for without a log-in."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

AN_HOUR = 60 * 60


def is_within(what: str, most: int) -> bool:
    """True as long as it happened no more than ``most`` times within the hour."""
    key = f"throttle:{hashlib.sha256(what.encode()).hexdigest()}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the hour ended in between
        return True


def visitor(request: HttpRequest) -> str:
    """The visitor's address; behind a proxy it is the last one the proxy wrote down."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META["REMOTE_ADDR"])
