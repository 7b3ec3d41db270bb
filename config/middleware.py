"""Two headers Django does not send by itself, and the way back after a log-in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from pulje.views.typed import came_from, keep_typed, left_undone, logged_off, remember_who

UNDONE = "Du blev logget af, så det, du trykkede på, er ikke gjort. Gør det igen."
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

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        *view_args: Any,
    ) -> HttpResponseBase | None:
        """Says to the house's own, back from log-in, that nothing was done."""
        is_page = request.method == "GET" and "HX-Request" not in request.headers
        if is_page and getattr(request.user, "is_internal", False) and left_undone(request):
            messages.warning(request, UNDONE)
        return super().process_view(request, view_func, *view_args)

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
