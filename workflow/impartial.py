"""Whoever has told of a tie to a case is asked about it before the case opens."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from pulje.errors import TieUntold


class AskFirst(PermissionDenied):
    """The case stays shut until the person has said what the tie means."""

    def __init__(self, case: int) -> None:
        super().__init__("Tag først stilling til din tilknytning til sagen.")
        self.case = case


class AskAboutTies:
    """Lead from any page of the case, and from its letters, to the one that asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        cause = exception.__cause__ if isinstance(exception, PermissionDenied) else None
        for asks in (exception, cause):
            if isinstance(asks, AskFirst | TieUntold):
                return redirect("staff:impartiality", asks.case)
        return None
