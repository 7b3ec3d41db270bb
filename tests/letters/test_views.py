"""The letters' page, and who may open a letter."""

import pytest
from django.test import Client
from django.utils import timezone

from letters import actions
from letters.mails.actions import queue_mail
from letters.models import CaseExport, ExportState, Letter, LetterState, Mail, MailState
from letters.tasks import deliver_due
from pulje.models import AppealGuidance, ConflictOfInterest
from pulje.states import CaseState as S
from tests import people
from tests.factories import case_in
from tests.letters.gated import days_ago
from tests.letters.reading import read

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def refusal() -> Letter:
    letter = Letter.objects.get(
        application=case_in(S.REJECTED, starts=days_ago(8)), kind="REJECTION"
    )
    deliver_due()
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        (people.asta, 404, 200),
        (people.karl, 200, 200),
        (people.dora, 200, 200),
        (people.ulla, 403, 403),
        (people.mads, 403, 403),
    ],
    ids=["applicant", "case worker", "leader", "stranger", "committee"],
)
def test_who_may_read_a_letter(
    client: Client, guidance: AppealGuidance, who: object, before: int, after: int
) -> None:
    letter = refusal()
    client.force_login(who(), BACKEND)  # type: ignore[operator]

    assert client.get(f"/brev/{letter.uuid}/").status_code == before
    actions.approve([letter], by=people.rie(), at=timezone.now(), read=read([letter]))
    deliver_due()

    assert client.get(f"/brev/{letter.uuid}/").status_code == after


def test_whoever_comes_straight_to_an_unread_letter_opens_it_with_a_button(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = refusal()
    actions.approve([letter], by=people.rie(), at=timezone.now(), read=read([letter]))
    deliver_due()
    client.force_login(people.asta(), BACKEND)
    url = f"/brev/{letter.uuid}/"

    page = client.get(f"{url}?hent").content.decode()
    assert (f'action="{url}laes/?hent"' in page, "Åbn brevet" in page) == (True, True)
    assert client.get(f"{url}billede/1/").status_code == 404
    assert not letter.application.journal.filter(event="letter_opened").exists()

    answer = client.post(f"{url}laes/?hent", follow=True)
    assert answer["Content-Disposition"].startswith("attachment")
    assert letter.application.journal.filter(event="letter_opened").count() == 1
    assert client.get(url)["Content-Type"] == "application/pdf"


def test_a_disqualified_case_worker_may_not_read_it(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = refusal()
    ConflictOfInterest.objects.create(
        application=letter.application,
        user=people.karl(),
        reason="Bror",
        declared_at=timezone.now(),
        declared_by=people.karl(),
    )
    client.force_login(people.karl(), BACKEND)

    assert client.get(f"/brev/{letter.uuid}/").status_code == 403


def test_nobody_reads_without_logging_in(client: Client, guidance: AppealGuidance) -> None:
    assert client.get(f"/brev/{refusal().uuid}/").status_code == 302


def test_the_pdf_is_kept_by_no_browser(client: Client, guidance: AppealGuidance) -> None:
    letter = refusal()
    client.force_login(people.karl(), BACKEND)

    response = client.get(f"/brev/{letter.uuid}/?hent")

    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    number = letter.application.number
    assert (
        response["Content-Disposition"] == f'attachment; filename="afgoerelse-afslag-{number}.pdf"'
    )


def test_a_page_of_a_letter_is_a_picture_for_those_who_may_read_it(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = refusal()
    client.force_login(people.karl(), BACKEND)

    seen = client.get(f"/brev/{letter.uuid}/billede/1/")

    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert client.get(f"/brev/{letter.uuid}/billede/99/").status_code == 404
    client.force_login(people.ulla(), BACKEND)
    assert client.get(f"/brev/{letter.uuid}/billede/1/").status_code == 403


def test_others_do_not_see_the_pages(client: Client) -> None:
    client.force_login(people.asta(), BACKEND)

    assert client.get("/brev/").status_code == 403
    assert client.get("/brev/fejl/").status_code == 403


def test_a_failed_letter_says_why_and_is_tried_again(
    client: Client, request: pytest.FixtureRequest
) -> None:
    letter = refusal()  # no approved guidance
    client.force_login(people.karl(), BACKEND)

    assert letter.failure in client.get("/brev/").content.decode()
    assert "Kunne ikke sendes (1)" in client.get("/brev/").content.decode()
    assert letter.failure in client.get("/brev/fejl/").content.decode()
    again = f"/brev/{letter.uuid}/igen/"
    assert "ikke godkendt" in client.post(again, follow=True).content.decode()
    request.getfixturevalue("guidance")
    assert "Vi prøver igen." in client.post(again, follow=True).content.decode()

    letter.refresh_from_db()
    assert letter.state == LetterState.QUEUED


def failed_mail(number: int = 1) -> Mail:
    """Mails to Bo that the mail server refused; gives the last."""
    for n in range(number):
        facts = {"invitation": n, "applicant": "Naboerne", "inviter": "Asta"}
        queue_mail("INVITATION", to="bo@puljer.example", cause=f"invitation:{n}", facts=facts)
    Mail.objects.update(state=MailState.FAILED, failure="Mailserveren svarer ikke.", attempts=5)
    return Mail.objects.order_by("-pk")[0]


def test_a_failed_mail_is_seen_and_tried_again(client: Client) -> None:
    mail = failed_mail()
    client.force_login(people.karl(), BACKEND)

    page = client.get("/brev/fejl/").content.decode()
    assert "bo@puljer.example" in page
    assert "Invitation" in page
    assert "Mailserveren svarer ikke." in page
    page = client.post(f"/brev/mail/{mail.uuid}/igen/", follow=True).content.decode()

    assert "Vi prøver igen." in page
    assert "Mailserveren" not in page
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    page = client.post(f"/brev/mail/{mail.uuid}/igen/", follow=True).content.decode()
    assert "Mailen er ikke gået i stå." in page


def test_others_do_not_try_a_mail_again(client: Client) -> None:
    client.force_login(people.asta(), BACKEND)

    assert client.post(f"/brev/mail/{failed_mail().uuid}/igen/").status_code == 403


def test_a_case_the_esdh_did_not_take_is_seen_and_handed_over_again(client: Client) -> None:
    now, case = timezone.now(), case_in(S.WITHDRAWN)
    failure = "Mappen til ESDH-systemet kan ikke skrives."
    export = CaseExport.objects.create(
        application=case,
        cause="journal:1",
        asked_at=now,
        next_attempt_at=now,
        state=ExportState.FAILED,
        failure=failure,
    )
    client.force_login(people.karl(), BACKEND)

    page = client.get("/brev/fejl/").content.decode()
    assert failure in page
    assert case.number in page
    assert "(1)</span>" in page  # the menu
    again = {"from": "fejl"}
    page = client.post(f"/brev/aflevering/{export.uuid}/igen/", again, follow=True).content.decode()
    assert "Vi prøver igen." in page
    assert "Alt er sendt." in page
    export.refresh_from_db()
    assert export.state == ExportState.QUEUED
