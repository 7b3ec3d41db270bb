"""An application that came on paper or by phone, keyed in on behalf of the applicant."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from workflow.views.access import allow


def register(request: HttpRequest) -> HttpResponse:
    """Key it in."""
    allow(request.user, "check_case")
    return redirect("staff:inbox")
