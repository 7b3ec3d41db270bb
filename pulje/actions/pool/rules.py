"""A pool's rules as settings of its version: texts, money, judging, deciding, what comes after."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.actions.pool.publish import TEST_NAME
from pulje.actions.pool.version import open_version
from pulje.enums import Role
from pulje.errors import RuleBroken
from pulje.models import Committee, Pool, PoolVersion, User
from pulje.permissions import check_other
from pulje.rules.reporting import Demand

# the settings of each part of the set-up pages; the form's own part has its own actions
TEXTS = ("purpose", "supported", "not_supported", "guidelines")
MONEY = (
    *("legal_basis", "kle", "adopted_on", "heard_on", "applicant_kinds"),
    *("min_kr", "ceiling_kr", "own_share_percent", "late_rule"),
)
JUDGING = ("needs_criteria", "needs_points", "reviewers")
DELEGATION = (
    *("delegation_limit_kr", "delegation_from", "delegation_until", "delegation_basis"),
    *("answer_working_days", "second_reader_for_rejections"),
)
AFTERWARDS = (
    *("payment_plan", "recover_returns_to_frame", "report_steps", "report_months"),
    *("closing_days", "retention_years", "information_days", "hearing_days"),
)
SETTINGS = frozenset((*TEXTS, *MONEY, *JUDGING, *DELEGATION, *AFTERWARDS))


@transaction.atomic
def save_settings(version: PoolVersion, *, by: User, fields: Mapping[str, object]) -> PoolVersion:
    """Change settings of a version that no application has been submitted under.

    Raises RuleBroken for settings that contradict each other.
    """
    assert set(fields) <= SETTINGS, "not a setting of the set-up pages"
    version = open_version(version.pk, by=by)
    for name, value in fields.items():
        setattr(version, name, value)
    _check_amounts(version)
    _check_delegation(version)
    _check_judging(version)
    if "report_steps" in fields:
        _check_report_steps(version.report_steps)
    version.save(update_fields=[*fields])
    return version


def _check_amounts(version: PoolVersion) -> None:
    if version.ceiling_kr is not None and version.ceiling_kr < version.min_kr:
        raise RuleBroken(_("Loftet skal være mindst lige så højt som mindstebeløbet."))
    if version.own_share_percent > 100:
        raise RuleBroken(_("Egenfinansieringen kan højst være 100 %."))


def _check_delegation(version: PoolVersion) -> None:
    begins, ends = version.delegation_from, version.delegation_until
    if begins and ends and ends < begins:
        raise RuleBroken(_("Delegationen slutter, før den begynder. Ret en af datoerne."))
    if version.delegation_limit_kr is not None and not version.delegation_basis:
        raise RuleBroken(_("Skriv, hvor delegationen er besluttet, fx KFU 12. maj 2026, punkt 4."))


def _check_judging(version: PoolVersion) -> None:
    count = version.criteria.count()
    if version.needs_criteria > count:
        raise RuleBroken(
            _("Puljen har %(count)d kriterier, så en ansøgning kan ikke opfylde %(needed)d.")
            % {"count": count, "needed": version.needs_criteria}
        )


def _check_report_steps(steps: Sequence[Sequence[object]]) -> None:
    """Steps are (up to and with kr or None, code), lowest first, the last without an end."""
    limits = [limit for limit, _code in steps]
    if not steps or limits[-1] is not None or None in limits[:-1]:
        raise RuleBroken(_("Det sidste trin skal gælde alle beløb over de andre."))
    amounts = [Decimal(str(limit)) for limit in limits[:-1]]
    if amounts != sorted(set(amounts)):
        raise RuleBroken(_("Skriv trinnene med det laveste beløb først."))
    if any(code not in list(Demand) for _limit, code in steps):
        raise ValueError("unknown kind of report")


@transaction.atomic
def save_pool(
    pool: Pool,
    *,
    by: User,
    name: str,
    account_string: str,
    committee: Committee | None,
    standing_reviewers: Sequence[User],
) -> Pool:
    """What is the pool's and not a version's: it can be changed at any time.

    Raises RuleBroken for a reviewer without the role. A test pool keeps its mark.
    """
    check_other(by, "edit_pool")
    pool = Pool.objects.select_for_update().get(pk=pool.pk)
    wrong = [user.name for user in standing_reviewers if Role.CASE_WORKER not in user.roles]
    if wrong:
        raise RuleBroken(_("Kun sagsbehandlere kan vurdere: %s.") % ", ".join(wrong))
    plain = name.removeprefix(TEST_NAME)
    pool.name = f"{TEST_NAME}{plain}" if pool.is_test else plain
    pool.account_string, pool.committee = account_string, committee
    pool.save(update_fields=["name", "account_string", "committee"])
    pool.standing_reviewers.set(standing_reviewers)
    return pool
