"""Begin without a gate: a mailed link, and what it does not open."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from letters.models import Mail
from pulje.actions.applicant.identity import person_by_mail, sign_in
from pulje.actions.link import make_token
from pulje.models import User
from pulje.registers.identity import Claims
from tests import people

pytestmark = pytest.mark.django_db
NEW = "ny@forening.example"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def ask(client: Client, email: str, onward: str = "?pulje=byliv") -> Any:
    return client.post(f"/start/{onward}", {"email": email})


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("kind", "recipient_email"))


def link_for(email: str) -> str:
    return f"/start/{make_token('start', person_by_mail(email).pk)}/"


def by_mitid(client: Client) -> User:
    """Somebody who came by MitID alone, and is logged in."""
    user = sign_in(Claims("demo", "lone", "Lone Krag"), at=timezone.now())
    client.force_login(user)
    return user


def test_page_offers_both_ways_and_keeps_the_pool(client: Client) -> None:
    page = client.get("/start/?pulje=byliv").content.decode()

    assert 'href="/log-ind/mitid/?next=/ansoeg/ny/byliv/"' in page
    assert "Send mig et link" in page


def test_a_stranger_who_wants_to_apply_begins_here(client: Client) -> None:
    assert client.get("/ansoeg/ny/byliv/")["Location"] == "/start/?next=/ansoeg/ny/byliv/"
    assert client.get("/ansoeg/")["Location"] == "/log-ind/?next=/ansoeg/"


def test_page_knows_the_pool_of_the_page_one_was_on_the_way_to(client: Client) -> None:
    page = client.get("/start/", {"next": "/ansoeg/ny/byliv/"}).content.decode()

    assert 'href="/log-ind/mitid/?next=/ansoeg/ny/byliv/"' in page


@pytest.mark.parametrize("query", ["?pulje=../x", "?next=https://x.example/", "?next=/sag/1/", ""])
def test_without_a_pool_one_comes_to_one_s_own_list(client: Client, query: str) -> None:
    assert 'next=/ansoeg/"' in client.get(f"/start/{query}").content.decode()


def test_whoever_is_logged_in_goes_straight_on(client: Client) -> None:
    client.force_login(people.asta())

    assert client.get("/start/?pulje=byliv")["Location"] == "/ansoeg/ny/byliv/"


def test_known_and_unknown_are_told_the_same_but_mailed_their_own(client: Client) -> None:
    people.asta()
    answers = [ask(client, email) for email in (NEW, "asta@puljer.example")]

    assert {answer["Location"] for answer in answers} == {"/start/sendt/?pulje=byliv"}
    assert mails() == [("CONFIRM_EMAIL", NEW), ("USE_LOG_IN", "asta@puljer.example")]
    assert "Se i din mail" in client.get("/start/sendt/?pulje=byliv").content.decode()


def test_the_house_s_people_and_the_closed_get_no_link(client: Client) -> None:
    people.karl()
    closed = person_by_mail("lukket@forening.example")
    User.objects.filter(pk=closed.pk).update(is_active=False)

    ask(client, "karl@puljer.example")
    ask(client, closed.email)

    assert mails() == [("USE_LOG_IN", "karl@puljer.example")]


@pytest.mark.parametrize("email", ["", "asta", "asta@", "a" * 250 + "@x.dk", "a@b.dk\nBcc: c@d.dk"])
def test_what_is_no_e_mail_gets_a_sentence_and_stands(client: Client, email: str) -> None:
    answer = ask(client, email)

    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert mails() == []


def test_twice_is_one_mail_and_one_person(client: Client) -> None:
    ask(client, NEW)
    ask(client, NEW.upper())

    assert mails() == [("CONFIRM_EMAIL", NEW)]
    assert User.objects.filter(email__iexact=NEW).count() == 1


def test_many_mails_to_one_address_are_not_sent(client: Client, time_machine: Any) -> None:
    start = timezone.now()
    for minute in range(6):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        assert ask(client, NEW).status_code == 302

    assert len(mails()) == 4


def test_many_questions_from_one_address_are_stopped(client: Client) -> None:
    for number in range(60):
        ask(client, f"nr{number}@forening.example")

    answer = ask(client, NEW)

    assert answer.status_code == 429
    assert "Vent en time, og prøv igen." in answer.content.decode()
    assert len(mails()) == 60


def test_opening_the_link_does_nothing_its_button_logs_in(client: Client) -> None:
    link = f"{link_for(NEW)}?pulje=byliv"

    page = client.get(link)
    assert NEW in page.content.decode()
    assert SESSION_KEY not in client.session
    before = client.session.session_key
    answer = client.post(link)

    assert answer["Location"] == "/ansoeg/ny/byliv/"
    assert client.session[SESSION_KEY] == str(person_by_mail(NEW).pk)
    assert client.session.session_key != before
    assert Client().post(link).status_code == 302  # again, while it lasts


def test_an_old_a_broken_and_a_foreign_link_say_what_to_do(
    client: Client, time_machine: Any
) -> None:
    link = link_for(NEW)
    foreign = f"/start/{make_token('invitation', person_by_mail(NEW).pk)}/"
    time_machine.move_to(timezone.now() + timedelta(hours=24, minutes=1))

    answers = [client.post(address) for address in (link, f"{link[:-2]}/", foreign)]

    assert [answer.status_code for answer in answers] == [410] * 3
    assert "Linket er for gammelt." in answers[0].content.decode()
    assert all("Få et nyt link" in answer.content.decode() for answer in answers)
    assert SESSION_KEY not in client.session


def test_a_link_sent_before_mitid_does_not_open_an_identified_person_s_cases(
    client: Client,
) -> None:
    link = link_for(NEW)
    people.identified(person_by_mail(NEW))

    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "Log ind med det." in answer.content.decode()
    assert SESSION_KEY not in client.session


def test_whoever_came_by_mitid_is_asked_where_to_write(client: Client) -> None:
    user = by_mitid(client)
    page = client.get("/start/e-mail/?next=/persondata/").content.decode()
    assert "Hvor må vi skrive til dig?" in page
    assert 'href="/persondata/"' in page

    told = client.post("/start/e-mail/", {"email": NEW, "next": "/persondata/"})
    assert 'href="/persondata/"' in told.content.decode()
    assert mails() == [("CONFIRM_ADDRESS", NEW)]
    assert client.get(link_for(NEW)).status_code == 200
    client.post(link_for(NEW))

    owner = person_by_mail(NEW)
    assert client.session[SESSION_KEY] == str(owner.pk)
    assert (owner.name, owner.identities.get().subject) == ("Lone Krag", "lone")
    user.refresh_from_db()
    assert not user.is_active


def test_an_e_mail_of_somebody_else_is_not_taken(client: Client) -> None:
    by_mitid(client)
    people.asta()

    client.post("/start/e-mail/", {"email": "asta@puljer.example"})
    answer = client.post(link_for("asta@puljer.example"))

    assert mails() == [("USE_LOG_IN", "asta@puljer.example")]
    assert answer.status_code == 410
    assert "Skriv en anden e-mail." in answer.content.decode()


def test_nobody_with_an_e_mail_is_asked_again(client: Client) -> None:
    client.force_login(people.asta())

    assert client.get("/start/e-mail/")["Location"] == "/ansoeg/"
    assert client.get("/start/e-mail/?next=https://x.example/")["Location"] == "/ansoeg/"


def test_a_binding_page_sends_to_mitid_and_back(client: Client) -> None:
    client.force_login(people.asta())
    person = {"name": "Asta", "born_on": "1980-02-03", "cvr": ""}

    assert client.get("/log-ind/mitid/?next=/ansoeg/7/send/")["Location"] == "/log-ind/mitid/demo/"
    chosen = client.post("/log-ind/mitid/demo/", person)

    assert chosen["Location"] == "/log-ind/mitid/retur/"
    assert Client.get(client, chosen["Location"])["Location"] == "/ansoeg/7/send/"
