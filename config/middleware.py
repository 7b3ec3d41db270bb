"""Two headers Django does not send by itself, and the way back after a log-in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from pulje.views.typed import came_from, keep_typed, logged_off, remember_who

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
        remember_who(request, response)
        return response

    return middleware


class LogInFirst(LoginRequiredMiddleware):
    """Log-in by default. Whoever was sending a form comes back to the page with the form on it,
    and to what they had typed (pulje/views/typed.py)."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know of redirects only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if "HX-Request" in request.headers:
            return logged_off(request)
        page = came_from(request)
        if request.method == "POST" and page:
            keep_typed(request)
            return redirect_to_login(page)
        return super().handle_no_permission(request, view_func)
