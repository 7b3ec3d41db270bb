"""A pool begins, from nothing or as a copy, and is shown to the public."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pulje.actions.pool.version import copy_version
from pulje.enums import ApplicantKind, LegalBasis
from pulje.errors import RuleBroken
from pulje.models import Committee, Pool, PoolVersion, Round, User
from pulje.permissions import check_other
from pulje.queries.pool.setup import missing
from pulje.rules.reporting import DEFAULT_STEPS

SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
LONGEST_CODE, LONGEST_SLUG = 6, 50
# a test pool can be told from a real one in every list and every case number
TEST_NAME, TEST_CODE = "TEST: ", "T-"
# Source: domain.md C5 (KLE)
FIRST_KLE = {LegalBasis.KFM: "18.16.00", LegalBasis.FOL: "18.15.05", LegalBasis.SEL18: "27.15.12"}


@transaction.atomic
def make_pool(
    *,
    by: User,
    at: datetime,
    name: str,
    code: str,
    year: int,
    committee: Committee | None,
    legal_basis: LegalBasis,
    is_test: bool = False,
) -> Pool:
    """A pool with the first version of its rules; nobody but the house sees it.

    Raises RuleBroken when the code is taken in that year. A test pool sends and pays nothing, and
    stays a test pool for ever.
    """
    check_other(by, "edit_pool")
    pool = _new_pool(name=name, code=code, year=year, committee=committee, is_test=is_test)
    today = timezone.localdate(at)
    PoolVersion.objects.create(
        pool=pool,
        number=1,
        valid_from=today,
        adopted_on=today,
        legal_basis=legal_basis,
        purpose="",
        supported="",
        applicant_kinds=[ApplicantKind.ASSOCIATION],
        payment_plan="",
        report_steps=[[None if kr is None else int(kr), code] for kr, code in DEFAULT_STEPS],
        kle=FIRST_KLE[legal_basis],
        created_by=by,
    )
    return pool


@transaction.atomic
def copy_pool(
    source: Pool, *, by: User, at: datetime, name: str, code: str, year: int, is_test: bool = False
) -> Pool:
    """A new pool with the newest rules of another, its rounds moved to the year.

    What is taken over: every part of the rules, rounds, committee, standing reviewers. Not the
    frame, another year's account string or any case.
    """
    check_other(by, "edit_pool")
    version = source.versions.order_by("-number").first()
    if version is None:
        raise RuleBroken(_("Puljen har ingen regler at kopiere."))
    pool = _new_pool(name=name, code=code, year=year, committee=source.committee, is_test=is_test)
    years = year - source.year
    if not years:
        pool.account_string = source.account_string
        pool.save(update_fields=["account_string"])
    dates = ("delegation_from", "delegation_until")
    copy_version(
        version,
        pool,
        number=1,
        valid_from=timezone.localdate(at),
        by=by,
        changed={day: _moved(getattr(version, day), years) for day in dates},
    )
    pool.standing_reviewers.set(source.standing_reviewers.all())
    _copy_rounds(source, pool, years)
    return pool


def _copy_rounds(source: Pool, pool: Pool, years: int) -> None:
    Round.objects.bulk_create(
        Round(
            pool=pool,
            number=number,
            name=was.name,
            opens_at=_moved_at(was.opens_at, years),
            closes_at=was.closes_at and _moved_at(was.closes_at, years),
            answer_on=_moved(was.answer_on, years),
            share_percent=was.share_percent,
            rolls_over=was.rolls_over,
        )
        for number, was in enumerate(source.rounds.order_by("number"), start=1)
    )


def _new_pool(
    *, name: str, code: str, year: int, committee: Committee | None, is_test: bool
) -> Pool:
    code, name = code.upper().removeprefix(TEST_CODE), name.removeprefix(TEST_NAME)
    if is_test:
        code, name = f"{TEST_CODE}{code}"[:LONGEST_CODE], f"{TEST_NAME}{name}"
    if Pool.objects.filter(code=code, year=year).exists():
        raise RuleBroken(
            _("Der er allerede en pulje med koden %(code)s i %(year)d. Vælg en anden kode.")
            % {"code": code, "year": year}
        )
    return Pool.objects.create(
        code=code,
        year=year,
        name=name,
        slug=_slug(name, year),
        committee=committee,
        is_test=is_test,
    )


def _slug(name: str, year: int) -> str:
    """An address nobody has: the name and the year."""
    stem = slugify(name.lower().translate(SPELLED))[: LONGEST_SLUG - 9].strip("-") or "pulje"
    taken = set(Pool.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    tries = (f"{stem}-{year}", *(f"{stem}-{year}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in tries if slug not in taken)


def _moved(day: date | None, years: int) -> date | None:
    """That day so many years later; 29 February becomes 28."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _moved_at(moment: datetime, years: int) -> datetime:
    """The same clock time in Denmark, so many years later."""
    local = timezone.localtime(moment)
    day = _moved(local.date(), years)
    assert day is not None
    return timezone.make_aware(datetime.combine(day, local.time()))


# --- shown to the public ---


@transaction.atomic
def publish(pool: Pool, *, by: User, at: datetime) -> Pool:
    """Show the pool to everybody; from its round's opening it takes applications.

    Raises RuleBroken with what is missing, and for a test pool. Repeating it changes nothing.
    """
    check_other(by, "publish_pool")
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    if pool.is_public:
        return pool
    if pool.is_test:
        raise RuleBroken(_("En prøvepulje vises aldrig offentligt. Lav den rigtige pulje af den."))
    found = missing(pool, at)
    if found:
        raise RuleBroken(
            _("Puljen kan ikke offentliggøres endnu. %s")
            % " ".join(each.sentence for each in found)
        )
    pool.is_public, pool.published_at, pool.published_by = True, at, by
    pool.save(update_fields=["is_public", "published_at", "published_by"])
    return pool


@transaction.atomic
def unpublish(pool: Pool, *, by: User, at: datetime) -> Pool:
    """Take the pool off the public pages. Raises RuleBroken while a round is open."""
    check_other(by, "publish_pool")
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    if pool.rounds.open_at(at).exists():
        raise RuleBroken(
            _("En runde er åben for ansøgninger. Puljen kan skjules, når den er slut.")
        )
    pool.is_public, pool.published_at, pool.published_by = False, None, None
    pool.save(update_fields=["is_public", "published_at", "published_by"])
    return pool
