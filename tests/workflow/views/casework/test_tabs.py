"""The tabs of a case, its files in place, its checklist, and what a late sender is told."""

import csv
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from pulje.actions.casework.assessment import accept_for_review
from pulje.actions.casework.tie import disqualify
from pulje.actions.document import add_attachment, write_message, write_note
from pulje.actions.meeting.reading import note_reading
from pulje.enums import AttachmentKind, AttachmentReview, Theme
from pulje.models import Application, CaseReading, Gate
from pulje.states import CaseState
from tests import people
from tests.factories import case_in, walk_to
from workflow.hands import carry_out

pytestmark = pytest.mark.django_db
S = CaseState
MOST_QUERIES, MOST_BYTES = 15, 100_000


def a_file(case, name="Vedtægter Asta Jensen.png", content=b""):
    held = BytesIO()
    Image.new("RGB", (30, 40), "navy").save(held, "PNG")
    return add_attachment(
        case,
        by=people.asta(),
        at=timezone.now(),
        name=name,
        content_type="image/png" if not content else "application/zip",
        content=content or held.getvalue(),
        kind=AttachmentKind.BYLAWS,
    )


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(text.splitlines(), delimiter=";"))[1:]


def test_every_tab_costs_the_same_with_much_on_the_case(client):
    case = walk_to(S.SUBMITTED).case
    client.force_login(people.karl())
    here = f"/sag/{case.pk}/"
    pages = [here, f"{here}dokumenter/", f"{here}journal/", f"{here}bilag/{a_file(case).pk}/vis/"]
    counts = []

    for size in (1, 10):
        for number in range(size):
            now = timezone.now() + timedelta(hours=number)
            a_file(case, f"{number}.zip", b"PK%d" % (number + size))
            write_note(case, by=people.karl(), at=now, text=f"Note {number} " + "ord " * 60)
            write_message(case, by=people.asta(), at=now, text=f"Besked {number} " + "ord " * 60)
            Gate.objects.create(
                version=case.version, position=size + number, question="?", statement="Ja"
            )
            note_reading(case, by=people.rie(), at=now + timedelta(days=number))
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(page)
            assert response.status_code == 200
            assert len(response.content) < MOST_BYTES, page
            counts.append((page, len(queries)))

    assert counts[:4] == counts[4:]
    assert max(count for _page, count in counts) <= MOST_QUERIES


def test_documents_are_titled_without_names_and_sorted_as_asked(client):
    case = case_in(S.REVIEWED)
    file = a_file(case)
    write_note(case, by=people.karl(), at=timezone.now(), text="Ringet op", is_phone_call=True)
    write_message(case, by=people.asta(), at=timezone.now(), text="Hej")
    client.force_login(people.karl())
    here = f"/sag/{case.pk}/dokumenter"

    page = client.get(f"{here}/?vis=intern").content.decode()
    assert "Telefonnotat" in page
    assert "Vedtægter fra ansøger" not in page

    titles = [row[3] for row in rows_of(client.get(f"{here}.csv"))]
    assert titles == [
        "Ansøgning",
        "Kvittering for ansøgning",
        "Vedtægter fra ansøger",
        "Besked fra ansøger",
    ] or set(titles) >= {"Ansøgning", "Vedtægter fra ansøger", "Besked fra ansøger"}
    assert "Telefonnotat" not in titles

    titled = {"public_title": "=Vedtægter 2027", "is_exempt": ""}
    client.post(f"/sag/{case.pk}/bilag/{file.pk}/titel/", titled)
    assert "'=Vedtægter 2027" in [row[3] for row in rows_of(client.get(f"{here}.csv"))]
    client.post(f"/sag/{case.pk}/bilag/{file.pk}/titel/", titled | {"is_exempt": "on"})
    assert "'=Vedtægter 2027" not in [row[3] for row in rows_of(client.get(f"{here}.csv"))]
    assert "Undtaget" in client.get(f"{here}/?orden=titel").content.decode()


def test_who_opened_the_case_is_written_once_a_day(client):
    case = case_in(S.SUBMITTED)
    client.force_login(people.karl())

    for page in ("", "", "dokumenter/", "journal/"):
        client.get(f"/sag/{case.pk}/{page}")
    assert list(CaseReading.objects.values_list("user", "on")) == [
        (people.karl().pk, timezone.localdate())
    ]

    note_reading(case, by=people.rie(), at=timezone.now())
    note_reading(case, by=people.rie(), at=timezone.now() - timedelta(days=1))
    rows = rows_of(client.get(f"/sag/{case.pk}/journal.csv?vis=opslag"))
    assert [row[2].count("kl.") for row in rows] == [2, 1]
    page = client.get(f"/sag/{case.pk}/journal/?vis=skridt").content.decode()
    assert ("Ansøgningen er sendt" in page, "Åbnede sagen" in page) == (True, False)


def test_the_disqualified_are_let_in_nowhere(client):
    case = case_in(S.SUBMITTED)
    file = a_file(case)
    karl = people.karl()
    disqualify(case, by=karl, at=timezone.now(), person=karl, reason="Bror")
    client.force_login(karl)
    paper = f"bilag/{file.pk}/"
    read = ["", "dokumenter/", "dokumenter.csv", "journal/", "journal.csv", paper]
    read += [f"{paper}vis/", f"{paper}side/1/", f"{paper}billede/"]
    write = ["tjekliste/", "tema/", f"{paper}gennemgang/", f"{paper}titel/", "note/", "besked/"]

    answers = {page: client.get(f"/sag/{case.pk}/{page}").status_code for page in read}
    answers |= {page: client.post(f"/sag/{case.pk}/{page}").status_code for page in write}

    assert answers == dict.fromkeys([*read, *write], 403)
    assert not CaseReading.objects.exists()


def test_a_file_is_seen_page_by_page_and_found_wanting(client):
    case = case_in(S.SUBMITTED)
    file, other = a_file(case), a_file(case, "regnskab.zip", b"PK")
    client.force_login(people.karl())
    at = f"/sag/{case.pk}/bilag/{file.pk}"

    page = client.get(f"{at}/vis/?side=99").content.decode()
    assert f"/sag/{case.pk}/bilag/{other.pk}/vis/" in page
    picture = client.get(f"{at}/side/1/")
    assert (picture["Content-Type"], picture.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert client.get(f"/sag/{case.pk}/bilag/{other.pk}/side/1/").status_code == 404
    assert (
        "kan ikke vises her" in client.get(f"/sag/{case.pk}/bilag/{other.pk}/vis/").content.decode()
    )

    asked = {"review": AttachmentReview.ASKED_AGAIN, "note": ""}
    told = client.post(f"{at}/gennemgang/", asked).content.decode()
    assert "Skriv, hvad der er galt med bilaget." in told
    client.post(f"{at}/gennemgang/", asked | {"note": "Kan ikke læses."})
    question = client.get(f"/sag/{case.pk}/ask_for_information/?dele=attachments,findes-ikke")
    assert f"{file.name}: Kan ikke læses." in question.content.decode()


def test_a_point_that_is_not_in_order_leads_on(client):
    case = case_in(S.SUBMITTED)
    Gate.objects.create(version=case.version, position=1, question="?", statement="I byen.")
    client.force_login(people.karl())
    at = f"/sag/{case.pk}/tjekliste/"

    for point in ("budget", "gate:1"):
        said = {"punkt": point, "i_orden": "nej", "bemaerkning": "Det er galt."}
        assert client.post(at, said).status_code == 302
    page = client.get(f"/sag/{case.pk}/").content.decode()
    assert "2 ting er ikke i orden" in page
    assert "?dele=budget,idea" in page
    reject = client.get(f"/sag/{case.pk}/reject_formally/?punkt=gate:1").content.decode()
    assert "”I byen.” Det er galt." in reject

    empty = client.post(at, {"punkt": "idea", "i_orden": "nej", "bemaerkning": ""})
    assert "Skriv, hvad der ikke er i orden ved ”Idéen”." in empty.content.decode()
    assert empty["HX-Retarget"] == "main"
    assert client.post(at, {"punkt": "findes-ikke", "i_orden": "ja"}).status_code == 200


def test_what_has_changed_since_it_was_sent_is_marked(client):
    case = case_in(S.SUBMITTED)
    client.force_login(people.karl())
    assert "Før stod der" not in client.get(f"/sag/{case.pk}/").content.decode()

    typed = {"description": "Vi laver suppe.", "edited_at": timezone.now()}
    Application.objects.filter(pk=case.pk).update(**typed)
    a_file(case)
    page = client.get(f"/sag/{case.pk}/").content.decode()

    assert page.count("Før stod der") == 1
    assert "Vi laver mad sammen hver tirsdag." in page
    assert "kommet til efter indsendelsen" in page


def test_a_late_sender_is_told_and_keeps_the_text(client):
    case = case_in(S.SUBMITTED)
    client.force_login(people.karl())
    accept = {"reviewers": [people.rie()], "rest_is_fine": True}
    carry_out(accept_for_review, case, by=people.rie(), **accept)

    typed = {"section": "§ 2", "reasons": "Det er løn."}
    for more in ({}, {"section": ""}):
        response = client.post(f"/sag/{case.pk}/reject_formally/", typed | more)
        page = response.content.decode()
        assert response.status_code == 409
        assert "Sagen står som ”Under vurdering”" in page
        assert "Det er løn." in page

    client.force_login(people.fie())
    assert client.post(f"/sag/{case.pk}/reject_formally/", typed).status_code in (403, 409)


def test_theme_phone_note_and_the_step_it_is_at(client):
    case = walk_to(S.ACCEPTED)
    case.open_hearing()
    client.force_login(people.karl())
    here = f"/sag/{case.case.pk}/"

    client.post(f"{here}tema/", {"theme": Theme.CULTURE, "area": "Holte"})
    empty = client.post(f"{here}tema/", {})
    assert "Vælg et tema, eller vælg ”Ikke valgt”." in empty.content.decode()
    page = client.get(f"{here}?telefon").content.decode()

    assert Theme.CULTURE.label in page
    assert "Telefonsamtale" in page
    head, tail = page.split('class="is-current"')
    assert (head.count('class="is-done"'), '<span aria-hidden="true">4</span>' in tail) == (3, True)
    assert client.post(f"{here}tema/", {"theme": "SPORT"}).status_code == 200
