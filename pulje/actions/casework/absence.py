"""Being away: a substitute sees one's tasks among their own while it lasts."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.enums import Role
from pulje.errors import NotAllowed, RuleBroken
from pulje.models import Absence, User
from pulje.permissions import check_other, check_role
from pulje.rules.deadlines import latest_deadline
from pulje.templatetags.words import dato


@transaction.atomic
def set_absence(
    user: User, *, by: User, at: datetime, substitute: User, from_on: date, until_on: date
) -> Absence:
    """Write that somebody is away; the same again changes nothing.

    Raises NotAllowed to set it for others than oneself unless one is a leader, RuleBroken for
    days that are over, another absence in the same days, or a substitute who is away as well.
    """
    _check_whose(user, by)
    check_role(user, frozenset({Role.CASE_WORKER, Role.LEADER}))
    check_role(substitute, frozenset({Role.CASE_WORKER}))
    if user == substitute:
        raise RuleBroken(_("Vælg en anden som stedfortræder end den, der er væk."))
    if until_on < max(from_on, timezone.localdate(at)):
        raise RuleBroken(_("Fraværet er slut, før det begynder. Ret dagene."))
    last_day = latest_deadline(timezone.localdate(at))
    if until_on > last_day:
        raise RuleBroken(_("Fraværet kan højst slutte den %s.") % f"{last_day:%d-%m-%Y}")
    User.objects.select_for_update().get(pk=user.pk)  # two at once would not see each other
    days = {"substitute": substitute, "from_on": from_on, "until_on": until_on}
    if same := user.absences.filter(**days).first():
        return same
    if other := _in_days(user, from_on, until_on):
        said = {"name": user.name, "first": dato(other.from_on), "last": dato(other.until_on)}
        raise RuleBroken(_("%(name)s er allerede væk fra %(first)s til %(last)s.") % said)
    if other := _in_days(substitute, from_on, until_on):
        said = {"name": substitute.name, "last": dato(other.until_on)}
        raise RuleBroken(_("%(name)s er selv væk til %(last)s. Vælg en anden.") % said)
    return Absence.objects.create(user=user, **days)


@transaction.atomic
def end_absence(absence: Absence, *, by: User) -> None:
    """Take an absence away: the person is back. Raises NotAllowed to others, but a leader."""
    _check_whose(absence.user, by)
    absence.delete()


def _check_whose(user: User, by: User) -> None:
    check_other(by, "assign")
    if user != by and not by.has_role(Role.LEADER):
        raise NotAllowed(_("Du kan kun skrive dit eget fravær. En leder kan skrive andres."))


def _in_days(user: User, from_on: date, until_on: date) -> Absence | None:
    within = user.absences.filter(from_on__lte=until_on, until_on__gte=from_on)
    return within.order_by("from_on", "pk").first()
