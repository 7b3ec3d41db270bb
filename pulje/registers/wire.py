"""Ask an outside register over HTTP: three seconds, JSON, and one sentence for whatever fails."""

import logging
from typing import Any

import requests

from pulje.errors import RegisterUnavailable

SECONDS = 3
SERVER_FAILS = 500
log = logging.getLogger(__name__)


def ask(method: str, url: str, sentence: str, **request: Any) -> tuple[int, dict[str, Any]]:
    """The answer's status and JSON object.

    Raises RegisterUnavailable with ``sentence`` when there is no answer in time, the server fails
    or what it says is no JSON object. Logs why, never what was asked.
    """
    try:
        answer = requests.request(method, url, timeout=SECONDS, **request)
        said = answer.json() if answer.status_code < SERVER_FAILS else None
    except requests.RequestException as error:  # requests' own JSON error is one of them
        log.warning("register does not answer: %s", type(error).__name__)
        raise RegisterUnavailable(sentence) from error
    if not isinstance(said, dict):
        log.warning("register answers %s without a JSON object", answer.status_code)
        raise RegisterUnavailable(sentence)
    return answer.status_code, said
