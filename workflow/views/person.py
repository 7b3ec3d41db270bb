"""What a view behind the login may count on."""

from django.http import HttpRequest

from pulje.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who has logged in (LoginRequiredMiddleware sees to it)."""

    user: User
