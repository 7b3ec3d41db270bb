import socket
from pathlib import Path

import pytest

from config import embedded, env
from config.sharing import CannotStart, shared


def test_socket_lies_in_the_data_folder():
    assert embedded.redis_socket(Path("/srv/puljer")) == Path("/srv/puljer/run/redis.sock")


def test_too_long_a_path_falls_back_to_a_short_private_folder():
    data = Path("/srv") / ("a" * 90)

    path = embedded.redis_socket(data)

    assert len(str(path)) < embedded.SOCKET_PATH_LIMIT
    assert path.parent.name.startswith("puljer-")
    assert path != embedded.redis_socket(data / "another")


def test_addresses_survive_odd_letters_in_the_path():
    data = Path("/srv/my data+50%")

    assert env.database(embedded.postgres_url(data))["HOST"] == str(data / "run" / "pg")
    assert embedded.redis_url(data) == "unix:///srv/my%20data%2B50%25/run/redis.sock?db=0"


@pytest.fixture
def redis(tmp_path):
    return embedded.redis(tmp_path)


def test_last_user_stops_the_service(redis):
    with shared(redis):
        with shared(redis):
            assert redis.answers()
        assert redis.answers()

    assert not redis.answers()


def test_data_is_kept_from_one_run_to_the_next(redis):
    with shared(redis):
        _say(redis.socket, b"SET who Asta\r\n")

    with shared(redis):
        assert b"Asta" in _say(redis.socket, b"GET who\r\n")


def test_service_that_dies_at_once_is_told_about_with_its_log(redis, monkeypatch):
    monkeypatch.setattr(embedded, "_redis_program", lambda: "/bin/false")

    with (
        pytest.raises(CannotStart, match="redis could not start in"),
        shared(redis),
    ):
        pass


def _say(path, words):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        line.sendall(words)
        return line.recv(100)
