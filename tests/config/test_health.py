from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from config import health

ALL_WELL = dict.fromkeys(health.NEEDED | health.WANTED, "ok")


@pytest.fixture
def _everybody_lives(db):
    cache.set(health.WORKER, timezone.now())
    cache.set(health.BEAT, timezone.now())


def test_alive_asks_nobody(client):
    assert client.get("/health/").content == b"ok\n"


@pytest.mark.usefixtures("_everybody_lives")
def test_ready_when_everybody_lives(client):
    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (200, ALL_WELL)


@pytest.mark.usefixtures("_everybody_lives")
@pytest.mark.parametrize(
    ("key", "part", "sentence"),
    [
        (health.WORKER, "worker", "no worker has answered since"),
        (health.BEAT, "beat", "beat has not ticked since"),
    ],
    ids=["worker", "beat"],
)
def test_not_ready_when_one_has_been_silent_for_over_a_minute(client, key, part, sentence):
    cache.set(key, timezone.now() - timedelta(seconds=61))

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()[part].startswith(sentence)
    assert {name for name, said in answer.json().items() if said != "ok"} == {part}


@pytest.mark.usefixtures("_everybody_lives")
def test_not_ready_when_nobody_was_ever_seen(client):
    cache.delete(health.WORKER)

    assert client.get("/health/ready").json()["worker"] == "no worker has answered yet"


@pytest.mark.usefixtures("_everybody_lives")
def test_broken_service_is_told_about_without_details(client, monkeypatch):
    def broken():
        raise OSError("redis://secret@host")

    monkeypatch.setitem(health.NEEDED, "redis", broken)

    answer = client.get("/health/ready")

    assert (answer.status_code, answer.json()) == (503, ALL_WELL | {"redis": "does not answer"})


def test_heartbeat_shows_the_worker():
    cache.delete(health.WORKER)

    health.heartbeat()

    assert timezone.now() - cache.get(health.WORKER) < timedelta(seconds=5)


@pytest.mark.usefixtures("_everybody_lives")
def test_stuck_letters_are_told_but_turn_only_the_strict_answer_red(client, monkeypatch):
    def stuck():
        raise health.NotReady("letters have been due for over half an hour")

    monkeypatch.setitem(health.WANTED, "letters", stuck)

    usual, strict = client.get("/health/ready"), client.get("/health/ready?all=1")

    assert (usual.status_code, strict.status_code) == (200, 503)
    assert usual.json()["letters"] == "letters have been due for over half an hour"
