"""Scenarios of a round: made, counted anew, mended by hand, copied, and one of them chosen."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pulje.enums import Distribution, JobState, LineState
from pulje.errors import NotAllowed, RuleBroken, WrongState
from pulje.models import Application, JobLine, Round, Scenario, ScenarioLine, User
from pulje.permissions import check_other
from pulje.queries.casework.scenario import field_of, frame_of, numbers_of
from pulje.rules.distribution import bounded, distribute
from pulje.states import CaseState
from pulje.templatetags.words import kr_text

MOST_SCENARIOS = 6
GROUNDS = "grounds"  # in ``numbers``: {case id: ground id}, where one case has a reason of its own
ZERO = Decimal("0.00")


@transaction.atomic
def make_scenario(
    round: Round,
    *,
    by: User,
    at: datetime,
    name: str,
    method: Distribution,
    numbers: Mapping[str, object],
) -> Scenario:
    """Share the round's rest out among its assessed cases, under a name.

    Made once more with the same name and numbers it is the one there is. Cases the person is
    disqualified in get no line. Raises RuleBroken when the name is taken, when there are six
    already, or when no case takes part.
    """
    check_other(by, "make_scenario")
    round = _lock(round)
    said = _said(numbers)
    same = round.scenarios.filter(name=name, method=method, numbers=said, made_by=by).first()
    if same is not None:
        return same
    _check_name(round, name)
    scenario = Scenario.objects.create(
        round=round, name=name, method=method, numbers=said, made_at=at, made_by=by
    )
    _count(scenario, by)
    return scenario


@transaction.atomic
def change_scenario(
    scenario: Scenario, *, by: User, name: str, method: Distribution, numbers: Mapping[str, object]
) -> Scenario:
    """Another name or other numbers; all is counted anew but what was written by hand."""
    scenario = _open(scenario, by)
    _check_name(scenario.round, name, but=scenario)
    kept = {GROUNDS: scenario.numbers[GROUNDS]} if GROUNDS in scenario.numbers else {}
    scenario.name, scenario.method = name, method
    scenario.numbers = _said(numbers) | kept
    scenario.save(update_fields=["name", "method", "numbers"])
    _count(scenario, by)
    return scenario


@transaction.atomic
def copy_scenario(scenario: Scenario, *, by: User, at: datetime) -> Scenario:
    """The same amounts under a name of their own, to be mended; also of one that is chosen."""
    check_other(by, "make_scenario")
    round = _lock(scenario.round)
    name = _free_name(round, scenario.name)
    _check_name(round, name)
    lines = list(scenario.lines.order_by("pk"))
    new = Scenario.objects.create(
        round=round,
        name=name,
        method=scenario.method,
        numbers=scenario.numbers,
        made_at=at,
        made_by=by,
    )
    ScenarioLine.objects.bulk_create(
        ScenarioLine(
            scenario=new,
            application_id=line.application_id,
            amount_kr=line.amount_kr,
            is_hand_made=line.is_hand_made,
        )
        for line in lines
    )
    return new


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: User) -> None:
    """Throw it away. One that was chosen stays: it tells where the recommendations came from."""
    check_other(by, "make_scenario")
    _lock(scenario.round)
    _check_not_chosen(scenario)
    Scenario.objects.filter(pk=scenario.pk).delete()


@transaction.atomic
def set_amounts(
    scenario: Scenario,
    *,
    by: User,
    amounts: Mapping[int, Decimal],
    anew: Collection[int] = (),
) -> None:
    """Write amounts by hand, {case id: kr.}; those of ``anew`` are counted by the method again.

    The others stay. Raises RuleBroken for more than a case may get, NotAllowed for a case the
    person is disqualified in, WrongState for one that has moved on.
    """
    scenario = _open(scenario, by)
    field = field_of(scenario.round, by)
    bids = {bid.key: bid for bid in field.bids}
    _check_theirs(scenario.round, {*amounts, *anew} - bids.keys(), field.left_out)
    for key, kr in amounts.items():
        if not bounded(bids[key], kr):
            case = Application.objects.get(pk=key)
            raise RuleBroken(
                _("%(case)s kan få fra 0 kr. til %(most)s")
                % {"case": case.number, "most": kr_text(bids[key].most_kr)}
            )
    _write(scenario, amounts, is_hand_made=True)
    if anew:
        scenario.lines.filter(application__in=anew).update(is_hand_made=False)
        _count(scenario, by)


@transaction.atomic
def set_ground(scenario: Scenario, *, by: User, case: Application, ground: int | None) -> None:
    """The ground of one case, instead of the one chosen for all; None takes it away."""
    scenario = _open(scenario, by)
    field = field_of(scenario.round, by)
    _check_theirs(scenario.round, {case.pk} - {bid.key for bid in field.bids}, field.left_out)
    if ground is not None and not case.version.grounds.filter(pk=ground).exists():
        raise RuleBroken(_("En begrundelse skal stå i puljens egne, vedtagne kriterier."))
    own = dict(scenario.numbers.get(GROUNDS, {}))
    own.pop(str(case.pk), None)
    if ground is not None:
        own[str(case.pk)] = ground
    scenario.numbers = scenario.numbers | {GROUNDS: own}
    scenario.save(update_fields=["numbers"])


@transaction.atomic
def choose_scenario(
    scenario: Scenario, *, by: User, at: datetime
) -> list[tuple[Application, Decimal]]:
    """Make it the round's proposal: the cases to recommend with their kr., for the job to take.

    Raises what ``given_by`` raises.
    """
    scenario.round = _lock(scenario.round)
    given = given_by(scenario, by=by)
    Scenario.objects.filter(pk=scenario.pk).update(chosen_at=at, chosen_by=by)
    return given


def given_by(scenario: Scenario, *, by: User) -> list[tuple[Application, Decimal]]:
    """What choosing it would recommend; writes nothing.

    Cases that have moved on, and those the person is disqualified in, are not among them. Raises
    RuleBroken over the frame or when there is nothing to recommend, WrongState while the
    recommendations of the round are being written.
    """
    check_other(by, "choose_scenario")
    round = scenario.round
    if _is_being_recommended(round):
        raise WrongState(
            _("Rundens indstillinger er ved at blive skrevet. Vent, til arbejdet er færdigt.")
        )
    own = {bid.key for bid in field_of(round, by).bids}
    lines = scenario.lines.filter(application__state=CaseState.REVIEWED, application__in=own)
    total = sum(lines.values_list("amount_kr", flat=True), ZERO)
    frame = frame_of(round)
    if total > frame:
        raise RuleBroken(
            _("Scenariet er %(over)s over rammen på %(frame)s Ret beløbene først.")
            % {"over": kr_text(total - frame), "frame": kr_text(frame)}
        )
    rows = lines.select_related("application__version")
    chosen = [(row.application, row.amount_kr) for row in rows.order_by("application__number")]
    if not chosen:
        raise RuleBroken(_("Der er ingen sager tilbage at indstille i scenariet."))
    return chosen


def _said(numbers: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in numbers.items() if value not in (None, "")}


def _lock(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("pool").get(pk=round.pk)


def _open(scenario: Scenario, by: User) -> Scenario:
    """The scenario as it stands, its round locked, when it may still be mended."""
    check_other(by, "make_scenario")
    round = _lock(scenario.round)
    scenario = Scenario.objects.get(pk=scenario.pk)
    scenario.round = round
    _check_not_chosen(scenario)
    return scenario


def _check_not_chosen(scenario: Scenario) -> None:
    if scenario.chosen_at is not None:
        raise WrongState(_("Scenariet er valgt og kan ikke ændres. Lav en kopi, og ret i den."))


def _check_name(round: Round, name: str, *, but: Scenario | None = None) -> None:
    others = round.scenarios.exclude(pk=but.pk) if but else round.scenarios.order_by("pk")
    if others.filter(name=name).exists():
        raise RuleBroken(_("Runden har allerede et scenarie med det navn."))
    if but is None and others.count() >= MOST_SCENARIOS:
        raise RuleBroken(_("Der er seks scenarier i runden. Slet ét først."))


def _free_name(round: Round, name: str) -> str:
    taken = set(round.scenarios.values_list("name", flat=True))
    names = (f"{name[:70]} – kopi{f' {n}' if n > 1 else ''}" for n in range(1, len(taken) + 2))
    return next(free for free in names if free not in taken)


def _check_theirs(
    round: Round, strange: Collection[int], left_out: Collection[Application]
) -> None:
    conflicts = [case.number for case in left_out if case.pk in strange]
    if conflicts:
        raise NotAllowed(_("Du er inhabil i %s.") % ", ".join(conflicts))
    if strange:
        raise WrongState(_("En af sagerne er rykket videre. Genindlæs siden for at se den."))


def _is_being_recommended(round: Round) -> bool:
    waiting = JobLine.objects.filter(state=LineState.WAITING, job__state=JobState.RUNNING)
    return waiting.filter(job__action="recommend", application__round=round).exists()


def _count(scenario: Scenario, by: User) -> None:
    """Share out by the method what the amounts that stand leave of the frame."""
    field = field_of(scenario.round, by)
    if not field.bids:
        raise RuleBroken(_("Ingen sager i runden er vurderet og klar til at blive fordelt."))
    out = [case.pk for case in field.left_out]
    kept = scenario.lines.filter(application__state=CaseState.REVIEWED, is_hand_made=True)
    standing = dict(kept.values_list("application_id", "amount_kr"))
    standing |= dict(
        scenario.lines.filter(application__in=out).values_list("application_id", "amount_kr")
    )
    bids = [bid for bid in field.bids if bid.key not in standing]
    rest = frame_of(scenario.round) - sum(standing.values(), ZERO)
    _write(scenario, distribute(scenario.method, bids, rest, numbers_of(scenario)))


def _write(
    scenario: Scenario, amounts: Mapping[int, Decimal], *, is_hand_made: bool = False
) -> None:
    ScenarioLine.objects.bulk_create(
        (
            ScenarioLine(
                scenario=scenario, application_id=key, amount_kr=kr, is_hand_made=is_hand_made
            )
            for key, kr in amounts.items()
        ),
        update_conflicts=True,
        unique_fields=["scenario", "application"],
        update_fields=["amount_kr", "is_hand_made"],
    )
