"""A stikprøve on the pages: a thing to do for the grantee until the papers have come."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pulje.actions.applicant.preferences import renew_calendar
from pulje.actions.grant.control import select_for_control
from pulje.forms.casework.clarification import ControlForm
from pulje.models import Application
from pulje.rules.deadlines import is_working_day
from pulje.states import CaseState as S
from tests import people
from tests.factories import walk_to
from tests.workflow.opening import opened, told

pytestmark = pytest.mark.django_db
SHOWN = "Kvitteringer for maling."


def log_in(client: Client, person) -> None:
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def picked_out(*, at: datetime | None = None, days: int = 14) -> Application:
    walk = walk_to(S.PAID)
    at = at or timezone.now()
    due_on = timezone.localdate(at) + timedelta(days=days)
    select_for_control(walk.case, by=people.karl(), at=at, reason=SHOWN, due_on=due_on)
    return told(walk.case)


def seen(client: Client, case: Application) -> list[bool]:
    """Whether the case page, the list and the calendar have it as something to do."""
    key = renew_calendar(people.asta())
    pages = [
        (f"/ansoeg/{case.pk}/", 'name="papers-attachments"'),
        ("/ansoeg/", "Send bilag til stikprøven"),
        (f"/kalender/{key}.ics", "Bilag til stikprøve"),
    ]
    return [words in client.get(page).content.decode() for page, words in pages]


def test_control_stands_as_a_task_until_a_file_has_come(client: Client) -> None:
    case = picked_out()
    log_in(client, people.asta())
    page, send = client.get(f"/ansoeg/{case.pk}/"), f"/ansoeg/{case.pk}/stikproeve/"
    before = seen(client, case)

    empty = client.post(send, {}).content.decode()
    for _click in range(2):  # the second click of one form
        papers = SimpleUploadedFile("kvittering.pdf", b"%PDF-1.7")
        client.post(send, {"papers-attachments": papers, "papers-text": ""})

    assert SHOWN in page.content.decode()
    assert before == [True, True, True]
    assert "Vælg en fil, eller skriv et svar." in empty
    assert seen(client, case) == [False, False, False]
    assert [row.name for row in case.attachments.all()] == ["kvittering.pdf"]
    assert [row.text for row in case.messages.all()] == ["Bilag til stikprøven: kvittering.pdf"]


def test_control_leaves_list_and_calendar_with_its_deadline_and_staff_see_it(
    client: Client,
) -> None:
    case = picked_out(at=timezone.now() - timedelta(days=5), days=2)
    log_in(client, people.asta())

    assert seen(client, case) == [True, False, False]
    log_in(client, people.karl())
    staff = client.get(f"/sag/{case.pk}/").content.decode()
    assert SHOWN in staff
    assert "Frist for bilag" in staff


def test_nothing_is_sent_where_nothing_was_asked(client: Client) -> None:
    case = told(walk_to(S.PAID).case)
    log_in(client, people.asta())

    said = client.post(f"/ansoeg/{case.pk}/stikproeve/", {"papers-text": "Her."})

    assert "Vi har ikke bedt om bilag i sagen." in said.content.decode()
    assert not case.messages.exists()


def test_usual_deadline_is_a_working_day() -> None:
    assert is_working_day(ControlForm(case=walk_to(S.PAID).case).initial["due_on"])


def test_a_grant_that_was_claimed_back_is_not_congratulated(client: Client) -> None:
    case = opened(walk_to(S.PAID).case)
    case.claims.create(
        amount_kr=5000,
        reasons="Rapporten kom ikke.",
        due_on=date(2031, 1, 1),
        state="SETTLED",
        received_kr=5000,
        settled_at=timezone.now(),
        proposed_by=people.karl(),
        proposed_at=timezone.now(),
    )
    Application.objects.filter(pk=case.pk).update(state=S.CLOSED, closed_on=timezone.localdate())
    log_in(client, people.asta())

    page, mine = (client.get(url).content.decode() for url in (f"/ansoeg/{case.pk}/", "/ansoeg/"))

    for words in ("Tak for indsatsen", "Ja! "):
        assert words not in page + mine
    assert "er betalt tilbage" in page
    assert "Kravet om tilbagebetaling er afsluttet." in mine


def test_a_promise_that_has_passed_is_not_made_again(client: Client) -> None:
    case = walk_to(S.SUBMITTED).case
    case.round.answer_on = timezone.localdate() - timedelta(days=5)
    case.round.save()
    log_in(client, people.asta())

    for page in ("", "kvittering/"):
        said = client.get(f"/ansoeg/{case.pk}/{page}").content.decode()
        assert "Vi er forsinket" in said
        assert "Senest" not in said
    assert "I skulle have haft svar senest" in client.get("/ansoeg/").content.decode()
