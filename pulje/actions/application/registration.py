"""What a case worker keys in for somebody: whether it may come in, and who applies."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application.application import version_in_force
from pulje.enums import WITHOUT_CVR, ApplicantKind, LateRule
from pulje.errors import RuleBroken
from pulje.models import Applicant, Round, User
from pulje.permissions import check_role
from pulje.rules.deadlines import is_late
from pulje.states import STEPS, Verb
from pulje.templatetags.words import dato_tid


def check_register(by: User) -> None:
    """Raise NotAllowed unless the person may key in applications at all."""
    check_role(by, STEPS[Verb.REGISTER_ON_BEHALF].who)


def check_received(round: Round, *, received_at: datetime, at: datetime) -> None:
    """Raise RuleBroken when what came then cannot come into the round.

    Source: local: each pool's deadline has a clock time and its own late rule (domain.md A5).
    """
    if received_at > at:
        raise RuleBroken(_("Datoen for modtagelse kan ikke ligge i fremtiden."))
    if received_at < round.opens_at:
        raise RuleBroken(
            _("Runden åbnede først %s. Ret datoen for modtagelse, eller vælg en anden runde.")
            % dato_tid(round.opens_at)
        )
    version = version_in_force(round.pool, timezone.localdate(at))
    if is_late(received_at, round.closes_at) and version.late_rule == LateRule.REFUSE:
        assert round.closes_at is not None, "what has no deadline is never late"
        raise RuleBroken(
            _(
                "Ansøgningen kom efter fristen %s, og puljen tager ikke imod for sene"
                " ansøgninger. Skriv til ansøgeren, eller vælg en anden runde."
            )
            % dato_tid(round.closes_at)
        )


def new_applicant(
    *,
    by: User,
    kind: ApplicantKind,
    name: str,
    cvr: str = "",
    cvr_since: date | None = None,
    **contact: str,
) -> Applicant:
    """An applicant nobody speaks for here yet; ``contact``: street, postcode, town, email, phone.

    Raises RuleBroken when the CVR number is here already.
    """
    check_register(by)
    cvr = "" if kind in WITHOUT_CVR else cvr
    if cvr and (known := Applicant.objects.filter(cvr=cvr).first()):
        raise RuleBroken(
            _("CVR-nummeret er allerede hos os: %s. Søg den frem, og vælg den.") % known.name
        )
    since = cvr_since if cvr else None
    return Applicant.objects.create(kind=kind, name=name, cvr=cvr, cvr_since=since, **contact)
