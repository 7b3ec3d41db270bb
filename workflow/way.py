"""The list somebody came to a case from: carried in the address through the pages of the case."""

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode


def came_from(request: HttpRequest) -> str:
    """The list's query: of this address, or of the case's page before, where something was done."""
    if "fra" in request.GET:
        return request.GET["fra"]
    before = urlsplit(request.headers.get("Referer", ""))
    is_ours = before.netloc == request.get_host()
    is_here = is_ours and _case_of(before.path) == _case_of(request.path)
    return QueryDict(before.query).get("fra", "") if is_here else ""


def way(request: HttpRequest, begins: str = "?") -> str:
    """What an address of another page of the case ends in, so that the list is not lost."""
    query = came_from(request)
    return begins + urlencode({"fra": query}) if query else ""


def _case_of(path: str) -> list[str]:
    """The beginning that all pages of one case share: /sag/7."""
    return path.split("/")[:3]
