"""Anyone who holds a letter can check that we sent it and that nothing in it is changed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from letters.forms.verify import VerifyForm
from letters.verifying import known_by


@csrf_exempt  # writes nothing and needs no cookie
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; after it also the answer. The file is read once and kept nowhere."""
    if request.method != "POST":
        return render(request, "letters/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "letters/verify.html", {"form": form}, status=422)
    context = {"form": VerifyForm(), "asked": form.sha256, "known": known_by(form.sha256)}
    return render(request, "letters/verify.html", context)
