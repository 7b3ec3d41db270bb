"""A letter's own page: what it shows, who may do what, and what is refused."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from letters import actions
from letters.models import CLAIM_LASTS, Channel, DeliveryAttempt, DeliveryReceipt, Letter
from pulje.models import AppealGuidance, ConflictOfInterest, Decision
from tests import people
from tests.factories import an_applicant
from tests.letters import gated
from tests.letters.reading import read

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def text_of(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def logged_in(client: Client, person: object) -> Client:
    client.force_login(person, BACKEND)  # type: ignore[arg-type]
    return client


def test_the_page_says_what_is_lacking_and_where_it_is_mended(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = gated.partial_award()
    address = f"/brev/{letter.uuid}/side/"
    logged_in(client, people.rie())
    page = text_of(client.get(address))
    assert "Læs brevet. Når du godkender, sendes det" in page
    assert "Begrundelse: i orden." in page
    Decision.objects.filter(application=letter.application_id).update(reasons="Nej.")

    page = text_of(client.get(address))

    assert "Brevet kan ikke sendes endnu." in page
    assert "<strong>Begrundelse: mangler.</strong>" in page
    assert f'<a href="/sag/{letter.application_id}/">Afgør på ny med en begrundelse' in page
    refused = client.post(f"{address}godkend/", {"read": letter.sha256}, follow=True)
    assert "1 brev mangler begrundelse" in text_of(refused)
    logged_in(client, people.karl())
    page = text_of(client.get(address))
    assert "Du har selv skrevet brevet" in page
    assert "Godkend og send" not in page


def test_the_page_asks_no_more_of_more(
    client: Client, guidance: AppealGuidance, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    letter = gated.partial_award()
    logged_in(client, people.rie())
    address = f"/brev/{letter.uuid}/side/?moede={letter.application.decisions.get().meeting_id}"
    client.get(address)

    for _round in range(2):
        # session, user, letter, all of it, decision, who is out (3), tries, receipts, filters (2),
        # neighbours, whether it may be made anew
        with django_assert_num_queries(15):
            assert client.get(address).status_code == 200
        for number in range(3):
            DeliveryAttempt.objects.create(
                letter=letter, channel=letter.channel, started_at=timezone.now(), detail="Nej"
            )
            DeliveryReceipt.objects.create(
                letter=letter,
                source=letter.channel,
                number=f"{_round}-{number}",
                kind="REJECTED",
                at=timezone.now(),
                received_at=timezone.now(),
            )
        gated.award()


def test_previous_and_next_in_the_list_it_came_from(
    client: Client, guidance: AppealGuidance
) -> None:
    made = (gated.award(), gated.partial_award(), gated.formal_rejection())
    rows = Letter.objects.filter(pk__in=[letter.pk for letter in made])
    first, second, third = rows.order_by("application__number")  # P10 stands before P9
    logged_in(client, people.rie())

    page = text_of(client.get(f"/brev/{second.uuid}/side/?orden=sag"))
    alone = text_of(client.get(f"/brev/{second.uuid}/side/?runde={second.application.round_id}"))

    assert f'href="/brev/{first.uuid}/side/?orden=sag">Forrige brev' in page
    assert f'href="/brev/{third.uuid}/side/?orden=sag">Næste brev' in page
    assert "Forrige brev" not in alone
    assert "Næste brev" not in alone


def test_a_letter_is_let_go_corrected_made_anew_and_sent_another_way(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = gated.award()
    address = f"/brev/{letter.uuid}/side/"
    logged_in(client, people.rie())

    before = {"read": actions.words_read(letter)}
    long = client.post(f"{address}ret/", {"words": "Husk logoet " * 200} | before)
    assert long.status_code == 422
    assert "Skriv højst 2000 tegn." in text_of(long)
    assert "Husk logoet" in text_of(long)
    client.post(f"{address}kanal/", {"channel": Channel.PRINT})
    assert Letter.objects.get(pk=letter.pk).channel == Channel.PRINT
    wrong = client.post(f"{address}kanal/", {"channel": "RØGSIGNAL"})
    assert wrong.status_code == 422
    client.post(f"{address}ret/", {"words": "Husk logoet."} | before)
    assert "er ved at blive lavet" in text_of(client.get(address))
    assert Letter.objects.get(pk=letter.pk).facts["added"] == "Husk logoet."
    stale = client.post(f"{address}ret/", {"words": "Husk bilag."} | before)
    assert stale.status_code == 422
    for said in ("Teksten er ændret, siden du åbnede siden.", "Husk bilag.", "<p>Husk logoet.</p>"):
        assert said in text_of(stale)
    assert Letter.objects.get(pk=letter.pk).facts["added"] == "Husk logoet."
    assert "Brevet laves igen." in text_of(client.post(f"{address}lav-igen/", follow=True))
    again = client.post(f"{address}godkend/", follow=True)
    assert "Du har føjet tekst til brevet" in text_of(again)
    ready = gated.award()
    done = client.post(f"/brev/{ready.uuid}/side/godkend/", {"read": ready.sha256}, follow=True)
    assert "Brevet er godkendt og sendes nu." in text_of(done)
    assert "Godkendt af Rie" in text_of(done)


def test_what_could_not_be_brought_is_taken_up_on_its_own_page(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = gated.award()
    actions.approve([letter], by=people.rie(), at=timezone.now(), read=read([letter]))
    came_back = {"state": "FAILED", "failure": "Brevet kom retur.", "channel": Channel.EMAIL}
    Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), **came_back)
    logged_in(client, people.rie())
    address = f"/brev/{letter.uuid}/side/"

    page = text_of(client.get(address))

    assert "Brevet kom retur." in page
    assert f'action="/brev/{letter.uuid}/igen/' in page
    assert f'href="/sag/ansoegere/{letter.application.applicant_id}/">Ret ansøgers e-mail' in page
    assert "Lav brevet igen" not in page
    empty = client.post(f"{address}kanal/", {"channel": ""})
    assert empty.status_code == 422
    assert "Vælg, hvordan brevet skal sendes." in text_of(empty)
    ways = ["", *{Channel.DIGITAL_POST, Channel.PRINT} & set(actions.ways([letter])[letter.pk])]
    assert [way for way, _label in empty.context["channel"].fields["channel"].choices] == ways
    done = client.post(f"{address}kanal/", {"channel": Channel.PRINT}, follow=True)
    assert "Kanalen er skiftet." in text_of(done)
    Letter.objects.filter(pk=letter.pk).update(**came_back)
    tried = client.post(f"/brev/{letter.uuid}/igen/?orden=sag", {"from": "side"}, follow=True)
    assert tried.redirect_chain[-1][0] == f"{address}?orden=sag"
    assert "Vi prøver igen." in text_of(tried)


def test_what_a_worker_has_in_hand_is_left_alone_and_taken_up_when_it_is_dead(
    client: Client, guidance: AppealGuidance
) -> None:
    who = an_applicant(street="Kirkevej 1", postcode="2840", town="Holte")
    letter = gated.partial_award(applicant=who)
    logged_in(client, people.rie())
    shown = []

    for since in (timezone.now(), timezone.now() - 2 * CLAIM_LASTS):
        Letter.objects.filter(pk=letter.pk).update(claimed_at=since)
        page = text_of(client.get(f"/brev/{letter.uuid}/side/"))
        shown.append([f"/side/{what}/" in page for what in ("lav-igen", "kanal")])

    assert shown == [[False, False], [True, True]]


def test_what_was_sent_shows_the_gate_as_it_stood(client: Client, guidance: AppealGuidance) -> None:
    letter = gated.award()
    actions.approve([letter], by=people.rie(), at=timezone.now(), read=read([letter]))
    Letter.objects.filter(pk=letter.pk).update(state="SENT", sent_at=timezone.now())
    Decision.objects.update(is_current=False)
    logged_in(client, people.rie())

    page = text_of(client.get(f"/brev/{letter.uuid}/side/"))

    assert "Tjekket, da brevet blev godkendt" in page
    assert "Afgørelsen gælder: i orden." in page
    assert "Lav brevet igen" not in page
    assert text_of(client.post(f"/brev/{letter.uuid}/side/lav-igen/", follow=True)).count(
        "er sendt"
    )


def test_the_disqualified_neither_see_nor_do(client: Client, guidance: AppealGuidance) -> None:
    letter = gated.award()
    address = f"/brev/{letter.uuid}/side/"
    ConflictOfInterest.objects.create(
        application=letter.application,
        user=people.karl(),
        reason="Bror",
        declared_at=timezone.now(),
        declared_by=people.karl(),
    )
    logged_in(client, people.karl())

    assert client.get(address).status_code == 403
    waiting = text_of(client.get("/brev/"))
    assert "Du er inhabil i sagen" in waiting
    assert "Bevilling" not in waiting
    Letter.objects.filter(pk=letter.pk).update(state="FAILED", failure="Ingen adresse.")
    failed = text_of(client.get("/brev/fejl/"))
    assert "1 i sager, du er inhabil i, er ikke vist." in failed
    assert letter.recipient_name not in failed
    for part in ("godkend", "lav-igen", "ret", "kanal"):
        assert client.post(f"{address}{part}/").status_code == 403
    assert logged_in(client, people.asta()).get(address).status_code == 403


def test_whoever_was_logged_off_is_told_that_nothing_was_done(
    client: Client, guidance: AppealGuidance
) -> None:
    letter = gated.award()
    address = f"/brev/{letter.uuid}/side/"
    rie = {"username": people.rie().email, "password": people.PASSWORD}
    client.post("/log-ind/", rie)
    del client.cookies["sessionid"]
    typed = {"words": "Husk logoet."}
    came_from = {"Referer": f"http://testserver{address}"}

    answer = client.post(f"{address}ret/", typed, headers=came_from)

    assert answer["Location"] == f"/log-ind/?next={address}"
    page = text_of(client.post("/log-ind/", rie | {"next": address}, follow=True))
    assert "Du blev logget af, så det, du trykkede på, er ikke gjort." in page
    assert "Husk logoet." in page
    assert "Du blev logget af" not in text_of(client.get(address))
    assert "added" not in Letter.objects.get(pk=letter.pk).facts
