"""Log in, log out and the way to one's own first page."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pulje.forms.account import LogInForm
from pulje.models import User
from pulje.templatetags.menus import first_page

DEMO_DOMAIN = "@puljer.example"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
# in the order a case meets them
DEMO_PEOPLE = ("asta", "karl", "rie", "dora", "sanne", "mads", "fie", "ulla")


class LogIn(LoginView):
    template_name = "account/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return first_page(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"demo_people": demo_people()}


log_in = LogIn.as_view()
log_out = LogoutView.as_view()


def demo_people() -> list[User]:
    """The demo's people in the order a case meets them; nobody outside development."""
    if not settings.DEMO:
        return []
    emails = [f"{name}{DEMO_DOMAIN}" for name in DEMO_PEOPLE]
    people = User.objects.filter(email__in=emails, is_active=True).order_by("pk")
    return sorted(people, key=lambda person: emails.index(person.email))


@login_not_required
@require_POST
def demo_log_in(request: HttpRequest) -> HttpResponse:
    """Log in as one of the demo's people without a password; does not exist outside development."""
    if not settings.DEMO:
        raise Http404
    people = {person.email: person for person in demo_people()}
    person = people.get(request.POST.get("email", ""))
    if person is None:
        raise Http404
    login(request, person, backend=MODEL_BACKEND)
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        onward, {request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(onward)
    return redirect(first_page(person))


def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own first page."""
    return redirect(first_page(request.user))
