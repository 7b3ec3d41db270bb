"""Troubles strike at seeded random moments until every letter is where it should be."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from letters.models import DeliveryAttempt
from tests.letters.chaos.proof import prove
from tests.letters.chaos.troubles import Trouble
from tests.letters.chaos.world import World, a_world

BEAT_SECONDS = 0.4
LONGEST_SECONDS = 4.0  # of a trouble


@dataclass(frozen=True)
class Outcome:
    """What a run counted; ``lost`` is 0, or the run has failed."""

    letters: int
    strikes: int
    tries: int
    received_once: int
    refused_twice: int  # Digital Post had the message already
    mailed_twice: int  # the same Message-ID: killed or cut off between 250 and our commit
    by_hand: int  # dead letters and exports that a person took up
    cases_filed: int
    lost: int
    seconds: float


def run(count: int, troubles: Sequence[Trouble], *, cases: int, strikes: int, seed: int) -> Outcome:
    """AssertionError when one letter is lost, came twice or is not told of as it went.

    A moment is drawn among the steps of the work (a letter made, a letter sent, a case filed), so
    that a slow machine is struck as often as a quick one.
    """
    random = Random(seed)  # noqa: S311
    with a_world(count, cases) as world:
        began = time.monotonic()
        ahead = range(world.progress() + 1, world.steps)
        for number, step in enumerate(sorted(random.sample(ahead, strikes))):
            # at least a step after the trouble before: it strikes those who work
            _tend_until(world, min(max(step, world.progress() + 1), world.steps))
            time.sleep(random.uniform(0, 0.3))
            with troubles[number % len(troubles)](world, random):
                _tend_for(world, random.uniform(0.2, LONGEST_SECONDS))
        _tend_until(world, None)
        seconds = time.monotonic() - began
        received, refused, doubles = prove(world)
        tries = DeliveryAttempt.objects.filter(letter__in=world.letters).count()
        return Outcome(
            letters=count,
            strikes=strikes,
            tries=tries,
            received_once=received,
            refused_twice=refused,
            mailed_twice=doubles,
            by_hand=world.by_hand,
            cases_filed=world.exports.count(),
            lost=count - received,
            seconds=round(seconds, 1),
        )


def _tend_until(world: World, step: int | None) -> None:
    """Until so many steps are done, all when None."""
    end = time.monotonic() + 300 + world.letters.count()
    while not (world.is_done() if step is None else world.progress() >= step):
        assert time.monotonic() < end, f"waited in vain at {world.progress()} of {world.steps}"
        _tend_for(world, BEAT_SECONDS)


def _tend_for(world: World, seconds: float) -> None:
    end = time.monotonic() + seconds
    world.tend()
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, BEAT_SECONDS))
        world.tend()
