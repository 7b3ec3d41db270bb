"""Two headers Django does not send by itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def never_cache_personal_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page made for somebody who is logged in is kept by no browser and no proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            response["Cache-Control"] = "private, no-store"
        response.setdefault("Permissions-Policy", NO_DEVICES)
        return response

    return middleware
