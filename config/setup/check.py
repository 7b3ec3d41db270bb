"""`make check`: all that CI looks at but the tests. Every part runs; failed ones are named."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PYTHON = sys.executable
PAGES = ["config", "letters", "pulje", "workflow"]
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"
PARTS = {
    "style": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "types": [PYTHON, "-m", "mypy", *PAGES],
    "contracts": ["lint-imports"],
    "templates": [PYTHON, "-m", "djlint", "--lint", *PAGES],
    "templates' format": [PYTHON, "-m", "djlint", "--check", *PAGES],
    "words": ["typos"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "generated docs": [PYTHON, "manage.py", "generate_docs", "--check"],
    "catalogue": [PYTHON, "-m", "config.setup.catalogue", "--check"],
    "production settings": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}
ENVIRONMENT = {
    "production settings": {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "SECRET_KEY": "fJ4-kq9Zr_0Wv7XmB2nT8yLsCdE5uHpQaG6iRoN3xKtUwYzV1fJ4-kq9Zr",
        "ALLOWED_HOSTS": "puljer.example",
        "PERSON_NUMBER_KEY": "b25seS1mb3ItYS1jaGVjay1vZi1zZXR0aW5ncy0wMTI=",
        "DATABASE_URL": NOBODY,
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
}


def main() -> None:
    os.environ["PATH"] = f"{os.path.dirname(PYTHON)}{os.pathsep}{os.environ['PATH']}"
    with ThreadPoolExecutor(2) as pool:
        failed = [name for name, passed in pool.map(_run, PARTS) if not passed]
    if failed:
        sys.exit(f"make check: failed: {', '.join(failed)}")
    print(f"make check: all {len(PARTS)} parts passed")


def _run(name: str) -> tuple[str, bool]:
    began = time.monotonic()
    environment = os.environ | ENVIRONMENT.get(name, {})
    done = subprocess.run(
        PARTS[name],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    result = "ok" if done.returncode == 0 else f"FAILED\n{done.stdout}{done.stderr}".rstrip()
    print(f"{name} ({time.monotonic() - began:.0f} s): {result}", flush=True)
    return name, done.returncode == 0


if __name__ == "__main__":
    main()
