"""`make run`: the whole of Puljer on one machine, ended as one (docs/adr/0002-process-manager.md).

Order: data folder locked - PostgreSQL and Redis - port free - migrations - demo data the first
time - web, workers, beat and mail catcher under honcho. Everything ends when one of them ends, or
on Ctrl-C or SIGTERM.
"""

import ctypes
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shlex import quote

import django
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import DatabaseError, connections
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process
from redis.exceptions import RedisError

from config import embedded, env
from config.digital_post_certificates import LOCAL_PORT, post_office_settings
from config.ports import free_port
from config.sharing import CannotStart, runs

PEOPLE = """Log ind med ét klik på {address}/log-ind/ eller med adgangskoden pulje-demo-2027:
  Asta   ansøger         asta@puljer.example     Dora   leder      dora@puljer.example
  Karl   sagsbehandler   karl@puljer.example     Karen  formand    karen@puljer.example
  Sanne  sekretær        sanne@puljer.example    Mads   udvalg     mads@puljer.example
  Fie    økonomi         fie@puljer.example
Mails: {address}/demo/mail/   Digital Post: {address}/demo/digital-post/
Log: {log}   Stop: Ctrl-C"""
TELL = "tell"  # the process whose lines go to the person at the keyboard; all others go to the log
START_SECONDS = 90


def main() -> None:
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        port, data = env.number("PORT", 8000), env.data_dir()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PORT": str(port),
        "DATA_DIR": str(data),
    }
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ.setdefault("EMAIL_PORT", str(free_port()))
    try:
        with _only_one(data), embedded.services(data):
            _require_free(port)
            if not os.environ.get("DIGITAL_POST_URL"):  # its folder, after PostgreSQL has its own
                os.environ |= post_office_settings(data / "digital-post", free_port())
            _prepare()
            sys.exit(_supervise(data))
    except CannotStart as error:
        sys.exit(str(error))


def _leave(signum: int, frame: object) -> None:
    sys.exit(128 + signum)


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Puljer already runs with the data in {data}: end it with Ctrl-C "
                "where it was started, or set DATA_DIR and PORT to run a second one."
            ) from None
        yield


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error}): end the program that uses it, "
                f"or choose another one, for example `make run PORT={port + 1}`."
            ) from None


def _prepare() -> None:
    """Bring the database up to date; load the demo if there is nobody in it."""
    django.setup()
    try:
        connections["default"].ensure_connection()
    except DatabaseError as error:
        where = (
            "DATABASE_URL"
            if os.environ.get("DATABASE_URL")
            else f"{env.data_dir() / 'postgres.log'}"
        )
        raise CannotStart(
            f"The database does not answer, see {where}: {str(error).strip()}"
        ) from None
    try:
        cache.get("anything")
    except RedisError as error:
        raise CannotStart(f"Redis does not answer, see REDIS_URL: {error}") from None
    call_command("migrate", verbosity=0, interactive=False)
    wanted = not env.flag("PULJER_EMPTY") and "demo" in get_commands()
    if wanted and not get_user_model().objects.exists():
        call_command("demo", stdout=sys.stderr)  # stdout is for the one line "ready"
    connections.close_all()


def _supervise(data: Path) -> int:
    with (data / "run.log").open("w", buffering=1) as log:
        manager = Manager(printer=Log(log))
        manager._process_ctor = Tied
        for name, command in _commands(data).items():
            manager.add_process(name, f"exec {command}", cwd=str(env.ROOT))
        manager.loop()
        return _outcome(manager, data / "run.log")


def _commands(data: Path) -> dict[str, str]:
    commands = dict(parse_procfile((env.ROOT / "Procfile").read_text()).processes)
    python, box = quote(sys.executable), quote(str(data / "mail"))
    listen = "-l 127.0.0.1:$EMAIL_PORT"
    if os.environ.get(LOCAL_PORT):
        commands["digitalpost"] = f"{python} -m config.digital_post_server"
    commands["mail"] = f"{python} -m aiosmtpd -n {listen} -c aiosmtpd.handlers.Mailbox {box}"
    commands[TELL] = f"{python} -m config.setup.run tell"
    return commands


def _outcome(manager: Manager, log: Path) -> int:
    ended = {name: process.get("returncode") for name, process in manager._processes.items()}
    if manager.returncode in (130, 143):
        return 0 if manager.returncode == 130 else 143
    first = next(
        (name for name, code in ended.items() if code not in (0, None, -15, 143)), "something"
    )
    print(
        f"Puljer stopped because the process '{first}' ended; the reason is in {log}.",
        file=sys.stderr,
    )
    return 1


class Tied(Process):
    """A honcho process that ends when we end, even if we are killed outright (Linux)."""

    def run(self, events: object = None, ignore_signals: bool = False) -> None:
        _die_with_parent(signal.SIGKILL)
        self._child_ctor = partial(Popen, preexec_fn=partial(_die_with_parent, signal.SIGTERM))
        super().run(events, ignore_signals)


def _die_with_parent(signum: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signum)  # PR_SET_PDEATHSIG


class Log(Printer):
    """Everything into the log; what TELL says to the person at the keyboard."""

    def write(self, message: Message) -> None:
        if message.name == TELL:
            text = message.data.decode() if isinstance(message.data, bytes) else message.data
            print(text, end="", flush=True)
        else:
            super().write(message)


def tell() -> None:
    """Say when everything answers; then stay, and end (so that all ends) if a service dies.

    It counts as a user of the services, so that they stop even if `make run` is killed outright.
    """
    signal.signal(signal.SIGTERM, partial(_leave_last, os.getppid()))
    data = env.data_dir()
    with embedded.services(data):
        _say_when_ready(data)
        _watch(data)


def _leave_last(parent: int, signum: int, frame: object) -> None:
    """Who was killed may hold its locks a moment longer than its children hear of it.

    Told twice, it still leaves once: a second signal must not break off the stopping.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.getppid() != parent:
        time.sleep(1)
    _leave(signum, frame)


def _say_when_ready(data: Path) -> None:
    address = f"http://127.0.0.1:{os.environ['PORT']}"
    until = time.monotonic() + START_SECONDS
    while (wrong := _not_ready(address)) is not None:
        if time.monotonic() > until:
            print(f"Puljer did not get ready in {START_SECONDS} seconds: {wrong}")
            sys.exit(1)
        time.sleep(0.5)
    print(f"ready {address}", flush=True)
    if os.environ.get("PULJER_TERMINAL"):
        print(PEOPLE.format(address=address, log=data / "run.log"), flush=True)


def _watch(data: Path) -> None:
    services = [] if os.environ.get("DATABASE_URL") else [embedded.postgres(data)]
    services += [] if os.environ.get("REDIS_URL") else [embedded.redis(data)]
    while True:
        time.sleep(2)
        for service in services:
            if not runs(service):
                log = data / f"{service.name}.log"
                print(f"{service.name} has stopped; see {log}, then run again.", flush=True)
                sys.exit(1)


def _not_ready(address: str) -> str | None:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    if sys.argv[1:] == ["tell"]:
        tell()
    else:
        if sys.stdout.isatty():
            os.environ["PULJER_TERMINAL"] = "1"
        main()
