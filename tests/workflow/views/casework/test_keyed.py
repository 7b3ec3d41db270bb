"""The pages where a case worker keys in for an applicant who cannot log in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from letters.models import Letter
from pulje.actions.casework.clarification import ask_for_information
from pulje.actions.grant.control import select_for_control
from pulje.models import Application
from pulje.states import KEYED, KEYED_BESIDE, CaseState
from tests import people
from tests.factories import case_in
from tests.workflow.views.casework.test_register import rows
from workflow.hands import carry_out
from workflow.views.verbs import KEYED_ACTIONS

pytestmark = pytest.mark.django_db
S = CaseState
DAYS = timedelta(days=14)
MOST_QUERIES = 15


def on_paper(state: CaseState, **facts: object) -> Application:
    case = case_in(state, **facts)
    case.applicant.memberships.update(ended_on=timezone.localdate())
    return case


def page_of(client: Client, path: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(queries) <= MOST_QUERIES, [q["sql"][:90] for q in queries]
    return answer.content.decode()


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("svar.pdf", b"%PDF-1.4\n%%EOF\n")


def test_every_keyed_verb_has_its_page() -> None:
    assert {*KEYED, *KEYED_BESIDE} == set(KEYED_ACTIONS)


def test_an_answer_on_paper(client: Client) -> None:
    case, path = on_paper(S.RETURNED), ""
    path = f"/sag/{case.pk}/paa-vegne/answer_information/"
    client.force_login(people.karl())

    shown = page_of(client, f"/sag/{case.pk}/")
    assert "Ansøger svarer på papir eller telefon: skriv svaret ind her." in shown
    assert path in shown
    assert "Ingen hos ansøgeren kan logge ind og læse en besked" in shown
    assert f'action="/sag/{case.pk}/besked/"' not in shown
    assert "Ret det, svaret ændrer" in page_of(client, path)
    typed = {"of": "Holger", "came_on": "2020-01-01", "came_by": "LETTER", "answer": "Se her."}
    typed |= rows("EXPENSE", ("Jord", "9.000")) | rows("OWN_FUNDING") | rows("OTHER_FUNDING")
    refused = client.post(path, typed | {"files": scan()})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Det kan ikke være kommet før ansøgningen." in text
    assert "Se her." in text
    assert "Vælg filerne igen" in text
    assert not case.attachments.exists()
    more = client.post(path, typed | {"tilfoej": "EXPENSE"})  # without a script: one more row
    assert (more.status_code, "Se her." in more.content.decode()) == (200, True)
    assert 'name="EXPENSE-3-text"' in more.content.decode()
    assert "skal rettes" not in more.content.decode()

    right = typed | {"came_on": f"{timezone.localdate():%Y-%m-%d}", "answer": ""}
    done = client.post(path, right | {"files": scan()}, follow=True)
    assert "Svaret er skrevet ind, og sagen går videre." in done.content.decode()
    assert client.post(path, right | {"files": scan()}).status_code == 409  # twice is harmless
    case.refresh_from_db()
    assert [line.text for line in case.budget_lines.all()] == ["Jord"]
    assert (case.requested_kr, case.edited_by) == (9_000, people.karl())
    request = case.information_requests.get()
    assert request.answer == "Svaret er vedlagt: svar.pdf."
    assert case.attachments.get().uploaded_by == people.karl()
    assert "Karl for Holger" in page_of(client, f"/sag/{case.pk}/journal/")
    parts = ["idea", "dates", "contact"]
    asked = {"parts": parts, "message": "Mere.", "due_on": timezone.localdate() + DAYS}
    carry_out(ask_for_information, case, by=people.karl(), **asked)
    letter = Letter.objects.filter(application=case).latest("pk")
    assert letter.facts["is_on_paper"]  # told to write or ring (letters/vocabulary/answering.py)
    before = page_of(client, path)
    assert "EXPENSE-0-text" not in before
    assert "Mere." in before
    told = {"contact_name": "Holger", "title": "Ny have", "description": "Grave.", "answer": "Ja."}
    partner = {"partner-TOTAL_FORMS": "1", "partner-INITIAL_FORMS": "0", "partner-0-name": "Skolen"}
    client.post(path, right | told | partner)
    case.refresh_from_db()
    assert (case.state, case.title, case.contact_name) == (S.SUBMITTED, "Ny have", "Holger")
    assert case.partners.get().name == "Skolen"


def test_a_change_the_papers_of_a_control_and_a_withdrawal(client: Client) -> None:
    paid, award, early = on_paper(S.PAID), on_paper(S.APPROVED), on_paper(S.IN_REVIEW)
    Letter.objects.update(state="SENT", sent_at=timezone.now(), sha256="0")
    client.force_login(people.karl())
    told = {"of": "Holger", "came_on": f"{timezone.localdate():%Y-%m-%d}", "came_by": "PHONE"}

    change = f"/sag/{paid.pk}/paa-vegne/request_change/"
    assert change in page_of(client, f"/sag/{paid.pk}/")
    assert "Hvordan kom ønsket?" in page_of(client, change)
    assert "Skriv, hvad der skal ændres" in client.post(change, told).content.decode()
    asked = told | {"reason": "Regn.", "purpose": "En mindre have."}
    shown = client.post(change, asked, follow=True).content.decode()
    assert "Ønsket er skrevet ind og kan besvares." in shown
    assert "Holger (skrevet ind af Karl)" in shown
    again = client.get(change)
    assert (again.status_code, "Sagen har ændret sig" in again.content.decode()) == (409, True)

    control = f"/sag/{paid.pk}/paa-vegne/answer_control/"
    assert client.get(control).status_code == 409  # nothing was asked for
    asked_for = {"reason": "Kvitteringer", "due_on": timezone.localdate() + DAYS}
    carry_out(select_for_control, paid, by=people.rie(), **asked_for)
    assert page_of(client, f"/sag/{paid.pk}/").count(control) == 2  # also beside the control
    assert "Kvitteringer" in page_of(client, control)
    assert "Vælg bilagene, eller skriv" in client.post(control, told).content.decode()
    done = client.post(control, told | {"files": scan()}, follow=True).content.decode()
    assert "Holger sendte bilag (telefon, modtaget" in done
    twice = client.post(control, told | {"files": scan()})
    assert (twice.status_code, paid.attachments.count()) == (422, 1)

    withdraw = "/sag/%d/paa-vegne/withdraw/"
    assert "går tilbage til puljen. Der bliver ikke" in page_of(client, withdraw % award.pk)
    assert "Hvem trækker ansøgningen?" in page_of(client, withdraw % early.pk)
    assert "ingen penge går tilbage" in page_of(client, withdraw % early.pk)


def test_a_yes_waits_for_its_letter_and_a_report_is_whole(client: Client) -> None:
    award, paid = on_paper(S.APPROVED), on_paper(S.PAID)
    path = f"/sag/{award.pk}/paa-vegne/accept/"
    client.force_login(people.karl())
    day = f"{timezone.localdate():%Y-%m-%d}"
    told = {"of": "Holger", "came_on": day, "came_by": "PHONE"}

    page_of(client, path)
    held = client.post(path, told).content.decode()
    assert "Brevet om afgørelsen er ikke sendt endnu" in held
    now = timezone.now()
    letters = Letter.objects.filter(application__in=[award, paid])
    letters.update(state="SENT", sent_at=now, sha256="0")
    assert "Ansøgers ja er skrevet ind." in client.post(path, told, follow=True).content.decode()

    report = f"/sag/{paid.pk}/paa-vegne/submit_report/"
    assert "Regnskab" in page_of(client, report)
    refused = client.post(report, told | {"actual_0": "8.000"})
    assert refused.status_code == 422
    assert "Fortæl kort, hvad der skete." in refused.content.decode()
    story = told | {"actual_0": "8.000", "story": "Alle var mætte.", "rows": "1"}
    assert "kan læses igennem" in client.post(report, story, follow=True).content.decode()
    paid.refresh_from_db()
    assert (paid.state, paid.report.story) == (S.REPORT_SUBMITTED, "Alle var mætte.")


def test_not_for_those_who_can_log_in_nor_for_others(client: Client) -> None:
    case, paper = case_in(S.RETURNED), on_paper(S.RETURNED)
    page = "/sag/%d/paa-vegne/answer_information/"
    client.force_login(people.karl())
    refused = client.get(page % case.pk)
    assert refused.status_code == 409
    assert "Det må en anden gøre" in refused.content.decode()
    assert "Ansøgeren kan selv logge ind" in refused.content.decode()
    assert "paa-vegne" not in page_of(client, f"/sag/{case.pk}/")
    assert client.get(f"/sag/{paper.pk}/paa-vegne/recommend/").status_code == 404
    client.force_login(people.dora())
    assert client.get(page % paper.pk).status_code == 403
    assert "paa-vegne" not in page_of(client, f"/sag/{paper.pk}/")
