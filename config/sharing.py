"""One server used by several processes: started by the first, stopped by the last.

Each user holds a shared file lock while it uses the server; who gets the lock for itself alone is
the last one. Locks die with their process, so a killed process leaves no false user behind.
"""

import fcntl
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 60

HELD: set[int] = set()  # our locks


def _forget_in_child() -> None:
    """A forked child is no user of its own: our locks must not live on in it after us."""
    while HELD:
        os.close(HELD.pop())


os.register_at_fork(after_in_child=_forget_in_child)


class CannotStart(Exception):
    """A service cannot start; the message is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Service:
    """One server: its folder and socket, how to start it in the foreground, does it answer."""

    name: str
    folder: Path
    socket: Path
    prepare: Callable[[], None]
    command: Callable[[], list[str]]
    answers: Callable[[], bool]
    user: str | None = None


@contextmanager
def shared(service: Service) -> Iterator[None]:
    """Use `service`: start it if nobody has, stop it if nobody else needs it."""
    try:
        service.folder.parent.mkdir(parents=True, exist_ok=True)
        users = _open_lock(service, "users")
    except PermissionError as error:
        raise CannotStart(
            f"You may not write {error.filename}: set DATA_DIR to a folder of your own."
        ) from None
    HELD.add(users)
    with _exclusive(service):
        fcntl.flock(users, fcntl.LOCK_SH)
        if not runs(service):
            _start(service)
        _wait_for(service)
    try:
        yield
    finally:
        if users in HELD:
            _let_go(service, users)


def _let_go(service: Service, users: int) -> None:
    HELD.discard(users)
    with _exclusive(service):  # to the very end: else two who leave at once each see the other
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else still uses it
        else:
            _stop(service)
        finally:
            os.close(users)


def _open_lock(service: Service, kind: str) -> int:
    return os.open(
        service.folder.parent / f"{service.name}.{kind}",
        os.O_RDWR | os.O_CREAT | os.O_CLOEXEC,
        0o600,
    )


@contextmanager
def _exclusive(service: Service) -> Iterator[None]:
    """Only one process at a time starts or stops a service."""
    lock = _open_lock(service, "lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _start(service: Service) -> None:
    service.prepare()
    log = service.folder.parent / f"{service.name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            service.command(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the users; the last of them stops it
            cwd=service.folder,
            **as_user(service.user),
        )
    _pid_file(service).write_text(str(process.pid))
    process.returncode = 0  # it may outlive us: let go of the handle without a ResourceWarning


def _wait_for(service: Service) -> None:
    until = time.monotonic() + START_SECONDS
    while not service.answers():
        if not runs(service) or time.monotonic() > until:
            log = service.folder.parent / f"{service.name}.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
            raise CannotStart(
                f"{service.name} could not start in {service.folder}. The end of {log}:\n{tail}"
            )
        time.sleep(0.03)


def runs(service: Service) -> int:
    """The server's process number, or 0: a busy server is slow to answer, but it still runs."""
    try:
        pid = int(_pid_file(service).read_text())
    except (FileNotFoundError, ValueError):
        return 0
    if not _is_alive(pid):
        return 0
    show = ["ps", "-ww", "-p", str(pid), "-o", "args="]  # never cut to a terminal's width
    words = subprocess.run(show, capture_output=True, text=True, check=False).stdout
    # an old number may belong to a stranger by now
    return pid if Path(service.command()[0]).name in words else 0


def _stop(service: Service) -> None:
    """SIGINT is PostgreSQL's fast shutdown and Redis' ordinary one."""
    if not (pid := runs(service)):
        return
    os.kill(pid, signal.SIGINT)
    until = time.monotonic() + START_SECONDS
    while _is_alive(pid):
        if time.monotonic() > until:
            raise CannotStart(
                f"{service.name} (process {pid}) does not stop; end it by hand and look at its log."
            )
        time.sleep(0.02)
    _pid_file(service).unlink()


def _pid_file(service: Service) -> Path:
    return service.folder.parent / f"{service.name}.pid"


def _is_alive(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return False
    except ChildProcessError:
        pass  # another process started it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def as_user(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
