"""Letters to a real post office over mutual TLS: its errors, silences, doubles and late words."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from django.conf import LazySettings
from django.utils import timezone

from config.digital_post_server import DELIVERED, FAILED, PostOffice
from letters import actions, receipts
from letters.delivery import Parcel, Sent
from letters.delivery.digital_post import DigitalPostPort
from letters.models import Channel, DeliveryReceipt, Letter, LetterState, ReceiptKind
from tests.letters.delivery.letters_there import PDF, a_letter, due_again, events

pytestmark = pytest.mark.django_db
S = LetterState
MEMO = "{https://DigitalPost.dk/MeMo-1}"


class ToldAtOnce(DigitalPostPort):
    """The receipts are fetched by another worker before this one has noted that it sent."""

    def send(self, parcel: Parcel) -> Sent:
        sent = super().send(parcel)
        receipts.fetch()
        return sent


def told(letter: Letter) -> list[tuple[str, bool, str]]:
    rows = letter.delivery_attempts.order_by("pk")
    return [(row.channel, row.is_sent, row.detail) for row in rows]


def after_try(letter: Letter) -> tuple[str, str, str]:
    actions.deliver(letter.pk)
    letter.refresh_from_db()
    return letter.state, letter.channel, letter.failure


def test_a_letter_is_sent_and_arrives_when_its_receipt_says_so(office: PostOffice) -> None:
    letter = a_letter()

    assert actions.deliver(letter.pk)

    letter.refresh_from_db()
    assert (letter.state, letter.available_at) == (S.SENT, None)
    attempt = letter.delivery_attempts.get()
    assert (attempt.is_sent, len(attempt.reference)) == (True, 36)
    assert office.taken() == [str(letter.uuid)]
    root = ElementTree.parse(office.folder / "messages" / f"{letter.uuid}.xml").getroot()
    header = root.find(f"{MEMO}MessageHeader")
    assert header is not None
    said = {one.tag.removeprefix(MEMO): one.text for one in header}
    assert said["label"] == f"Kvittering for ansøgning, sag {letter.application.number}"
    assert (said["mandatory"], said["legalNotification"]) == ("false", "false")
    recipient = header.findtext(f"{MEMO}Recipient/{MEMO}recipientID")
    assert recipient == letter.application.applicant.cvr

    assert Letter.objects.untold(timezone.now()).get() == letter  # health tells of it after a day
    assert receipts.fetch() == 2
    assert receipts.fetch() == 0  # acknowledged: told once
    assert not Letter.objects.untold(timezone.now()).exists()

    letter.refresh_from_db()
    assert letter.state == S.AVAILABLE
    assert letter.available_at is not None
    assert letter.receipts.count() == 2
    assert not actions.deliver(letter.pk)


def test_receipts_twice_or_before_our_own_commit_or_out_of_order(
    office: PostOffice, settings: LazySettings
) -> None:
    settings.LETTER_PORTS = settings.LETTER_PORTS | {
        "DIGITAL_POST": f"{__name__}.{ToldAtOnce.__name__}"
    }
    office.mood["is_double"] = True
    first = a_letter()

    assert after_try(first) == (S.AVAILABLE, Channel.DIGITAL_POST, "")
    assert first.receipts.count() == 2
    assert first.sent_at is not None
    assert events(first.application).count("letter_sent") == 1

    office.mood |= {"is_double": False, "rejects": True}
    rejected = a_letter()

    assert after_try(rejected) == (S.APPROVED, Channel.PRINT, "")
    assert rejected.channel_reason == "Digital Post afviste brevet. 501 Modtageren er afmeldt"

    office.tell(str(first.uuid), FAILED)  # after it was laid in the mailbox: it stays there
    assert receipts.fetch() == 1
    assert after_try(first) == (S.AVAILABLE, Channel.DIGITAL_POST, "")


def test_a_letter_whose_answer_was_lost_is_told_of_by_its_receipt(office: PostOffice) -> None:
    letter = a_letter()
    office.mood["dropped"] = 1

    assert after_try(letter)[0] == S.APPROVED
    assert letter.delivery_attempts.filter(is_sent=True).count() == 0
    receipts.fetch()

    due_again(letter)
    assert after_try(letter)[0] == S.AVAILABLE
    assert letter.delivery_attempts.get().is_sent
    told = [event for event in events(letter.application) if event.startswith("letter_")]
    assert told == ["letter_sent", "letter_available"]


def test_a_late_rejection_sends_the_letter_on_paper(office: PostOffice) -> None:
    office.mood["rejects"] = True
    letter = a_letter()
    actions.deliver(letter.pk)

    receipts.fetch()

    letter.refresh_from_db()
    assert (letter.state, letter.channel) == (S.APPROVED, Channel.PRINT)
    assert after_try(letter)[0] == S.SENT
    assert letter.available_at is not None
    assert letter.available_at > timezone.now() + timedelta(days=4)
    assert [channel for channel, *_rest in told(letter)] == [Channel.DIGITAL_POST, Channel.PRINT]
    assert DeliveryReceipt.objects.filter(kind=ReceiptKind.REJECTED).count() == 1


def test_without_mailbox_it_goes_on_paper_with_both_tries_on_record(
    office: PostOffice, settings: LazySettings
) -> None:
    letter = a_letter()
    office.mood["without_mailbox"] = [letter.application.applicant.cvr]

    assert after_try(letter) == (S.APPROVED, Channel.PRINT, "")
    assert letter.channel_reason == "Modtageren kan ikke få Digital Post."
    assert actions.deliver(letter.pk)

    file = f"{letter.application.number}-{letter.uuid}.pdf"
    assert told(letter) == [
        (Channel.DIGITAL_POST, False, "Modtageren kan ikke få Digital Post."),
        (Channel.PRINT, True, file),
    ]
    printed = Path(settings.LETTER_PRINT_DIR) / file
    assert printed.read_bytes() == PDF
    envelope = json.loads(printed.with_suffix(".json").read_text())
    name = letter.application.applicant.name
    assert envelope["modtager"] == [name, "Att. Asta", "Kirkevej 1", "2840 Holte"]
    assert (envelope["sha256"], envelope["bilag"]) == (letter.sha256, False)
    assert office.logged() == []  # only asked
    assert "letter_channel_changed" in events(letter.application)


def test_without_mailbox_and_address_a_person_must_look(office: PostOffice) -> None:
    letter = a_letter(street="")
    office.mood["without_mailbox"] = [letter.application.applicant.cvr]

    assert after_try(letter) == (
        S.FAILED,
        Channel.DIGITAL_POST,
        "Modtageren kan ikke få Digital Post.",
    )


def test_what_may_pass_is_tried_again_and_what_may_not_is_not(office: PostOffice) -> None:
    letter = a_letter()
    office.mood["broken"] = 1

    assert after_try(letter) == (
        S.APPROVED,
        Channel.DIGITAL_POST,
        "Digital Post har en fejl lige nu.",
    )
    assert not actions.deliver(letter.pk)  # not yet
    due_again(letter)
    assert after_try(letter)[0] == S.SENT
    assert office.taken() == [str(letter.uuid)]

    refused = a_letter()
    office.mood["refused"] = 1
    state, channel, failure = after_try(refused)
    assert (state, channel) == (S.FAILED, Channel.DIGITAL_POST)
    assert failure == "Digital Post afviste brevet: 1201 Ugyldig modtager …"  # no number of anybody


@pytest.mark.parametrize(
    ("mood", "seconds"), [({"dropped": 1}, 60), ({"seconds": 2.0}, 1)], ids=["dropped", "slow"]
)
def test_taken_without_an_answer_it_is_still_one_letter(
    office: PostOffice, settings: LazySettings, mood: dict[str, float], seconds: int
) -> None:
    patient = settings.DIGITAL_POST
    settings.DIGITAL_POST = patient | {"seconds": seconds}
    office.mood |= mood | {"is_silent": True}
    letter = a_letter()

    assert after_try(letter) == (S.APPROVED, Channel.DIGITAL_POST, "Digital Post svarer ikke.")
    office.mood["seconds"], settings.DIGITAL_POST = 0.0, patient
    due_again(letter)
    assert after_try(letter) == (S.SENT, Channel.DIGITAL_POST, "")

    assert office.taken() == [str(letter.uuid)]
    assert [line["what"] for line in office.logged()] == ["taken", "duplicate"]
    assert told(letter)[1][2] == "Modtaget allerede i et tidligere forsøg."


def test_a_receipt_tells_that_a_lost_try_got_through(office: PostOffice) -> None:
    office.mood["dropped"] = 1
    letter = a_letter()
    assert after_try(letter)[0] == S.APPROVED

    receipts.fetch()

    due_again(letter)
    assert letter.state == S.AVAILABLE
    assert not actions.deliver(letter.pk)
    assert office.taken() == [str(letter.uuid)]

    office.mood |= {"dropped": 1, "rejects": True}
    other = a_letter()
    actions.deliver(other.pk)
    receipts.fetch()
    other.refresh_from_db()
    assert (other.state, other.channel) == (S.APPROVED, Channel.PRINT)


def test_a_receipt_dates_nothing_before_the_letter_was_handed_over(office: PostOffice) -> None:
    unsent, sent = a_letter(), a_letter()
    actions.deliver(sent.pk)
    long_ago = timezone.now() - timedelta(days=400)

    for letter in (unsent, sent):
        there = ReceiptKind.AVAILABLE
        receipts.take(Channel.DIGITAL_POST, f"{letter.pk}", str(letter.uuid), there, long_ago)
        letter.refresh_from_db()

    assert (unsent.state, unsent.available_at, unsent.sent_at) == (S.APPROVED, None, None)
    assert sent.state == S.AVAILABLE
    assert sent.available_at == sent.delivery_attempts.get().started_at
    assert DeliveryReceipt.objects.count() == 2  # what the carrier said is kept


def test_nobody_there_and_a_stranger_without_certificate(
    office: PostOffice, settings: LazySettings
) -> None:
    letter = a_letter()
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"cert": "", "key": ""}

    state, _channel, failure = after_try(letter)
    assert state == S.APPROVED
    assert failure in (
        "Digital Post svarer ikke.",  # TLS 1.3: the refusal comes with the first answer
        "Forbindelsen til Digital Post er ikke sikker. Se efter certifikaterne.",
    )
    settings.DIGITAL_POST = settings.DIGITAL_POST | office.settings | {"ca": ""}
    due_again(letter)
    assert after_try(letter)[2].startswith("Forbindelsen til Digital Post er ikke sikker.")
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"url": "https://127.0.0.1:9"}
    due_again(letter)
    assert after_try(letter)[2] == "Digital Post svarer ikke."
    assert "127.0.0.1" not in str(told(letter))  # an address may hold a CPR number
    assert office.taken() == []


def test_too_big_for_digital_post_it_goes_on_paper(
    office: PostOffice, settings: LazySettings
) -> None:
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"most_bytes": 1000}

    assert after_try(a_letter())[1] == Channel.PRINT
    assert office.taken() == []


def test_a_receipt_that_cannot_be_taken_in_keeps_back_no_other(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, take = a_letter(), receipts.take
    letter.delivery_attempts.create(channel=Channel.DIGITAL_POST, started_at=timezone.now())
    office.tell("broken", DELIVERED)
    office.tell(str(letter.uuid), DELIVERED)

    def fragile(source: Channel, number: str, concerns: str, *rest: Any) -> Letter | None:
        if concerns == "broken":
            raise RuntimeError("a bug")
        return take(source, number, concerns, *rest)

    monkeypatch.setattr(receipts, "take", fragile)

    assert receipts.fetch() == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.AVAILABLE
    assert len(office.waiting()) == 1  # told again, for a week


def test_a_receipt_about_nothing_we_know_is_kept_for_a_week(
    office: PostOffice, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = a_letter()
    office.tell("7f3c1f4e-0000-4000-8000-000000000000", DELIVERED)
    office.tell("no uuid at all", DELIVERED)
    office.tell(str(letter.uuid), "Noget helt andet")

    assert receipts.fetch() == 1  # what we do not understand is somebody else's
    assert len(office.waiting()) == 2
    monkeypatch.setattr(receipts, "FETCHED_FOR", timedelta(0))
    assert receipts.fetch() == 2
    assert office.waiting() == []

    office.shutdown()
    office.server_close()
    assert receipts.fetch() == 0  # nobody there: the next tick asks again
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"url": ""}
    assert receipts.fetch() == 0


def test_another_process_changes_the_mood(office: PostOffice) -> None:
    said = office.settings
    requests.put(
        f"{office.url}/stemning",
        json={"seconds": 0.5},
        cert=(said["cert"], said["key"]),
        verify=said["ca"],
        timeout=60,
    )

    assert office.mood["seconds"] == 0.5
