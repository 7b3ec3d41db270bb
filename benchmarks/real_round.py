"""2,691 real applications: `python -m benchmarks.real_round FILE` with a fresh DATA_DIR.

Imports a file of applications, assesses and recommends each one, decides them all at one meeting
as the file says, lets real workers render and send the letters, pays some and takes in reports.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from aiosmtpd.controller import Controller

from config import embedded, env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
MAP = Path(__file__).parents[1] / "pulje" / "imports" / "maps" / "amsterdam.toml"


class Catcher:
    """Counts the mails that arrive, by Message-ID."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        head = envelope.content.decode(errors="replace").lower()
        self.arrived[head.partition("message-id:")[2].partition("\n")[0].strip()] += 1
        return "250 OK"


@contextmanager
def catching() -> Iterator[Catcher]:
    catcher = Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=int(os.environ["EMAIL_PORT"]))
    controller.start()
    try:
        yield catcher
    finally:
        controller.stop()


def main(file: Path) -> None:
    os.environ.setdefault("EMAIL_PORT", "8426")
    with embedded.services(env.data_dir(), lasting=False), catching() as catcher:
        django.setup()
        from benchmarks import real_steps as steps  # noqa: PLC0415  models need django.setup()

        town = steps.prepare(file, MAP)
        with said("assessed"):
            steps.assess(town)
        with said("recommended"):
            steps.recommend(town)
        with said("decided in one meeting"):
            steps.decide(town)
        with said("letters rendered and sent by workers"), workers():
            steps.wait_for_letters(town)
        steps.check_letters(town, 200)
        steps.pay_and_report(town)
        twice = [key for key, count in catcher.arrived.items() if count > 1]
        print(f"mails caught: {sum(catcher.arrived.values())}, twice: {len(twice)}")
        steps.tell(town)


@contextmanager
def said(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


@contextmanager
def workers() -> Iterator[None]:
    """The letters' own worker, two processes, as the Procfile starts it."""
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--queues", "letters"]
    process = subprocess.Popen([*command, "--concurrency", "2", "--loglevel", "WARNING"])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
