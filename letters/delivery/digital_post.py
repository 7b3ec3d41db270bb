"""Digital Post through Serviceplatformen (SF1601): is there a mailbox, then the letter as MeMo.

Everything goes over TLS with our client certificate to ``settings.DIGITAL_POST["url"]``. No error
text is taken from ``requests``: it holds the address, and with it whose mailbox was asked for.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Parcel, Receipt, Refused, Sent, Unreachable
from letters.delivery.memo import message

ASK, SEND = "PostForespoerg_1/digitalpost", "KombiPostAfsend_1/kombi"
RECEIPTS = "Beskedfordeler_1/kvitteringer"
CONNECT_SECONDS = 5
MOST_ANSWER = 1_000_000
TRY_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
NOT_US = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
ALREADY_HERE = re.compile(r"already|duplicate|allerede modtaget|dublet", re.IGNORECASE)
LONG_NUMBER = re.compile(r"\d[\d -]{6,}\d")  # an answer may say whose number it is about
DONE = "Afleveret Digital Post"
KINDS = {
    "modtaget digital post": "ACCEPTED",
    DONE.lower(): "AVAILABLE",
    "fejlet": "REJECTED",
}


class DigitalPostPort:
    """One message a letter; the same UUID for every try, so that the receiver keeps one."""

    def send(self, parcel: Parcel) -> Sent:
        """Ask for the mailbox, then send.

        Raises Unreachable without a mailbox or with too big a letter, Refused when the service says
        no to this letter, DeliveryFailed for all that may pass.
        """
        if not settings.DIGITAL_POST["url"]:
            raise Unreachable(_("Digital Post er ikke slået til."))
        if not parcel.recipient_id:
            raise Unreachable(_("Modtagerens CPR- eller CVR-nummer kan ikke læses."))
        with requests.Session() as line:
            if not self._has_mailbox(line, parcel):
                raise Unreachable(_("Modtageren kan ikke få Digital Post."))
            return self._hand_over(line, parcel)

    def authorization(self, service: str) -> dict[str, str]:
        """Headers that sign us in, beside the certificate; delivery/kombit.py has them."""
        return {}

    def _has_mailbox(self, line: requests.Session, parcel: Parcel) -> bool:
        name = "cvrNumber" if parcel.recipient_id_type == "CVR" else "cprNumber"
        answer = self._ask(line, "GET", ASK, params={name: parcel.recipient_id})
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return False
        _check(answer)
        try:
            return answer.json()["result"] is True
        except (ValueError, KeyError, TypeError) as error:
            raise DeliveryFailed(
                _("Digital Post svarer på en måde, vi ikke forstår."), "odd answer to the question"
            ) from error

    def _hand_over(self, line: requests.Session, parcel: Parcel) -> Sent:
        body = request_xml(parcel)
        if len(body) > settings.DIGITAL_POST["most_bytes"]:
            raise Unreachable(_("Brevet fylder mere, end Digital Post tager imod."))
        number = str(uuid4())
        headers = {"Content-Type": "application/xml", "X-TransaktionsId": number}
        answer = self._ask(line, "POST", SEND, data=body, headers=headers)
        said = _values(answer)
        number = said.get("transmissionid", number)
        told = " ".join(filter(None, [_code(said), _text(said)]))
        if answer.status_code == HTTPStatus.CONFLICT or _is_no_news(answer, told):
            return Sent(_("Modtaget allerede i et tidligere forsøg."), number)
        _check(answer)
        if said.get("result", "true").lower() != "true":
            raise Refused(_("Digital Post afviste brevet: %s") % told, told)
        return Sent(_("Afleveret til Digital Post."), number)

    def _ask(
        self, line: requests.Session, method: str, path: str, **asked: Any
    ) -> requests.Response:
        config = settings.DIGITAL_POST
        now = {"X-TransaktionsTid": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}
        headers = now | {"X-TransaktionsId": str(uuid4())} | self.authorization(path)
        headers |= asked.pop("headers", {})
        try:
            return line.request(
                method,
                f"{config['url']}/{path}",
                cert=(config["cert"], config["key"]) if config["key"] else config["cert"] or None,
                verify=config["ca"] or True,
                timeout=(CONNECT_SECONDS, config["seconds"]),
                allow_redirects=False,
                headers=headers,
                **asked,
            )
        except requests.exceptions.SSLError as error:
            sentence = _("Forbindelsen til Digital Post er ikke sikker. Se efter certifikaterne.")
            raise DeliveryFailed(sentence, "TLS") from error
        except (requests.RequestException, OSError) as error:
            raise DeliveryFailed(_("Digital Post svarer ikke."), type(error).__name__) from error


def request_xml(parcel: Parcel) -> bytes:
    """The whole request: the choice of Digital Post, and the message."""
    request = Element("kombi_request")
    ElementTree.SubElement(request, "KombiValgKode").text = "Digital Post"
    request.append(message(parcel))
    xml: bytes = ElementTree.tostring(request, encoding="utf-8", xml_declaration=True)
    return xml


def _is_no_news(answer: requests.Response, told: str) -> bool:
    """The service has the message already: an earlier try got through after all."""
    is_answer = answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_answer and bool(ALREADY_HERE.search(told))


def _check(answer: requests.Response) -> None:
    """Raise what the status means: later, our certificate, or never."""
    status = answer.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return
    if status in NOT_US:
        sentence = _("Digital Post kender ikke vores adgang. Se efter certifikat og aftale.")
        raise DeliveryFailed(sentence, f"HTTP {status}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in TRY_LATER:
        raise DeliveryFailed(_("Digital Post har en fejl lige nu."), f"HTTP {status}")
    said = _values(answer)
    told = " ".join(filter(None, [_code(said) or f"HTTP {status}", _text(said)]))
    raise Refused(_("Digital Post afviste brevet: %s") % told, told)


def _values(answer: requests.Response) -> dict[str, str]:
    """The answer's texts by element name, whatever its namespace; empty when it is no XML."""
    if len(answer.content) > MOST_ANSWER:
        return {}
    try:
        root = ElementTree.fromstring(answer.content)
    except ElementTree.ParseError:
        return {}
    return _texts(root)


def _texts(root: Element) -> dict[str, str]:
    return {
        one.tag.rpartition("}")[2].lower(): one.text.strip()
        for one in root.iter()
        if one.text and one.text.strip()
    }


def _code(said: dict[str, str]) -> str:
    return said.get("fejlkode") or said.get("fejlid") or ""


def _text(said: dict[str, str]) -> str:
    return LONG_NUMBER.sub("…", said.get("fejltekst") or said.get("advistekst") or "")[:200]


# ---- receipts ----


def receipt_of(notice: Element | bytes) -> Receipt | None:
    """What a Hændelsesbesked of Beskedfordeler tells; None when it is about something else.

    Its ``Beskeddata/Base64`` holds a PKO_PostStatus, which names the message by its UUID.
    """
    try:
        root = ElementTree.fromstring(notice) if isinstance(notice, bytes) else notice
        outer = _texts(root)
        inner = _texts(ElementTree.fromstring(b64decode(outer["base64"])))
        at = parse_datetime(inner["transaktionsdatotid"])
        kind = KINDS[inner["transaktionsstatuskode"].lower()]
        reference, number = inner["messageuuid"], _number(root)
    except (KeyError, ValueError, ElementTree.ParseError):
        return None
    if at is None or not number:
        return None
    at = at if timezone.is_aware(at) else timezone.make_aware(at)
    detail = " ".join(filter(None, [_code(inner), _text(inner)]))
    return Receipt(number, reference, kind, at, detail)


def _number(root: Element) -> str:
    """The notice's own number: BeskedId/UUIDIdentifikator."""
    for one in root.iter():
        if one.tag.rpartition("}")[2] == "BeskedId":
            return "".join(one.itertext()).strip()
    return ""


class HttpReceipts(DigitalPostPort):
    """Receipts that wait at an address beside the service: the demo's, or a municipal hub's."""

    def fetch(self) -> Iterator[tuple[str, Receipt | None]]:
        """(what to acknowledge, the receipt or None when it is not for us), the oldest first."""
        with requests.Session() as line:
            answer = self._ask(line, "GET", RECEIPTS)
            _check(answer)
            try:
                root = ElementTree.fromstring(answer.content)
            except ElementTree.ParseError as error:
                raise DeliveryFailed(_("Kvitteringerne kan ikke læses."), "no XML") from error
        for notice in root:
            yield _number(notice), receipt_of(notice)

    def acknowledge(self, numbers: list[str]) -> None:
        """They are kept here and need not be told again."""
        with requests.Session() as line:
            for number in numbers:
                _check(self._ask(line, "DELETE", f"{RECEIPTS}/{number}"))
