"""KOMBIT's sign-in before our own post office, and its broker; only where the library runs."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from config.digital_post_server import DELIVERED, PostOffice
from letters import actions, receipts
from letters.models import Channel, LetterState
from tests.letters.delivery.letters_there import a_letter

kombit = pytest.importorskip("letters.delivery.kombit", exc_type=ImportError)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_kombit(settings: LazySettings, office: PostOffice) -> None:
    settings.LETTER_PORTS = settings.LETTER_PORTS | {
        "DIGITAL_POST": "letters.delivery.kombit.KombitPort"
    }
    settings.DIGITAL_POST = settings.DIGITAL_POST | {
        "receipts": "letters.delivery.kombit.BeskedfordelerReceipts",
        "queue": "vores",
    }
    kombit.access.cache_clear()


def test_it_signs_in_and_sends(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def token(_self: Any, entity: str) -> str:
        asked.append(entity)
        if len(asked) == 1:
            raise ValueError("no")
        return "Holder-of-key 1"

    monkeypatch.setattr(kombit.KombitAccess, "get_access_token", token)
    letter, other = a_letter(), a_letter()

    assert not actions.deliver(letter.pk)
    letter.refresh_from_db()
    assert letter.failure == "KOMBIT giver os ikke adgang lige nu. Se efter certifikat og aftale."
    assert actions.deliver(other.pk)

    assert office.taken() == [str(other.uuid)]
    assert [entity.rpartition("service/")[2] for entity in asked[1:]] == [
        "postforespoerg/1",
        "kombipostafsend/1",
    ]


class Broker:
    """A queue that gives back what was not acknowledged."""

    def __init__(self, office: PostOffice) -> None:
        self.bodies = [path.read_bytes() for path in office.waiting()]
        self.at, self.acknowledged = 0, list[int]()

    def channel(self) -> "Broker":
        return self

    def basic_get(self, queue: str) -> tuple[Any, Any, Any]:
        assert queue == "vores"
        if self.at == len(self.bodies):
            return None, None, None
        self.at += 1
        return SimpleNamespace(delivery_tag=self.at), None, self.bodies[self.at - 1]

    def basic_ack(self, tag: int) -> None:
        self.acknowledged.append(tag)

    def close(self) -> None:
        self.at = 0


def test_receipts_from_the_broker(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = a_letter()
    letter.delivery_attempts.create(channel=Channel.DIGITAL_POST, started_at=timezone.now())
    office.tell("7f3c1f4e-0000-4000-8000-000000000000", DELIVERED)
    office.tell(str(letter.uuid), DELIVERED)
    broker = Broker(office)
    monkeypatch.setattr(kombit, "sign_in_at_broker", lambda access: None)
    monkeypatch.setattr(kombit.pika, "BlockingConnection", lambda params: broker)

    assert receipts.fetch() == 1

    letter.refresh_from_db()
    assert letter.state == LetterState.AVAILABLE
    assert broker.acknowledged == [2]  # the other stays in the queue

    def silent(_params: object) -> None:
        raise kombit.AMQPError

    monkeypatch.setattr(kombit.pika, "BlockingConnection", silent)
    assert receipts.fetch() == 0
