"""How often a mail may be asked for without a log-in."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

AN_HOUR = 60 * 60
MOST_MAILS = 4  # an hour to one e-mail; more are told the same, but not sent
MOST_ASKED = 60  # an hour from one address: a library or a school may share one


def may_ask(request: HttpRequest, what: str) -> bool:
    """True until too many mails of this sort have been asked for from the visitor's address."""
    return _is_within(f"{what}:{_visitor(request)}", MOST_ASKED)


def may_mail(email: str, what: str) -> bool:
    """True until too many mails of this sort have been sent to the e-mail."""
    return _is_within(f"{what}-mail:{email}", MOST_MAILS)


def _is_within(what: str, most: int) -> bool:
    """True as long as it happened no more than ``most`` times within the hour."""
    key = f"throttle:{hashlib.sha256(what.encode()).hexdigest()}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the hour ended in between
        return True


def _visitor(request: HttpRequest) -> str:
    """The visitor's address; behind a proxy it is the last one the proxy wrote down."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META["REMOTE_ADDR"])
