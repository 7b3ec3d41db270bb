"""A letter as MeMo 1.1, the message format of Digital Post; valid against its XSD.

Built by hand, not with python-serviceplatformen's classes: those write 1.2 only, escape nothing XML
cannot hold, and do not run on Python 3.13 (docs/adr/0022-digital-post.md).
"""

import re
from base64 import b64encode
from datetime import UTC, date, datetime, time
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.utils import timezone

from letters.delivery import Parcel

MEMO = "https://DigitalPost.dk/MeMo-1"
GRD = "https://data.gov.dk/model/core/"
KLE = "http://kle-online.dk/"
LONGEST, LONGEST_NOTICE = 256, 150  # memoTextType, memoNotificationType
SYSTEM = "Puljer"
# what XML 1.0 cannot hold, and the signs that turn the direction of reading
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
KLE_NAMES = {
    "18.15.05": "Frivilligt folkeoplysende foreningsarbejde, aktivitetstilskud",
    "18.16.00": "Fritidsaktiviteter uden for folkeoplysningsloven i almindelighed",
    "20.10.02": "Egne kulturelle arrangementer",
    "20.10.04": "Andres kulturelle arrangementer",
    "27.15.12": "Frivilligt socialt arbejde",
}

for _prefix, _space in {"memo": MEMO, "grd": GRD, "kle": KLE}.items():
    ElementTree.register_namespace(_prefix, _space)


def message(parcel: Parcel) -> Element:
    """The whole message: the same parcel gives the same message, with the letter's own UUID."""
    root = Element(f"{{{MEMO}}}Message", {"memoVersion": "1.1", "memoSchVersion": "1.1.0"})
    _header(_sub(root, "MessageHeader"), parcel)
    _body(_sub(root, "MessageBody"), parcel)
    return root


def _header(header: Element, parcel: Parcel) -> None:
    site = settings.SITE
    config = settings.DIGITAL_POST
    may_answer = bool(config["contact_point"])
    _sub(header, "messageType", "DIGITALPOST")
    _sub(header, "messageUUID", parcel.uuid)
    _sub(header, "messageID", parcel.number)
    _sub(header, "label", f"{parcel.title}, sag {parcel.number}")
    notice = f"Ny post fra {site['municipality']} i sag {parcel.number}."
    _sub(header, "notification", notice, LONGEST_NOTICE)
    _sub(header, "reply", _yes(may_answer))
    if may_answer and parcel.answer_by:
        _sub(header, "replyByDateTime", _end_of(parcel.answer_by))
    _sub(header, "mandatory", _yes(parcel.is_decision))
    is_legal = parcel.is_decision and config["is_legal_notification"]
    _sub(header, "legalNotification", _yes(is_legal))
    _sub(header, "postType", "MYNDIGHEDSPOST")
    _sender(_sub(header, "Sender"))
    recipient = _sub(header, "Recipient")
    _sub(recipient, "recipientID", parcel.recipient_id)
    _sub(recipient, "idType", parcel.recipient_id_type)
    _sub(recipient, "label", parcel.name)
    _content_data(_sub(header, "ContentData"), parcel)


def _sender(sender: Element) -> None:
    """The municipality, how to reach it, and where an answer goes."""
    site = settings.SITE
    config = settings.DIGITAL_POST
    _sub(sender, "senderID", config["sender"])
    _sub(sender, "idType", "CVR")
    _sub(sender, "label", site["municipality"])
    attention = _sub(sender, "AttentionData")
    mail = _sub(attention, "EMail")
    _sub(mail, "emailAddress", site["email"])
    _sub(mail, "relatedAgent", site["office"])
    telephone = _sub(attention, "Telephone")
    _sub(telephone, "telephoneNumber", site["phone"])
    _sub(telephone, "relatedAgent", site["office"])
    system = _sub(attention, "GeneratingSystem")
    _sub(system, "generatingSystemID", SYSTEM)
    _sub(system, "label", site["name"])
    if config["contact_point"]:
        point = _sub(sender, "ContactPoint")
        _sub(point, "contactPointID", config["contact_point"])
        _sub(point, "label", site["office"])


def _content_data(data: Element, parcel: Parcel) -> None:
    """Whose case it is, and where it belongs in KLE: so that a receiver's system can file it."""
    if parcel.recipient_id_type == "CVR":
        company = _sub(data, "CVRdata", space=GRD)
        _sub(company, "cvrNumber", parcel.recipient_id, space=GRD)
        _sub(company, "companyName", parcel.name, space=GRD)
    case = _sub(data, "CaseID")
    _sub(case, "caseID", parcel.number)
    _sub(case, "caseSystem", SYSTEM)
    if parcel.kle:
        kle = _sub(data, "KLEdata", space=KLE)
        _sub(kle, "subjectKey", parcel.kle, space=KLE)
        _sub(kle, "version", settings.DIGITAL_POST["kle_version"], space=KLE)
        if settings.ESDH_ACTION_FACET:
            _sub(kle, "activityFacet", settings.ESDH_ACTION_FACET, space=KLE)
        _sub(kle, "label", KLE_NAMES.get(parcel.kle, f"KLE {parcel.kle}"), space=KLE)


def _body(body: Element, parcel: Parcel) -> None:
    _sub(body, "createdDateTime", _utc(parcel.made_at))
    main = _document(body, "MainDocument", "mainDocumentID", parcel, parcel.title, parcel.pdf)
    if parcel.link.startswith("https://") and len(parcel.link) <= LONGEST:
        _action(_sub(main, "Action"), parcel)
    if parcel.enclosure:
        _document(
            body, "AdditionalDocument", "additionalDocumentID", parcel, "Bilag", parcel.enclosure
        )


def _document(
    body: Element, name: str, id_name: str, parcel: Parcel, label: str, pdf: bytes
) -> Element:
    document = _sub(body, name)
    suffix = "" if name == "MainDocument" else "-bilag"
    _sub(document, id_name, f"{parcel.uuid}{suffix}")
    _sub(document, "label", label)
    file = _sub(document, "File")
    _sub(file, "encodingFormat", "application/pdf")
    _sub(file, "filename", f"{parcel.number}{suffix}.pdf")
    _sub(file, "language", "da")
    SubElement(file, f"{{{MEMO}}}content").text = b64encode(pdf).decode()
    return document


def _action(action: Element, parcel: Parcel) -> None:
    """The way to the case: to answer before a day, or to read more."""
    must_answer = parcel.answer_by is not None
    _sub(action, "label", "Svar på sagen" if must_answer else "Se sagen")
    _sub(action, "actionCode", "SELVBETJENING" if must_answer else "INFORMATION")
    if parcel.answer_by:
        _sub(action, "startDateTime", _utc(parcel.made_at))
        _sub(action, "endDateTime", _end_of(parcel.answer_by))
    _sub(_sub(action, "EntryPoint"), "url", parcel.link)


def _sub(
    parent: Element, name: str, text: str | None = None, most: int = LONGEST, *, space: str = MEMO
) -> Element:
    """An element; of its text what XML can hold and the format allows."""
    made = SubElement(parent, f"{{{space}}}{name}")
    if text is not None:
        plain = " ".join(FORBIDDEN.sub("", text).split())
        made.text = plain if len(plain) <= most else f"{plain[: most - 1]}…"
    return made


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"


def _utc(at: datetime | None) -> str:
    """A letter that is sent was made; the clock is for parcels that tests put together."""
    at = at or timezone.now()
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _end_of(day: date) -> str:
    return _utc(timezone.make_aware(datetime.combine(day, time(23, 59, 59))))
