"""Two headers Django does not send by itself, and the way back after a log-in."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

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


class LogInFirst(LoginRequiredMiddleware):
    """Log-in by default. Whoever was sending a form comes back to the page with the form on it."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        came_from = urlsplit(request.headers.get("Referer", ""))
        if request.method == "POST" and came_from.netloc == request.get_host():
            return redirect_to_login(came_from.path)
        return super().handle_no_permission(request, view_func)
