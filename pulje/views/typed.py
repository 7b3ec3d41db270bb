"""What somebody was typing when their log-in ended is kept, and given back to nobody else."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.csrf import csrf_failure as framework_csrf_failure

KEY = "typed"  # of the session
COOKIE = "puljer-seneste"  # who was logged in here last, signed; outlives the log-in
SALT = "pulje.typed"
AN_HOUR = 60 * 60
MOST = 200_000  # characters: a long application is 30,000
SECRET = ("password", "adgangskode", "kode", "csrfmiddlewaretoken")


def remember_who(request: HttpRequest, response: HttpResponse) -> None:
    """Note in a signed cookie whose log-in the browser has, for when it ends."""
    user = getattr(request, "user", None)
    if user is None or settings.SESSION_COOKIE_NAME not in response.cookies:
        return
    if user.is_authenticated:
        response.set_signed_cookie(
            COOKIE,
            user.pk,
            salt=SALT,
            max_age=2 * settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def keep_typed(request: HttpRequest) -> None:
    """Keep the text of this post in the session; no files, no passwords, not without an owner."""
    who = request.get_signed_cookie(COOKIE, "", salt=SALT)
    data = request.POST.copy()
    for name in [name for name in data if any(word in name.lower() for word in SECRET)]:
        del data[name]
    text = data.urlencode()
    if who and len(text) <= MOST:
        at = timezone.now().timestamp()
        request.session[KEY] = {"who": who, "path": request.path, "at": at, "text": text}


def typed_before(request: HttpRequest, path: str) -> QueryDict | None:
    """What this person had typed for ``path`` within the hour; given once.

    Re-fill the form with it and say: "Her er det, du skrev, før du blev logget af."
    """
    kept = request.session.get(KEY)
    if kept is None or kept["path"] != path:
        return None
    del request.session[KEY]
    is_old = timezone.now().timestamp() - kept["at"] > AN_HOUR
    if is_old or kept["who"] != str(request.user.pk):
        return None
    return QueryDict(kept["text"])


def left_undone(request: HttpRequest) -> bool:
    """True once, when this person's last press of a button came to nothing: they were logged off.

    Kept all the same, for the form that takes up what was typed.
    """
    kept = request.session.get(KEY)
    if kept is None or kept.get("is_told") or kept["who"] != str(request.user.pk):
        return False
    request.session[KEY] = kept | {"is_told": True}
    return timezone.now().timestamp() - kept["at"] <= AN_HOUR


def logged_off(request: HttpRequest) -> HttpResponse:
    """To HTMX, which would put a whole log-in page into the form: a sentence; the form stays."""
    target = request.headers.get("HX-Target", "")
    return render(request, "account/_logged_off.html", {"target": target}, status=401)


def came_from(request: HttpRequest) -> str:
    """The path of the page of ours whose form this is; empty when another site sent it."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before one logged in again has an old token: it comes back filled, to be sent.

    Nothing is done with it before the person has looked at it and sent it themselves. A post from
    another site gets no further than it ever did.
    """
    page = came_from(request)
    if not (request.user.is_authenticated and page):
        return framework_csrf_failure(request, reason)
    keep_typed(request)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": page})
    return redirect(page)
