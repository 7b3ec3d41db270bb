"""`make run` as a whole: it gets ready, refuses a twin, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config import env
from config.ports import free_port

pytestmark = pytest.mark.slow
PATIENCE = 120  # seconds; how quick it is on a busy machine is not the question


@pytest.fixture
def port():
    return free_port()


def start(data, port):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", "config.setup.run"],
        cwd=env.ROOT,
        env=kept | {"DATA_DIR": str(data), "PORT": str(port), "PULJER_EMPTY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def left_over(data):
    """Command lines that still name the data folder, and services that have not said goodbye."""
    lines = subprocess.check_output(["ps", "-wweo", "args"], text=True).splitlines()
    return [line for line in lines if str(data) in line] + list(data.glob("*.pid"))


def wait_until_ready(run, port):
    line = run.stdout.readline()
    assert line == f"ready http://127.0.0.1:{port}\n", line + run.stdout.read() + run.stderr.read()


def assert_nothing_is_left_over(data):
    until = time.monotonic() + PATIENCE
    while left_over(data) and time.monotonic() < until:
        time.sleep(0.1)
    assert left_over(data) == []


def test_run_ends_however_it_is_ended_and_starts_again(tmp_path, port):
    """Killed, ended, by Ctrl-C: the next start finds the data, and nothing is left behind."""
    for ending in (signal.SIGKILL, signal.SIGTERM):
        with start(tmp_path, port) as run:
            wait_until_ready(run, port)
            run.send_signal(ending)
            run.communicate(timeout=PATIENCE)
        assert_nothing_is_left_over(tmp_path)

    with start(tmp_path, port) as run:
        wait_until_ready(run, port)
        twin = start(tmp_path, port).communicate(timeout=PATIENCE)[1]
        other = start(tmp_path / "other", port).communicate(timeout=PATIENCE)[1]
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=PATIENCE)

    assert twin.startswith(f"Puljer already runs with the data in {tmp_path}")
    assert other.startswith(f"Port {port} cannot be used")
    assert_nothing_is_left_over(tmp_path)
