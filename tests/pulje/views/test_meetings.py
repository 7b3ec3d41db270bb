"""The committees' meetings as everybody sees them, and that nobody's secrets are among it."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from icalendar import Calendar

from pulje.actions.packet import ask_for_packet
from pulje.enums import ApplicantKind, MeetingState, PacketKind
from pulje.models import Meeting, PacketFile
from pulje.states import CaseState
from tests import people
from tests.factories import a_committee, a_meeting, an_applicant, case_in
from tests.pulje.actions.telling import day

pytestmark = pytest.mark.django_db
SECRETS = {
    "name": "Birgitte Hemmelig",
    "email": "birgitte@puljer.example",
    "phone": "40506070",
    "street": "Skjulvej 7",
}
REASON = "Ansøgeren er enlig og syg."
FUTURE = day(2027, 1, 14, 16)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def held(now):
    """An individual and an association on the agenda of the meeting of 14 January 2027."""
    person = an_applicant(kind=ApplicantKind.INDIVIDUAL, cvr="", **SECRETS)
    facts = {
        "requested_kr": Decimal(40_000),
        "contact_name": SECRETS["name"],
        "contact_email": SECRETS["email"],
        "contact_phone": SECRETS["phone"],
    }
    secret = case_in(CaseState.RECOMMENDED, applicant=person, **facts)
    secret.recommendations.update(reasons=REASON)
    open_case = case_in(CaseState.RECOMMENDED, requested_kr=Decimal(50_000), title="Åben kor")
    meeting = a_meeting([secret, open_case], at=FUTURE)
    meeting.agenda_due_on = day(2027, 1, 7).date()
    meeting.save()
    return meeting


def lock(meeting, now):
    meeting.state, meeting.locked_at = MeetingState.LOCKED, now
    meeting.save()
    return ask_for_packet(meeting, kind=PacketKind.AGENDA, by=None, at=now)


def approve(meeting, now):
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    meeting.save()
    packet = ask_for_packet(meeting, kind=PacketKind.MINUTES, by=None, at=now)
    before = Meeting.objects.get(pk=meeting.pk)
    before.minutes_approved_at, before.minutes_approved_by = now, people.karen()
    before.save()
    return packet


PAGE = "/moeder/kulturudvalget/2027-01-14/"


def test_a_meeting_becomes_public_step_by_step(client, held, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        early = client.get(PAGE).content.decode()
    assert "Dagsordenen kommer den 7. januar 2027." in early
    assert "Åben kor" not in early

    packet = lock(held, now)
    packet.state = "READY"
    packet.ready_at = now
    packet.save()
    PacketFile.objects.create(
        packet=packet, is_open=True, format="PDF", sha256="a" * 64, content=b"%PDF-open"
    )
    PacketFile.objects.create(
        packet=packet, is_open=False, format="DOCX", sha256="b" * 64, content=b"secret"
    )
    with django_assert_num_queries(3):
        locked = client.get(PAGE)
    text = locked.content.decode()
    assert "Åben kor" in text
    assert "Beslutningerne kommer her, når referatet er godkendt." in text
    assert "max-age" in locked["Cache-Control"]
    file = client.get(f"{PAGE}dagsorden.pdf")
    assert (file.content, file["Content-Type"]) == (b"%PDF-open", "application/pdf")
    assert file["Cache-Control"] == "public, max-age=3600"
    again = client.get(f"{PAGE}dagsorden.pdf", headers={"If-None-Match": file["ETag"]})
    assert again.status_code == 304
    for path in ("dagsorden.docx", "referat.pdf", "dagsorden.exe", "note.pdf"):
        assert client.get(f"{PAGE}{path}").status_code == 404

    approve(held, now)
    assert "Vedtagelse i Kulturudvalget" in client.get(PAGE).content.decode()
    assert "Vedtagelse i" not in client.get(f"{PAGE}?vis=dagsorden").content.decode()


def test_no_public_answer_tells_of_an_individual(client, held, now):
    packet = lock(held, now)
    approve(held, now)
    assert SECRETS["name"] in json.dumps(packet.facts["closed"], ensure_ascii=False)
    assert REASON in json.dumps(packet.facts["closed"], ensure_ascii=False)

    paths = ("/moeder/", PAGE, f"{PAGE}?vis=dagsorden", "/moeder/kulturudvalget.ics")
    for path in (*paths, "/moeder/kulturudvalget/beslutninger.atom"):
        answer = client.get(path)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert [secret for secret in (*SECRETS.values(), REASON) if secret in text] == []


def test_a_closed_point_shows_its_title_alone(client, held, now):
    packet = lock(held, now)
    facts = packet.facts
    (item,) = [item for item in facts["open"]["items"] if item["id"] == "punkt-4"]
    item["is_closed"] = True
    packet.facts = facts
    packet.save()

    text = client.get(PAGE).content.decode()

    assert item["title"] in text
    assert "Åben kor" not in text


def test_two_meetings_on_a_day_and_a_cancelled_one_keep_their_addresses(client, now):
    first, second, gone = (
        Meeting.objects.create(committee=a_committee(), held_at=FUTURE + timedelta(hours=hours))
        for hours in (2, 0, 1)
    )
    gone.state = MeetingState.CANCELLED
    gone.save()

    text = client.get("/moeder/").content.decode()
    assert [text.count(f'"{PAGE[:-1]}{end}/"') for end in ("", "-2", "-3")] == [1, 1, 1]
    assert "Aflyst" in text
    assert "kl.\xa018" in client.get(PAGE).content.decode()
    assert "kl.\xa016" in client.get(f"{PAGE[:-1]}-2/").content.decode()
    assert "Mødet er aflyst." in client.get(f"{PAGE[:-1]}-3/").content.decode()
    for path in ("2027-01-14-4", "2027-01-15", "x", "2027-01-14-x"):
        assert client.get(f"/moeder/kulturudvalget/{path}/").status_code == 404

    answer = client.get("/moeder/kulturudvalget.ics")
    events = [event for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert [(event["UID"], event["STATUS"]) for event in events] == [
        (f"moede-{second.pk}@127.0.0.1", "CONFIRMED"),
        (f"moede-{gone.pk}@127.0.0.1", "CANCELLED"),
        (f"moede-{first.pk}@127.0.0.1", "CONFIRMED"),
    ]
    assert events[0]["LAST-MODIFIED"].dt.replace(microsecond=0)
    unchanged = client.get("/moeder/kulturudvalget.ics", headers={"If-None-Match": answer["ETag"]})
    assert unchanged.status_code == 304
    assert client.get("/moeder/findes-ikke.ics").status_code == 404


def test_lists_and_feed_take_the_same_queries(client, held, now, django_assert_num_queries):
    lock(held, now)
    approve(held, now)
    for number in range(1, 4):
        if number in (1, 3):
            with django_assert_num_queries(2):
                client.get("/moeder/")
            with django_assert_num_queries(3):
                feed = client.get("/moeder/kulturudvalget/beslutninger.atom").content.decode()
            assert feed.count("<entry>") == number
        more = Meeting.objects.create(
            committee=held.committee, held_at=FUTURE + timedelta(days=number)
        )
        lock(more, now)
        approve(more, now)

    assert f"<id>tag:127.0.0.1,2026:moede-{held.pk}</id>" in feed
    assert 'href="http://127.0.0.1:8000/moeder/kulturudvalget/2027-01-14/"' in feed


def test_pages_in_english(client, held, now):
    client.cookies["django_language"] = "en"

    assert "The agenda comes on" in client.get(PAGE).content.decode()
    assert "Committee meetings" in client.get("/moeder/").content.decode()
