"""Digital Post with KOMBIT's sign-in and Beskedfordeler, by python-serviceplatformen.

Named in the environment (DIGITAL_POST_PORT, DIGITAL_POST_RECEIPTS) and imported nowhere else: the
library wants a Python below 3.13. It fetches the tokens; the message, the errors and the resending
are ours (docs/adr/0022-digital-post.md).
"""

from collections.abc import Iterator
from functools import cache

import pika
import requests
from django.conf import settings
from django.utils.translation import gettext as _
from pika.exceptions import AMQPError
from python_serviceplatformen.authentication import KombitAccess
from python_serviceplatformen.message_broker import _setup_pika_params as sign_in_at_broker

from letters.delivery import DeliveryFailed, Receipt
from letters.delivery.digital_post import ASK, SEND, DigitalPostPort, receipt_of

ENTITIES = {
    ASK: "http://entityid.kombit.dk/service/postforespoerg/1",
    SEND: "http://entityid.kombit.dk/service/kombipostafsend/1",
}


@cache
def access() -> KombitAccess:
    """Signs in with one PEM file (certificate and key) and keeps its tokens while they last."""
    config = settings.DIGITAL_POST
    return KombitAccess(config["sender"], config["cert"], test="exttest" in config["url"])


class KombitPort(DigitalPostPort):
    """As its parent, with KOMBIT's token in each request."""

    def authorization(self, service: str) -> dict[str, str]:
        try:
            return {"Authorization": access().get_access_token(ENTITIES[service])}
        except (ValueError, KeyError, OSError, requests.RequestException) as error:
            sentence = _("KOMBIT giver os ikke adgang lige nu. Se efter certifikat og aftale.")
            raise DeliveryFailed(sentence, type(error).__name__) from error


class BeskedfordelerReceipts:
    """Our queue at Beskedfordeler (AMQP, BeskedHent). What is not acknowledged stays in it."""

    def __init__(self) -> None:
        self.line: pika.BlockingConnection | None = None

    def fetch(self) -> Iterator[tuple[str, Receipt | None]]:
        """The line stays open until ``acknowledge``: a receipt is given back when it is closed."""
        try:
            self.line = pika.BlockingConnection(sign_in_at_broker(access()))
            self.channel = self.line.channel()
            while True:
                frame, _head, body = self.channel.basic_get(settings.DIGITAL_POST["queue"])
                if frame is None:
                    return
                yield str(frame.delivery_tag), receipt_of(body)
        except (AMQPError, ValueError, OSError, requests.RequestException) as error:
            raise DeliveryFailed(_("Beskedfordeler svarer ikke."), type(error).__name__) from error

    def acknowledge(self, numbers: list[str]) -> None:
        try:
            for number in numbers:
                self.channel.basic_ack(int(number))
            if self.line is not None:
                self.line.close()
        except (AMQPError, OSError) as error:
            raise DeliveryFailed(_("Beskedfordeler svarer ikke."), type(error).__name__) from error
