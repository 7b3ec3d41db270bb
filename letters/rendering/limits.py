"""How much a paper may be and how long it may take: nothing hangs or fells a worker."""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SPARE_SECONDS = 10  # of C code that no signal can stop, before the process is ended


class CannotRender(Exception):
    """This letter cannot become a PDF; the message is a Danish sentence for the case worker."""


class _TooSlow(BaseException):
    """Not an Exception: WeasyPrint passes over those of images and styles, and goes on."""


@dataclass(frozen=True)
class Bounds:
    """How much a paper may be, what it is called, and what to do when it is more."""

    called: str
    advice: str
    pages: int
    html_bytes: int
    seconds: float = 20
    styles: tuple[str, ...] = ("brev.css",)

    def exceeded(self, what: str) -> CannotRender:
        return CannotRender(f"{self.called} {what}. {self.advice}, og prøv igen.")


LETTER = Bounds("Brevet", "Forkort begrundelsen", pages=6, html_bytes=200_000)
# an application with every field filled to its limit has 60 pages
DOCUMENT = Bounds("Brevet", "Forkort det", pages=80, html_bytes=2_000_000)
MEETING = Bounds(
    "Pakken",
    "Fordel sagerne på flere møder",
    pages=2_000,
    html_bytes=5_000_000,
    seconds=180,
    styles=("brev.css", "papir.css"),
)


@contextmanager
def within(bounds: Bounds) -> Iterator[None]:
    """What is made inside ends within its seconds and its memory, or in a sentence."""
    try:
        with _at_most(bounds.seconds):
            yield
    except _TooSlow:
        raise bounds.exceeded(f"tog mere end {bounds.seconds:g} sekunder at lave") from None
    except MemoryError:
        raise bounds.exceeded("brugte for meget hukommelse") from None
    except RecursionError:
        raise bounds.exceeded("har for mange lag inden i hinanden") from None
    except ArithmeticError:
        raise bounds.exceeded("har mål, der ikke kan tegnes") from None


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Only a process' main thread can be stopped so: that is where workers work."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooSlow

    # its own seconds, not the clock's: a busy machine makes no letter too long; and once more each
    # second, should the first be lost in a destructor
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)
    try:
        with _end_of_process(seconds):
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _end_of_process(seconds: float) -> Iterator[None]:
    """The system ends the process should C code never come back: its letter is tried once more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + SPARE_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
