"""MeMo 1.1: valid whatever a name holds, the same for every try, and nothing personal outside."""

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, tostring

import pytest
from django.conf import LazySettings
from lxml import etree

from config.digital_post_server import SCHEMA
from letters.delivery import Parcel
from letters.delivery.digital_post import receipt_of, request_xml
from letters.delivery.memo import LONGEST, message
from letters.kinds.registry import KINDS
from letters.previews import samples

NS = {"m": "https://DigitalPost.dk/MeMo-1", "k": "http://kle-online.dk/"}
ADDRESS = "https://puljer.example/ansoeg/7/"
PARCEL = Parcel(
    message_id="<letter@puljer.example>",
    number="2027-018",
    title="Afslag på tilskud",
    name="Nærum Sangforening",
    email="",
    pdf=b"%PDF-1.7",
    link=ADDRESS,
    uuid="7f3c1f4e-1111-4222-8333-444444444444",
    recipient_id="29188378",
    recipient_id_type="CVR",
    kle="18.16.00",
    made_at=datetime(2027, 3, 1, 12, tzinfo=UTC),
)
ANSWER = {"answer_by": date(2027, 4, 1), "enclosure": b"%PDF-1.7 ansoegning"}
PERSON = {"recipient_id": "0101904321", "recipient_id_type": "CPR", "name": "Asta"}
HOSTILE = [
    "A\x00B\x0b\x1f\ud800\ufffe\u202eC",
    "<memo:Message>]]>&lt;",
    "Ø" * 400,
    "مؤسسة 👨‍👩‍👧 " * 30,
    "",
]


def said(root: Element, path: str) -> list[str]:
    return [one.text or "" for one in root.findall(path, NS)]


@pytest.mark.skipif(not SCHEMA.exists(), reason="MeMo's XSD is not on this machine")
def test_every_message_is_valid(settings: LazySettings) -> None:
    schema = etree.XMLSchema(file=str(SCHEMA))
    point = {"contact_point": "241d39f6-998e-4929-b198-ccacbbf4b330", "sender": "29188378"}
    kinds = [PARCEL, replace(PARCEL, **ANSWER), replace(PARCEL, **PERSON, is_decision=True)]
    kinds += [replace(PARCEL, name=text, title=text, kle="") for text in HOSTILE]
    kinds += [replace(PARCEL, link="http://127.0.0.1/"), replace(PARCEL, link=ADDRESS + "x" * 300)]

    for config in ({}, point):
        settings.DIGITAL_POST = settings.DIGITAL_POST | config
        for parcel in kinds:
            schema.assertValid(etree.fromstring(tostring(message(parcel))))


def test_what_the_message_says(settings: LazySettings) -> None:
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"contact_point": "241d39f6", "sender": "123"}
    settings.ESDH_ACTION_FACET = "G01"
    root = message(replace(PARCEL, **ANSWER, is_decision=True))

    assert said(root, "m:MessageHeader/m:messageUUID") == [PARCEL.uuid]
    assert said(root, "m:MessageHeader/m:label") == ["Afslag på tilskud, sag 2027-018"]
    assert said(root, "m:MessageHeader/m:mandatory") == ["true"]
    assert said(root, "m:MessageHeader/m:legalNotification") == ["true"]
    assert said(root, "m:MessageHeader/m:reply") == ["true"]
    assert said(root, "m:MessageHeader/m:replyByDateTime") == ["2027-04-01T21:59:59Z"]
    assert said(root, ".//m:Recipient/m:idType") == ["CVR"]
    assert said(root, ".//m:CaseID/m:caseID") == ["2027-018"]
    assert said(root, ".//k:KLEdata/k:subjectKey") == ["18.16.00"]
    assert said(root, ".//k:KLEdata/k:activityFacet") == ["G01"]
    assert said(root, ".//m:Action/m:actionCode") == ["SELVBETJENING"]
    assert said(root, ".//m:Action/m:EntryPoint/m:url") == [ADDRESS]
    files = said(root, ".//m:File/m:content")
    assert [b64decode(text) for text in files] == [PARCEL.pdf, ANSWER["enclosure"]]
    assert said(root, ".//m:File/m:filename") == ["2027-018.pdf", "2027-018-bilag.pdf"]
    assert request_xml(PARCEL) == request_xml(PARCEL)


def test_a_plain_letter_is_no_legal_notice_and_has_no_action_without_https(
    settings: LazySettings,
) -> None:
    root = message(replace(PARCEL, link="http://127.0.0.1:8000/ansoeg/7/", **PERSON))

    assert said(root, "m:MessageHeader/m:legalNotification") == ["false"]
    assert said(root, ".//m:Action") == []
    assert "Asta" not in "".join(said(root, "m:MessageHeader/m:label"))
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"is_legal_notification": False}
    off = message(replace(PARCEL, is_decision=True))
    assert said(off, "m:MessageHeader/m:legalNotification") == ["false"]
    assert said(off, "m:MessageHeader/m:mandatory") == ["true"]
    assert said(off, ".//m:Action/m:actionCode") == ["INFORMATION"]


def test_every_kind_that_gives_days_to_answer_says_so_to_the_mailbox() -> None:
    asking = {code for code, kind in KINDS.items() if kind.asks_by}
    told = {code for code, kind in KINDS.items() if "svarfrist" in kind.demands}

    assert told - asking == {"REPAYMENT_CLAIM"}  # to be paid, not answered
    assert {"AWARD", "AWARD_CONDITIONS", "PARTIAL_AWARD", "REPORT_RETURNED"} < asking
    for code in asking:
        assert KINDS[code].asks_by in samples.facts(code), code


def test_hostile_words_are_cut_and_cleaned() -> None:
    for name in HOSTILE:
        root = message(replace(PARCEL, name=name))
        (label,) = said(root, ".//m:Recipient/m:label")
        assert len(label) <= LONGEST
        assert not set(label) & set("\x00\x0b\x1f\ud800\ufffe\u202e")


@pytest.mark.parametrize(
    "notice",
    [b"", b"<a/>", b"not XML", b"<a><BeskedId>1</BeskedId><Base64>?</Base64></a>"],
    ids=["nothing", "something else", "not XML", "no base64"],
)
def test_a_notice_we_do_not_understand_is_none(notice: bytes) -> None:
    assert receipt_of(notice) is None
