"""Fetch and authorise in one call; a refusal is a page with its sentence."""

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from pulje.errors import NotAllowed, PuljeError, WrongState
from pulje.models import Application, Meeting, User
from pulje.permissions import check_other
from pulje.queries.casework.case import Standing, find_case
from pulje.queries.meeting.committee import visible
from pulje.states import CaseState
from workflow.impartial import AskFirst
from workflow.way import way

# what happened, by the kind of the refusal
HEADINGS = (
    (WrongState, "Sagen har ændret sig"),
    (NotAllowed, "Det må en anden gøre"),
    (PuljeError, "Det kan ikke gøres nu"),
)


def allow(user: User, verb: str) -> None:
    """403 with the sentence unless this person's role may do the verb."""
    try:
        check_other(user, verb)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.sentence) from refusal


def may_do(user: User, verb: str) -> bool:
    """True when the role may; for showing a button."""
    try:
        check_other(user, verb)
    except NotAllowed:
        return False
    return True


def case_or_404(request: HttpRequest, pk: int) -> tuple[Application, Standing]:
    """A submitted case and what this person is to it; a draft is the applicant's own.

    Somebody with a tie to it must first say what the tie means (AskFirst leads to that page).
    """
    allow(request.user, "see_case")
    found = find_case(pk, request.user)
    if found is None or found[0].state == CaseState.DRAFT:
        raise Http404
    if found[1].ties:
        raise AskFirst(pk)
    return found


def meeting_or_404(request: HttpRequest, pk: int) -> Meeting:
    """A meeting this person may read."""
    allow(request.user, "see_meeting")
    return get_object_or_404(visible(request.user).distinct(), pk=pk)


def to_case(request: HttpRequest, pk: int, anchor: str = "") -> HttpResponse:
    """Back to the case's page, and to its place in the list one came from."""
    return redirect(reverse("staff:case", args=[pk]) + way(request) + anchor)


def refused(request: HttpRequest, refusal: PuljeError, case: Application) -> HttpResponse:
    """409 with what happened, the sentence and the way back to the case."""
    heading = next(said for kind, said in HEADINGS if isinstance(refusal, kind))
    url = reverse("staff:case", args=[case.pk])
    return not_now(request, heading, refusal.sentence, way_on_url=url, way_on="Gå til sagen")


def not_now(request: HttpRequest, heading: str, sentence: str, **way_on: str) -> HttpResponse:
    """409: what was asked for cannot be done to things as they stand."""
    context = {"heading": heading, "sentence": sentence} | way_on
    return render(request, "errors/409.html", context, status=409)


def status_of(form: BaseForm) -> int:
    """422 for a page that shows a refused form again, 200 for one not filled in yet."""
    return 422 if form.is_bound else 200


def told(form: BaseForm, refusal: PuljeError) -> None:
    """Show a refusal over the form, with everything that was typed."""
    form.add_error(None, refusal.sentence)


def as_pdf(letter: bytes) -> HttpResponse:
    """A letter that is not sent, to be read in the browser and kept nowhere."""
    headers = {"Content-Disposition": 'inline; filename="brev.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(letter, content_type="application/pdf", headers=headers)


def base_for(user: User) -> dict[str, object]:
    """Staff keep their own menu; a committee has its own."""
    is_staff = may_do(user, "see_case")
    base = "base_staff.html" if is_staff else "base_committee.html"
    return {"base": base, "may_see_case": is_staff}
