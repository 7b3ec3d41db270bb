"""Who may open the letters' pages, and a letter: refused with a sentence."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from letters.models import Letter
from pulje.errors import NotAllowed
from pulje.models import Application, User
from pulje.permissions import check_not_disqualified, check_other, check_see, is_member


def signed_in(request: HttpRequest) -> User:
    """Who asks; nobody else comes as far as a view."""
    user = request.user
    assert isinstance(user, User)
    return user


def case_worker(request: HttpRequest) -> User:
    """Who asks, when it is somebody that sends letters."""
    user = signed_in(request)
    try:
        check_other(user, "see_letters")
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return user


def check_reader(request: HttpRequest, letter: Letter) -> bool:
    """True for those it is written to, as ``check_person``. A letter on its way is the house's own;
    to everybody else it is not there yet."""
    is_theirs = check_person(request, letter.application)
    if not hasattr(letter, "paper") or (is_theirs and letter.sent_at is None):
        raise Http404
    return is_theirs


def check_person(request: HttpRequest, application: Application) -> bool:
    """True for the applicant's people, False for those here who may see the case; else refused."""
    user = signed_in(request)
    if is_member(user, application):
        return True
    try:
        check_see(user, application)
        check_not_disqualified(user, application)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal
    return False
