"""Invented applications in a test pool, so that the whole of it can be tried before it is real."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.application.application import Line, save_draft, start_draft
from pulje.actions.pool.publish import TEST_NAME
from pulje.enums import ApplicantKind, LineKind, Theme
from pulje.errors import RuleBroken
from pulje.models import Applicant, Application, Pool, Round, User
from pulje.permissions import check_other
from pulje.queries.pool.setup import missing

LEAST_KR, MOST_KR = Decimal(2_000), Decimal(40_000)
# title, what happens, town, share of the pool's ceiling in per cent
IDEAS = (
    ("Fællesspisning hver tirsdag", "Vi laver mad og spiser sammen.", "Birkerød", 20),
    ("Strikkecafé på plejecentret", "Vi strikker med beboerne.", "Nærum", 10),
    ("Reparationscafé", "Vi reparerer cykler og brødristere.", "Holte", 35),
    ("Sommersang på havnen", "Alle synger med.", "Vedbæk", 50),
    ("Lektiehjælp to aftener om ugen", "Vi læser lektier med de unge.", "Birkerød", 70),
    ("Gåture for pårørende", "Vi går og taler sammen.", "Birkerød", 15),
    ("Fælles køkkenhave", "Vi dyrker grønt mellem husene.", "Holte", 80),
    ("Teater for og med unge", "Vi sætter et stykke op.", "Nærum", 100),
    ("Ren strand", "Vi samler affald fire søndage.", "Vedbæk", 40),
    ("Sprogmakkere", "To og to taler dansk sammen.", "Birkerød", 25),
)


@transaction.atomic
def make_trial_drafts(pool: Pool, *, by: User, at: datetime) -> list[Application]:
    """Ten drafts of invented applicants in the test pool's open round, ready to be registered.

    Raises RuleBroken for a real pool, while something is missing, and when no round is open.
    """
    check_other(by, "check_case")
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    if not pool.is_test:
        raise RuleBroken(_("Puljen er ikke en prøvepulje. Der kan kun prøves i en prøvepulje."))
    found = missing(pool, at)
    if found:
        raise RuleBroken(
            _("Puljen kan ikke prøves endnu. %s") % " ".join(each.sentence for each in found)
        )
    round = pool.rounds.open_at(at).order_by("number").first()
    if round is None:
        raise RuleBroken(_("Ingen runde er åben i dag. Ret rundens åbning, og prøv igen."))
    return [_draft(round, idea, by, at) for idea in IDEAS]


def _draft(round: Round, idea: tuple[str, str, str, int], by: User, at: datetime) -> Application:
    title, told, town, percent = idea
    version = round.pool.versions.order_by("-number")[0]
    ceiling = version.ceiling_kr or MOST_KR
    wanted = max(ceiling * percent / 100, version.min_kr, min(LEAST_KR, ceiling))
    wanted = wanted.quantize(Decimal(1))
    day = timezone.localdate(at)
    typed = {
        "summary": told,
        "description": told,
        "target_group": "Alle i kvarteret",
        "theme": Theme.SOCIAL,
        "participants": 10 + percent,
        "volunteers": 2 + percent // 10,
        "starts_on": day + timedelta(days=60),
        "ends_on": day + timedelta(days=120),
        "requested_kr": wanted,
        "contact_name": "Prøveansøger",
        "supplements_paid_work": True,
    }
    kinds = [ApplicantKind(kind) for kind in version.applicant_kinds]
    draft = start_draft(round, _applicant(kinds, town, percent), by=by, at=at, title=title)
    lines = _lines(wanted, version.own_share_percent)
    return save_draft(draft, by=by, fields=typed, lines=lines)


def _applicant(kinds: Sequence[ApplicantKind], town: str, percent: int) -> Applicant:
    """An invented applicant of one of the kinds that may apply; the same for all test pools."""
    kind = kinds[percent % len(kinds)]
    name = f"{TEST_NAME}{kind.label} {percent}"
    found, _made = Applicant.objects.get_or_create(
        name=name, kind=kind, cvr="", defaults={"town": town}
    )
    return found


def _lines(wanted: Decimal, own_percent: int) -> list[Line]:
    own = (wanted * own_percent / max(100 - own_percent, 1)).quantize(Decimal(1))
    lines = [Line(LineKind.EXPENSE, "Materialer og lokale", wanted + own)]
    return [*lines, Line(LineKind.OWN_FUNDING, "Egne penge", own)] if own else lines
