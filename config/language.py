"""Danish unless somebody chose English; nobody is given a language by what the browser says.

Whoever works here reads Danish: their pages, journal and letters are Danish by law and habit.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def speak_the_chosen_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages in the language of the cookie that the switch in the header sets."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(_chosen(request)):
            response = get_response(request)
        response.setdefault("Content-Language", _chosen(request))
        return response

    return middleware


def _chosen(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    is_known = chosen in dict(settings.LANGUAGES)
    if not is_known or getattr(request.user, "is_internal", False):
        return settings.LANGUAGE_CODE
    return chosen
