"""The virus scanner: clamd, spoken to over its own wire when CLAMD_URL names one.

What cannot be scanned is not taken in: every doubt ends in RegisterUnavailable.
"""

import logging
from io import BytesIO

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.utils.translation import gettext as _

from pulje.errors import RegisterUnavailable

SECONDS = 20
log = logging.getLogger(__name__)


def is_infected(content: bytes) -> bool:
    """True when clamd finds a virus; False when it finds none, or none is to be asked.

    Raises RegisterUnavailable when a scanner is named and gives no clear answer.
    """
    if not settings.CLAMD_URL:
        return False
    try:
        answers = _scanner(settings.CLAMD_URL).instream(BytesIO(content))
        state = answers["stream"][0]
    except (ClamdError, OSError, KeyError, ValueError) as error:
        raise _unavailable(type(error).__name__) from error
    if state not in ("OK", "FOUND"):
        raise _unavailable(state)
    return state == "FOUND"


def _scanner(url: str) -> ClamdNetworkSocket:
    """The scanner at ``unix:/run/clamav/clamd.ctl`` or ``tcp:host:3310``."""
    scheme, _colon, rest = url.partition(":")
    if scheme == "unix":
        return ClamdUnixSocket(rest.removeprefix("//"), timeout=SECONDS)
    host, _colon, port = rest.removeprefix("//").rpartition(":")
    if scheme != "tcp" or not host:
        raise ValueError("CLAMD_URL must look like unix:/run/clamav/clamd.ctl or tcp:host:3310")
    return ClamdNetworkSocket(host, int(port), timeout=SECONDS)


def _unavailable(why: str) -> RegisterUnavailable:
    log.error("clamd gives no clear answer: %s", why)
    return RegisterUnavailable(_("Filer kunne ikke scannes for virus lige nu. Prøv igen om lidt."))
