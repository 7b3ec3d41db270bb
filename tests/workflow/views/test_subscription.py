import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from letters.models import Mail
from letters.tasks import send_mails
from pulje.actions.applicant.subscription import confirm_subscription, subscribe
from pulje.actions.link import make_token
from pulje.models import Pool, Round, Subscription
from tests.pools import a_pool
from workflow.tasks import announce_openings

pytestmark = pytest.mark.django_db
ASK = "/pulje/nabopuljen/besked/"
BO = "bo@forening.example"


@pytest.fixture
def pool() -> Pool:
    return a_pool("NP", "Nabopuljen", opens=timezone.now() + timedelta(days=3))


def link(kind: str = "") -> str:
    token = make_token("subscription", Subscription.objects.get().pk)
    return f"/abonnement/{token}/{kind}"


def confirmed(code: str, email: str = BO) -> Subscription:
    wish = subscribe(code, email, at=timezone.now())
    return confirm_subscription(wish.pk, at=timezone.now())


def open_now(pool: Pool, **fields: object) -> None:
    Round.objects.filter(pool=pool).update(
        **{"opens_at": timezone.now() - timedelta(minutes=1)} | fields
    )


def test_from_a_wish_to_a_mail_and_out_again(client: Client, pool: Pool) -> None:
    asked = client.post(ASK, {"email": "BO@forening.example"}, follow=True)
    send_mails()
    path = re.search(r"/abonnement/[^/\s]+/", mail.outbox[0].body)[0]
    opened = client.get(path)
    unconfirmed = Subscription.objects.get().confirmed_at
    said_yes = client.post(path)
    open_now(pool)
    announce_openings()
    send_mails()

    assert "Se i din mail" in asked.content.decode()
    assert "Ja, skriv til mig" in opened.content.decode()
    assert unconfirmed is None
    assert "Tak – du hører fra os" in said_yes.content.decode()
    assert [message.to for message in mail.outbox] == [[BO], [BO]]
    assert "/pulje/nabopuljen/" in mail.outbox[1].body

    header = mail.outbox[1].extra_headers["List-Unsubscribe"].strip("<>")
    one_click = Client(enforce_csrf_checks=True).post(
        "/abonnement/" + header.split("/abonnement/")[1], {"List-Unsubscribe": "One-Click"}
    )

    assert one_click.status_code == 200
    assert Subscription.objects.get().ended_at is not None


def test_the_answer_tells_nobody_who_is_known(client: Client, pool: Pool) -> None:
    confirmed(pool.code)

    known, unknown = (
        re.sub(r'token" value="[^"]+', "", client.post(ASK, {"email": m}, follow=True).text)
        for m in (BO, "ny@forening.example")
    )

    assert known == unknown
    assert [row.recipient_email for row in Mail.objects.all()] == ["ny@forening.example"]


def test_asking_twice_is_one_wish_and_one_mail(client: Client, pool: Pool) -> None:
    for email in (BO, BO.upper()):
        client.post(ASK, {"email": email})

    assert Subscription.objects.count() == 1
    assert Mail.objects.count() == 1


def test_one_address_is_not_flooded(client: Client, pool: Pool) -> None:
    answers = [client.post(ASK, {"email": "flood@forening.example"}) for _n in range(6)]

    assert {answer.status_code for answer in answers} == {302}
    assert Mail.objects.count() <= 4


@pytest.mark.parametrize("email", ["", "ikke en adresse", "a\x00b@c.example", "x@y"])
def test_a_bad_address_gets_a_sentence_and_stays(client: Client, pool: Pool, email: str) -> None:
    body = client.post(ASK, {"email": email}).content.decode()

    assert "form-error-message" in body
    assert Subscription.objects.count() == 0


@pytest.mark.parametrize("kind", ["", "afmeld/"])
def test_a_broken_link_says_so(client: Client, kind: str) -> None:
    answer = client.post(f"/abonnement/findes-ikke/{kind}")

    assert answer.status_code == 410
    assert "Linket virker ikke" in answer.content.decode()


def test_links_used_again_are_harmless(client: Client, pool: Pool) -> None:
    subscribe(pool.code, BO, at=timezone.now())
    yes, no = link(), link("afmeld/")

    answers = [client.post(path).status_code for path in (yes, yes, no, no, yes)]

    assert answers == [200, 200, 200, 200, 410]


def test_links_opened_again_say_how_it_stands(client: Client, pool: Pool) -> None:
    confirmed(pool.code)

    on = client.get(link()).content.decode()
    client.post(link("afmeld/"))
    off = client.get(link("afmeld/")).content.decode()

    assert "Du får en mail, når den åbner." in on
    assert re.search(r"/abonnement/[^/\s]+/afmeld/", on)
    assert "Du får ikke flere mails" in off


def test_opening_the_unsubscribe_page_does_nothing(client: Client, pool: Pool) -> None:
    confirmed(pool.code)

    assert "meld mig fra" in client.get(link("afmeld/")).content.decode()
    assert Subscription.objects.get().ended_at is None


def test_an_opening_is_told_once_to_those_who_confirmed(pool: Pool) -> None:
    confirmed(pool.code)
    confirmed("FP", "andet@forening.example")
    subscribe(pool.code, "ubekraeftet@forening.example", at=timezone.now())
    open_now(pool)

    told = [announce_openings(), announce_openings()]

    assert told == [1, 0]
    assert [row.recipient_email for row in Mail.objects.all()] == [BO]


@pytest.mark.parametrize("why", ["not open", "closed", "hidden", "test"])
def test_what_cannot_be_applied_to_is_not_told(pool: Pool, why: str) -> None:
    confirmed(pool.code)
    if why != "not open":
        open_now(pool, opens_at=timezone.now() - timedelta(days=9))
    if why == "closed":
        Round.objects.update(closes_at=timezone.now() - timedelta(days=1))
    Pool.objects.update(is_public=why != "hidden", is_test=why == "test")

    assert announce_openings() == 0
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_telling_is_set_wise(
    pool: Pool, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    for number in range(people):
        confirmed(pool.code, f"{number}@forening.example")
    open_now(pool)

    with django_assert_num_queries(8):
        assert announce_openings() == people


def test_addresses_are_forgotten_after_a_week(pool: Pool) -> None:
    now = timezone.now()
    old = now - timedelta(days=7, minutes=1)
    subscribe("FP", BO, at=old)
    subscribe("PD", BO, at=now)
    kept = subscribe(pool.code, BO, at=old)
    Subscription.objects.filter(pk=kept.pk).update(confirmed_at=old)
    ended = subscribe("KP", BO, at=old)
    Subscription.objects.filter(pk=ended.pk).update(confirmed_at=old, ended_at=old)

    announce_openings()

    assert sorted(Subscription.objects.values_list("code", flat=True)) == ["NP", "PD"]
