"""The demo's MitID: a page of our own where one says who one is. Never in production."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pulje.errors import RuleBroken
from pulje.registers.identity import Claims

KEY = "demo_identity"
ISSUER = "demo"


class DemoIdentity:
    """Takes whatever was chosen on the demo's page (views/account.py) as the truth."""

    def __init__(self) -> None:
        if not settings.DEMO:
            raise ImproperlyConfigured("The demo's identity provider is for development only.")

    def begin(self, request: HttpRequest) -> str:
        request.session.pop(KEY, None)
        return reverse("pulje:demo_identity")

    def finish(self, request: HttpRequest) -> Claims:
        said = request.session.pop(KEY, None)
        if said is None:
            raise RuleBroken(_("Du afbrød log ind med MitID. Prøv igen, når du er klar."))
        born = said["born_on"]
        return Claims(
            issuer=ISSUER,
            subject=said["subject"],
            name=said["name"],
            cvr=said["cvr"],
            org_name=said["org_name"],
            birthdate=date.fromisoformat(born) if born else None,
            loa="substantial",
        )


def choose(
    request: HttpRequest,
    *,
    subject: str,
    name: str,
    born_on: date | None = None,
    cvr: str = "",
    org_name: str = "",
) -> None:
    """Lay an identity ready for ``finish``."""
    request.session[KEY] = {
        "subject": subject,
        "name": name,
        "born_on": born_on.isoformat() if born_on else "",
        "cvr": cvr,
        "org_name": org_name,
    }
