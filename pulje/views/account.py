"""Log in, log out and the way to one's own first page."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from pulje.actions.applicant.identity import sign_in
from pulje.errors import PuljeError, RegisterUnavailable
from pulje.forms.account import DemoIdentityForm, LogInForm
from pulje.models import User
from pulje.registers import cvr, identity_demo
from pulje.registers.identity import IdentityProvider, identity_provider
from pulje.templatetags.menus import first_page

DEMO_DOMAIN = "@puljer.example"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
# in the order a case meets them
DEMO_PEOPLE = ("asta", "karl", "rie", "dora", "sanne", "karen", "mads", "ejler", "fie", "ulla")
ONWARD = "onward"  # of the session: where somebody goes who is away at MitID
# pages of workflow, which this package does not know
START, ASK_FOR_MAIL = "/start/", "/start/e-mail/"


class LogIn(LoginView):
    template_name = "account/log_in.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return first_page(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        goes_to = self.get_redirect_url()
        return super().get_context_data(**kwargs) | {
            "start_url": f"{START}?{urlencode({'next': goes_to})}" if goes_to else START,
            "demo_people": demo_people(),
            "has_provider": bool(settings.IDENTITY_PROVIDER),
        }


class LogOut(LogoutView):
    """What the browser has kept for the person, as a note not sent yet, leaves it, too."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        return response


log_in = LogIn.as_view()
log_out = LogOut.as_view()


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
    return redirect(onward(request) or first_page(person))


def home(request: HttpRequest) -> HttpResponse:
    """Everybody's own first page."""
    return redirect(first_page(request.user))


def onward(request: HttpRequest) -> str:
    """Where ``next`` leads, when that is a page of ours; else nothing."""
    url = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else ""


# --- MitID --------------------------------------------------------------------------------------


def _provider_or_404() -> IdentityProvider:
    provider = identity_provider()
    if provider is None:
        raise Http404
    return provider


@login_not_required
@require_safe
def identity_begin(request: HttpRequest) -> HttpResponse:
    """Off to MitID; a link, not a form: the page policy lets no form leave the site."""
    provider = _provider_or_404()
    request.session[ONWARD] = onward(request)
    try:
        return redirect(provider.begin(request))
    except PuljeError as refusal:
        return _turned_away(request, refusal)


@login_not_required
@require_safe
def identity_return(request: HttpRequest) -> HttpResponse:
    """Back from MitID. It writes though it is a GET: that is how OpenID Connect comes back, and
    ``state`` vouches for it as a form's token would."""
    provider = _provider_or_404()
    current = request.user if request.user.is_authenticated else None
    try:
        user = sign_in(provider.finish(request), at=timezone.now(), current=current)
    except PuljeError as refusal:
        return _turned_away(request, refusal)
    goes_to = request.session.get(ONWARD) or first_page(user)
    login_anew(request, user)
    if user.has_mail:
        return redirect(goes_to)
    return redirect(f"{ASK_FOR_MAIL}?{urlencode({'next': goes_to})}")


def login_anew(request: HttpRequest, user: User) -> None:
    """Log in under a new session key, also for somebody who was logged in already."""
    login(request, user, backend=MODEL_BACKEND)
    request.session.cycle_key()
    request.session.pop(ONWARD, None)


def _turned_away(request: HttpRequest, refusal: PuljeError) -> HttpResponse:
    """Back to log-in, or to the page one came from when still logged in, with the sentence."""
    messages.error(request, refusal.sentence)
    goes_to = request.session.pop(ONWARD, "")
    return redirect_to_login(goes_to) if goes_to else redirect(settings.LOGIN_URL)


@login_not_required
def demo_identity(request: HttpRequest) -> HttpResponse:
    """The demo's MitID: say who you are. Does not exist outside development."""
    if not settings.DEMO or not isinstance(identity_provider(), identity_demo.DemoIdentity):
        raise Http404
    people = {person.email: person for person in demo_people() if not person.is_internal}
    chosen = people.get(request.POST.get("person", ""))
    if chosen:
        identity_demo.choose(request, subject=chosen.email, name=chosen.name)
        return redirect("pulje:identity_return")
    form = DemoIdentityForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        subject = f"{said['name'].casefold()}:{said['born_on'] or ''}:{said['cvr']}"
        identity_demo.choose(request, subject=subject, org_name=_org_name(said["cvr"]), **said)
        return redirect("pulje:identity_return")
    return render(request, "account/demo_identity.html", {"people": people.values(), "form": form})


def _org_name(number: str) -> str:
    try:
        found = cvr.look_up(number)
    except RegisterUnavailable:
        return ""
    return found.name if found else ""
