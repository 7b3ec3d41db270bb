"""Closing on the screen: what will happen, what stands in the way, and what is left to do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Letter
from letters.tasks import deliver_due
from pulje.actions.casework.tie import disqualify
from pulje.models import Meeting
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from tests.letters.reading import ticked
from tests.meetings import follow

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = CaseState


@pytest.fixture
def now():
    return timezone.now()


def log_in(client, user):
    client.force_login(user, backend=BACKEND)


def page(client, meeting, rest="luk/"):
    """The page's text, and how many questions it asked the database."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/udvalg/moede/{meeting.pk}/{rest}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split()), len(queries)


def post(client, meeting, rest, **data):
    address = f"/udvalg/moede/{meeting.pk}/{rest}"
    return " ".join(client.post(address, data, follow=True).content.decode().split())


def test_a_meeting_is_closed_corrected_and_approved_on_the_screen(client, now):
    pool = a_pool()
    cases = [case_in(S.RECOMMENDED, pool=pool, requested_kr=Decimal(40_000)) for _n in range(2)]
    meeting, more = a_meeting(cases[:1]), [a_meeting(cases[1:], at=now)]
    log_in(client, people.sanne())

    text, _few = page(client, meeting)
    assert "Der er ikke ført en beslutning til protokol" in text
    assert "disabled>Afslut mødet" in text
    follow(meeting, at=now)
    text, few = page(client, meeting)
    assert "Der bliver lavet 1 afgørelsesbrev" in text
    assert "disabled>Afslut mødet" not in text
    assert "Dagsordenen er aldrig låst og sendt til udvalget." in text
    third = [case_in(S.RECOMMENDED, pool=pool, requested_kr=Decimal(40_000)) for _n in range(3)]
    more.append(a_meeting(third, at=now - timedelta(days=500)))
    follow(more[1], at=now)
    assert page(client, more[1])[1] == few <= 15

    own = f"/udvalg/moede/{meeting.pk}/"
    assert "Mødet er afsluttet. 1 sag er behandlet." in post(client, meeting, "luk/")
    assert "Mødet er allerede afsluttet. Der er ikke ændret noget." in post(client, meeting, "luk/")
    text, few = page(client, meeting)
    assert "Du har selv afsluttet mødet. En anden skal godkende referatet." in text
    assert few <= 15
    post(client, more[1], "luk/")
    assert page(client, more[1])[1] == few
    assert "Du har selv afsluttet mødet." in post(client, meeting, "godkend-referat/")

    text, _n = page(client, meeting, "ret/1/")
    assert "Godt for kvarteret." in text
    wrong = {"amount_kr": "30.000", "reasons": "Flere skal have."}
    assert "Skriv, hvorfor beslutningen rettes." in post(client, meeting, "ret/1/", **wrong)
    right = wrong | {"correction": "Hørt forkert"}
    text = post(client, meeting, "ret/1/", **right)
    assert "Sag 1 er rettet." in text
    assert "Hørt forkert" in text
    assert "30.000" in text

    button = f'{own}luk/" class="button button-primary">'
    assert f"{button}Efter mødet</a>" in page(client, meeting, "")[0]
    log_in(client, people.karen())
    assert f"{button}Godkend referatet</a>" in page(client, meeting, "")[0]
    assert "Referatet er rettet, siden" in post(client, meeting, "godkend-referat/", set="1")
    assert "Referatet er godkendt." in post(client, meeting, "godkend-referat/")
    assert "allerede godkendt" in post(client, meeting, "godkend-referat/")


def test_who_is_shut_out_sees_no_amount_and_corrects_nothing(client, now):
    pool = a_pool()
    cases = [case_in(S.RECOMMENDED, pool=pool, requested_kr=Decimal(41_000)) for _n in range(2)]
    meeting = a_meeting(cases)
    follow(meeting, at=now)
    disqualify(cases[0], by=people.karen(), at=now, person=people.karen(), reason="Søster")
    log_in(client, people.karen())

    before, _n = page(client, meeting)
    post(client, meeting, "luk/")
    after, _n = page(client, meeting)

    assert "41.000" in before
    assert "82.000" not in before + after
    assert "Du deltager ikke i sagen" in after
    assert client.get(f"/udvalg/moede/{meeting.pk}/ret/1/").status_code == 403


@pytest.mark.usefixtures("texts")
def test_the_letters_page_shows_a_meeting_s_letters_and_what_they_wait_for(client, now):
    case = case_in(S.RECOMMENDED, requested_kr=Decimal(40_000))
    meeting = a_meeting([case])
    follow(meeting, at=now)
    log_in(client, people.sanne())
    post(client, meeting, "luk/")
    deliver_due()
    letter = Letter.objects.get(application=case, kind="AWARD")
    log_in(client, people.rie())

    def letters(number):
        return " ".join(client.get(f"/brev/?moede={number}").content.decode().split())

    assert "Venter på referatet" in letters(meeting.pk)
    Meeting.objects.filter(pk=meeting.pk).update(minutes_approved_at=now)
    boxes = {}
    for who in (letter.author, people.rie()):
        log_in(client, who)
        boxes[who] = letters(meeting.pk).partition(f'id="b{letter.pk}"')[2].partition(">")[0]
    assert ["disabled" in box for box in boxes.values()] == [True, False]
    Meeting.objects.filter(pk=meeting.pk).update(minutes_approved_at=None)
    other = a_meeting([])
    assert f'id="b{letter.pk}"' not in letters(other.pk)
    picked = {"letters": ticked([letter])}
    assert "Brevet venter på mødets referat" in client.post("/brev/send/", picked).content.decode()
    told = client.post("/brev/forsendelse/", picked)
    assert told.status_code == 422
    assert "skal godkendes, før brevene sendes" in told.content.decode()
