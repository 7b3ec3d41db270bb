"""What goes wrong: each a block during which it does; what must be put right is right after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random

from tests.letters.chaos.world import World

Trouble = Callable[[World, Random], AbstractContextManager[None]]
MAIL = ("closed", "421", "451", "cut in DATA", "cut after DATA")
POST = ("closed", "broken", "slow", "dropped", "double and late")


@contextmanager
def sigkill(world: World, _random: Random) -> Iterator[None]:
    """Worker and its processes die at once, whatever they do; another is started."""
    world.kill()
    world.kills += 1
    world.start()
    yield


@contextmanager
def redis_flush(world: World, _random: Random) -> Iterator[None]:
    world.forget_queue()
    yield


@contextmanager
def full_disk(world: World, random: Random) -> Iterator[None]:
    """Print folder, ESDH folder and temporary files: no room, or for a part of a file only."""
    spare = random.choice([0, 4096, 20_000])
    if not world.disk.is_real:
        world.bound_files(spare)
        yield
        world.kill()  # a bound is not taken back
        world.kills += 1
        world.start()
        return
    world.disk.fill(spare)
    yield
    world.disk.free()


@contextmanager
def smtp_down(world: World, _random: Random) -> Iterator[None]:
    how = MAIL[next(world.turns) % len(MAIL)]
    if how == "closed":
        world.mail.close()
        yield
        world.mail.unsaid += 2  # a worker's two lines may be cut after their mails were taken
        world.mail.open()
        return
    world.mail.mood = how
    yield
    world.mail.mood = ""


@contextmanager
def digital_post_down(world: World, random: Random) -> Iterator[None]:
    how = POST[next(world.turns) % len(POST)]
    office = world.office
    if how == "closed":
        office.close()
        yield
        office.open()
        return
    usual = dict(office.server.mood)
    moods: dict[str, dict[str, object]] = {
        "broken": {"broken": random.randint(1, 9)},
        "slow": {"seconds": 1.5},  # longer than we wait: taken, and the answer never heard
        "dropped": {"dropped": random.randint(1, 9)},
        "double and late": {"is_double": True, "delay": random.uniform(0.1, 2)},
    }
    office.server.mood |= moods[how]
    yield
    office.server.mood |= usual


ALL: dict[str, Trouble] = {
    "SIGKILL": sigkill,
    "Redis flush": redis_flush,
    "full disk": full_disk,
    "SMTP down": smtp_down,
    "Digital Post down": digital_post_down,
}
