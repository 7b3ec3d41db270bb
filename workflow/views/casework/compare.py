"""The case beside others, for equal treatment: a tab of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pulje.queries.casework import compare as read
from workflow.views.opened import open_case


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Red flags, like cases, the same project elsewhere, and earlier support."""
    case, _standing = open_case(request, pk)
    found = read.seen_by(request.user, read.compare(case, timezone.localdate()))
    context = {"case": case, "tab": "compare", "found": found}
    return render(request, "workflow/casework/compare.html", context)
