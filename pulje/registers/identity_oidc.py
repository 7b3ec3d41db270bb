"""Sign in through a MitID broker by OpenID Connect: code flow with PKCE, state and nonce.

Source: OpenID Connect Core 1.0 § 3.1 and Discovery 1.0; RFC 7636 (PKCE). Authlib does the checking.
"""

import logging
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import requests
from authlib.integrations.django_client import DjangoOAuth2App, OAuth, OAuthError
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from joserfc.errors import JoseError

from pulje.errors import RegisterUnavailable, RuleBroken
from pulje.registers.broker_claims import claims_of
from pulje.registers.identity import Claims
from pulje.registers.wire import SECONDS

GAVE_UP = "access_denied"
log = logging.getLogger(__name__)


class OidcIdentity:
    """One broker; which one, and as whom we come, is read from the settings (OIDC_…)."""

    def begin(self, request: HttpRequest) -> str:
        back = request.build_absolute_uri(reverse("pulje:identity_return"))
        extra = dict(parse_qsl(settings.OIDC_PARAMS))
        try:
            client = _broker()
            return str(client.authorize_redirect(request, back, **extra).url)
        except (requests.RequestException, RuntimeError) as error:
            raise _down(error) from error

    def finish(self, request: HttpRequest) -> Claims:
        try:
            client = _broker()
            token = client.authorize_access_token(request)
            return claims_of(_all_claims(client, token))
        except (OAuthError, JoseError) as error:  # the code of the error; its words may name people
            log.warning("sign-in refused: %s", error.error)
            raise RuleBroken(_refusal(error.error)) from error
        except requests.RequestException as error:
            raise _down(error) from error
        except (KeyError, RuntimeError, TypeError, ValueError) as error:  # of another shape
            raise _down(error) from error


def _broker() -> DjangoOAuth2App:
    """The broker as it describes itself; asked once in the life of the process."""
    client = _client(
        settings.OIDC_ISSUER,
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET,
        settings.OIDC_SCOPE,
    )
    said = client.load_server_metadata().get("issuer", "")
    if said.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        raise RuntimeError("the issuer is not the one that was asked")
    return client


@lru_cache(maxsize=4)
def _client(issuer: str, client_id: str, secret: str, scope: str) -> DjangoOAuth2App:
    return OAuth().register(
        "mitid",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scope,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
    )


def _all_claims(client: DjangoOAuth2App, token: dict[str, Any]) -> dict[str, Any]:
    """The signed claims, and those the broker only tells at its userinfo endpoint."""
    signed = token.get("userinfo")
    if not signed:
        raise OAuthError("no_id_token")
    if "userinfo_endpoint" not in client.load_server_metadata():
        return dict(signed)
    told = client.userinfo(token=token)
    if told.get("sub") != signed["sub"]:  # OpenID Connect Core § 5.3.2
        raise OAuthError("other_subject")
    return {**told, **signed}


def _refusal(error: str) -> str:
    if error == GAVE_UP:
        return _("Du afbrød log ind med MitID. Prøv igen, når du er klar.")
    return _("Log ind med MitID blev ikke færdigt. Prøv igen.")


def _down(error: Exception) -> RegisterUnavailable:
    log.warning("identity provider does not answer: %s", type(error).__name__)
    return RegisterUnavailable(
        _("MitID svarer ikke lige nu. Prøv igen om lidt, eller begynd med din e-mail.")
    )
