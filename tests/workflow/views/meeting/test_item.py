"""One case of a meeting: read whole, with one's own notes, and questions to the administration."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Mail
from pulje.actions.casework.handover import assign
from pulje.actions.casework.tie import disqualify
from pulje.actions.document import write_note
from pulje.enums import AttachmentKind, MeetingState
from pulje.models import AgendaAlternative, Attachment, Meeting, MemberNote, MemberQuestion
from pulje.queries.meeting.reading import marks_of
from pulje.states import CaseState
from tests import people
from tests.factories import a_meeting, a_pool, case_in
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
BIG = Decimal(40_000)
HX = {"HX-Request": "true"}


def cases(number):
    pool = a_pool()
    told = {"requested_kr": BIG, "description": "Gåture om onsdagen.", "summary": "Gåture."}
    return [case_in(CaseState.RECOMMENDED, pool=pool, **told) for _number in range(number)]


def a_file(case):
    return Attachment.objects.create(
        application=case,
        kind=AttachmentKind.OTHER,
        file=ContentFile(b"Hej", name="hej.txt"),
        name="vedtægter.txt",
        content_type="text/plain",
        size=3,
        sha256="0" * 64,
        uploaded_at=timezone.now(),
        uploaded_by=people.asta(),
    )


def path(meeting, position=1, rest=""):
    return f"/udvalg/moede/{meeting.pk}/sag/{position}/{rest}"


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_member_reads_the_whole_case_and_the_disqualified_nothing_of_it(client):
    first, second, third = cases(3)
    meeting = a_meeting([first])
    item = meeting.items.get()
    file = a_file(first)
    AgendaAlternative.objects.create(item=item, letter="b", amount_kr=20_000, text="Halvdelen nu.")
    item.note, item.is_late = "Naboen er hørt.", True
    item.save()
    write_note(first, by=people.karl(), at=timezone.now(), text="Intern telefonnote.")
    mads, karen = people.mads(), people.karen()
    client.force_login(mads, backend=BACKEND)

    page = client.get(path(meeting)).content.decode()
    for said in (
        *("Gåture om onsdagen.", "vedtægter.txt", "Naboen er hørt.", "Halvdelen nu."),
        *("Tilføjet efter fristen", "Rest: ", "Ikke støttet før", "Læst 1 af 1"),
    ):
        assert said in page, said
    assert "Intern telefonnote." not in page
    assert b"".join(client.get(path(meeting, 1, f"bilag/{file.pk}/"))) == b"Hej"
    assert "Hent filen" in client.get(path(meeting, 1, f"bilag/{file.pk}/vis/")).content.decode()

    few = queries_of(client, path(meeting))
    for number, case in enumerate((second, third), start=2):
        meeting.items.create(application=case, position=number, amount_kr=BIG)
    client.post(path(meeting, 1, "spoerg/"), {"question": "Hvem har nøglen?"})
    client.post(path(meeting, 1, "note/"), {"text": "Spørg.", "mark": "TALK"})
    assert queries_of(client, path(meeting)) == few <= 18

    disqualify(first, by=mads, at=timezone.now(), person=mads, reason="Min søn.")
    shut = client.get(path(meeting)).content.decode()
    assert "Du er inhabil i sagen" in shut
    for hidden in ("Gåture om", "Naboen", "Halvdelen", "nøglen", "Spørg.", "vedtægter"):
        assert hidden not in shut, hidden
    for rest in ("", "vis/", "side/1/"):
        assert client.get(path(meeting, 1, f"bilag/{file.pk}/{rest}")).status_code == 403
    assert client.post(path(meeting, 1, "note/"), {"text": "x"}).status_code == 403
    asked = client.post(path(meeting, 1, "spoerg/"), {"question": "Og?"}).content.decode()
    assert "Og?" not in asked
    assert MemberQuestion.objects.count() == 1
    assert marks_of(meeting, karen).by_item[item.pk].mark == ""


def test_a_note_is_ones_own_and_no_text_is_lost(client):
    meeting = a_meeting(cases(1))
    item = meeting.items.get()
    client.force_login(people.mads(), backend=BACKEND)
    note = path(meeting, 1, "note/")

    def send(text, base="", **more):
        typed = {"text": text, "mark": "AGREE", "base": base}
        return client.post(note, typed | more, headers=HX).content.decode()

    def saved():
        return MemberNote.objects.get(user=people.mads()).text

    def base():
        return client.get(path(meeting)).context["reading"].base

    assert "data-saved" in send("Fra tavlen")
    known = base()
    send("Fra tavlen og hjem", known)
    send("Fra tavlen og hjem", known)  # the answer never came, so it is sent again
    assert saved() == "Fra tavlen og hjem"
    assert "Begge tekster står i noten" in send("Fra tabletten", known)
    both = saved()
    assert both == "Fra tavlen og hjem\n\n– – –\n\nFra tabletten"
    send("Fra tabletten", known)
    assert saved() == both
    send("Kun det her", base())
    assert saved() == "Kun det her"
    assert "Ret" in send("x" * 20_001, base()) or saved() == "Kun det her"
    assert saved() == "Kun det her"
    mine = marks_of(meeting, people.mads()).by_item[item.pk]
    assert (mine.label, mine.has_note, mine.is_read) == ("Enig", True, True)
    table = f"/udvalg/moede/{meeting.pk}/"
    assert "Kun du: Enig · note" in client.get(table).content.decode()
    assert "Du har læst 1 af 1 sag." in client.get(table).content.decode()

    # without JavaScript, and after the meeting: what was typed offline may come late
    Meeting.objects.update(state=MeetingState.CLOSED)
    back = client.post(note, {"text": "Efter mødet", "mark": "NONE", "base": base()}, follow=True)
    assert "Din note er gemt." in back.content.decode()
    assert (saved(), MemberNote.objects.get().mark) == ("Efter mødet", "")
    for person in (people.karen(), people.sanne(), people.karl()):
        client.force_login(person, backend=BACKEND)
        assert "Efter mødet" not in client.get(path(meeting)).content.decode()
        assert "Kun du:" not in client.get(table).content.decode()
    assert client.post(note, {"text": "Ikke mit udvalg"}).status_code == 403
    assert MemberNote.objects.count() == 1
    assert client.post("/log-af/")["Clear-Site-Data"] == '"storage"'


def test_a_question_is_a_task_and_everybody_reads_the_answer(client):
    (case,) = cases(1)
    meeting = a_meeting([case])
    carry_out(assign, case, by=people.karl(), to=people.karl())
    client.force_login(people.mads(), backend=BACKEND)
    ask = path(meeting, 1, "spoerg/")

    assert "Skriv dit spørgsmål." in client.post(ask, {"question": " "}).content.decode()
    for _click in range(2):
        assert client.post(ask, {"question": "Hvem har nøglen?"}).url == path(meeting) + "#spoerg"
    asked = MemberQuestion.objects.get()
    assert Mail.objects.get(kind="MEMBER_QUESTION").recipient_email == people.karl().email
    client.force_login(people.sanne(), backend=BACKEND)
    assert "Hvem har nøglen?" in client.get(path(meeting)).content.decode()

    client.force_login(people.rie(), backend=BACKEND)
    assert "Spørgsmål fra udvalget" not in client.get("/sag/").content.decode()
    client.force_login(people.karl(), backend=BACKEND)
    inbox = client.get("/sag/?vis=udvalg").content.decode()
    assert "Spørgsmål fra udvalget (1)" in inbox
    assert "Svar udvalget" in inbox
    shown = client.get(f"/sag/{case.pk}/").content.decode()
    assert "Hvem har nøglen?" in shown
    reply, typed = f"/sag/{case.pk}/svar/{asked.pk}/", f"svar-{asked.pk}-text"
    blank = client.post(reply, {typed: " "}).content.decode()
    assert "Skriv et svar til udvalget." in blank
    for _click in range(2):
        assert client.post(reply, {typed: "Pedellen."}).status_code == 302
    client.force_login(people.dora(), backend=BACKEND)
    late = client.post(reply, {typed: "Lederen."}).content.decode()
    assert "En anden har svaret" in late
    assert "Lederen." in late

    assert Mail.objects.get(kind="MEMBER_ANSWER").recipient_email == people.mads().email
    events = list(case.journal.filter(event__startswith="member_").order_by("number"))
    assert [entry.event for entry in events] == ["member_asked", "member_answered"]
    client.force_login(people.karl(), backend=BACKEND)
    assert "Spørgsmål fra udvalget" not in client.get("/sag/").content.decode()
    client.force_login(people.karen(), backend=BACKEND)
    assert "Pedellen." in client.get(path(meeting)).content.decode()
    Meeting.objects.update(state=MeetingState.CLOSED)
    held = client.post(ask, {"question": "For sent?"}).content.decode()
    assert "Mødet er holdt" in held
