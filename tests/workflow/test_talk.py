"""Who is told by mail that there is a message, how often, and what the mail keeps to itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.mails.actions import message_of
from letters.models import Mail
from pulje.models import Application, User
from pulje.states import CaseState
from tests import people
from tests.factories import case_in
from workflow.talk import say

S = CaseState
pytestmark = pytest.mark.django_db
NOON = timezone.now().replace(minute=1)


@pytest.fixture
def case() -> Application:
    case = case_in(S.IN_REVIEW)
    assert case.caseworker == people.karl()
    return case


def test_each_side_tells_the_other_once_an_hour(case: Application) -> None:
    for minute in (0, 10):
        at = NOON + timedelta(minutes=minute)
        say(case, by=people.karl(), at=at, text=f"Hemmeligt {minute}")
        say(case, by=people.asta(), at=at, text=f"Privat {minute}")
    say(case, by=people.karl(), at=NOON + timedelta(hours=1), text="Igen")

    to = [mail.recipient_email for mail in Mail.objects.order_by("pk")]
    assert to == [people.asta().email, people.karl().email, people.asta().email]


def test_mail_says_nothing_of_what_is_written(case: Application) -> None:
    say(case, by=people.karl(), at=NOON, text="Hemmeligt")

    mail = message_of(Mail.objects.get())

    assert "Hemmeligt" not in mail.body
    assert case.title not in mail.subject + mail.body
    assert f"/ansoeg/{case.pk}/" in mail.body


def test_those_who_want_no_mail_get_none(case: Application) -> None:
    User.objects.update(wants_message_mail=False)
    case = Application.objects.get(pk=case.pk)

    say(case, by=people.karl(), at=NOON, text="Hej")
    say(case, by=people.asta(), at=NOON, text="Hej")

    assert not Mail.objects.exists()


def test_contact_without_an_account_is_told_too(case: Application) -> None:
    Application.objects.update(contact_email="Kontakt@Nabo.example")
    case = Application.objects.get(pk=case.pk)

    say(case, by=people.karl(), at=NOON, text="Hej")

    to = set(Mail.objects.values_list("recipient_email", flat=True))
    assert to == {people.asta().email, "kontakt@nabo.example"}
    assert not Mail.objects.filter(cause__contains="@").exists()


def test_second_click_is_one_message(case: Application) -> None:
    for _click in range(2):
        say(case, by=people.asta(), at=NOON, text="Hej")

    assert case.messages.count() == 1
