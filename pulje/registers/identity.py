"""Who somebody is, told by MitID or whatever the installation signs in with."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Claims:
    """What an identity provider vouches for. There is no place here for a CPR number.

    ``issuer`` and ``subject`` name the person for ever; ``cvr`` and ``org_name`` are there when
    the person came as somebody's employee or signatory (MitID Erhverv); ``loa`` is the NSIS level.
    """

    issuer: str
    subject: str
    name: str
    email: str = ""
    cvr: str = ""
    org_name: str = ""
    birthdate: date | None = None
    loa: str = ""


class IdentityProvider(Protocol):
    """A way to sign in: off to the provider, and back with the claims.

    Both raise RegisterUnavailable when it does not answer; ``finish`` raises RuleBroken when the
    person gave up or what came back cannot be trusted.
    """

    def begin(self, request: HttpRequest) -> str:
        """Where to send the browser."""
        ...

    def finish(self, request: HttpRequest) -> Claims: ...


def identity_provider() -> IdentityProvider | None:
    """The installation's own (settings.IDENTITY_PROVIDER); None when there is none."""
    if not settings.IDENTITY_PROVIDER:
        return None
    provider: IdentityProvider = import_string(settings.IDENTITY_PROVIDER)()
    return provider
