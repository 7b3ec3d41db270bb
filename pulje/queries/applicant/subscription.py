"""Which openings are to be told, and to whom."""

from datetime import datetime

from django.db.models import QuerySet

from pulje.models import Round, Subscription


def openings_due(now: datetime) -> QuerySet[Round]:
    """Rounds of public pools that have opened and are not announced; of the partial index alone."""
    rounds = Round.objects.filter(announced_at=None, opens_at__lte=now)
    return rounds.filter(pool__is_public=True, pool__is_test=False).order_by("opens_at", "pk")


def standing(pk: int) -> Subscription | None:
    """The wish, confirmed or not, as long as it is not ended or forgotten."""
    return Subscription.objects.filter(pk=pk, ended_at=None).first()


def subscribers(code: str) -> list[tuple[int, str]]:
    """Id and address of those who have confirmed that they want to hear."""
    wanted = Subscription.objects.filter(code=code, ended_at=None, confirmed_at__isnull=False)
    return list(wanted.order_by("pk").values_list("pk", "email"))
