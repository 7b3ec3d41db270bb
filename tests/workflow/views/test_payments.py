"""Payments: collected, approved by another, sent, answered; nobody pays twice."""

import hashlib

import pytest

from pulje.enums import PaymentState
from pulje.models import Application, Payment, PaymentBatch
from pulje.states import CaseState
from tests import people
from tests.factories import case_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
S = CaseState


def log_in(client, who):
    client.force_login(who(), backend=BACKEND)


def post(client, who, path, typed=None):
    log_in(client, who)
    return client.post(path, typed or {})


@pytest.fixture
def batch(client):
    """Two payments collected by Fie."""
    case_in(S.ACCEPTED)
    case_in(S.ACCEPTED)
    rates = list(Payment.objects.values_list("pk", flat=True))
    response = post(client, people.fie, "/udbetaling/", {"rate": rates})
    batch = PaymentBatch.objects.get()
    assert response.url == f"/udbetaling/{batch.pk}/"
    return batch


def sent(client, batch):
    post(client, people.dora, f"/udbetaling/{batch.pk}/godkend/", {"seen": "on"})
    post(client, people.fie, f"/udbetaling/{batch.pk}/send/")


def states():
    return sorted(Payment.objects.values_list("state", flat=True))


def test_the_collector_cannot_approve(client, batch):
    log_in(client, people.fie)
    assert "Godkend udbetaling" not in client.get(f"/udbetaling/{batch.pk}/").content.decode()

    page = post(client, people.fie, f"/udbetaling/{batch.pk}/godkend/", {"seen": "on"})

    assert states() == [PaymentState.PROPOSED] * 2
    assert "En anden" in page.content.decode()


def test_approver_must_have_looked(client, batch):
    page = post(client, people.dora, f"/udbetaling/{batch.pk}/godkend/")

    assert "Sæt kryds" in page.content.decode()
    assert states() == [PaymentState.PROPOSED] * 2


def test_whole_way_to_paid(client, batch):
    sent(client, batch)
    log_in(client, people.fie)
    file = client.get(f"/udbetaling/{batch.pk}/fil.csv")
    batch.refresh_from_db()
    assert hashlib.sha256(file.content).hexdigest() == batch.file_sha256
    assert "attachment" in file["Content-Disposition"]

    client.post(f"/udbetaling/{batch.pk}/bekraeft/")

    assert states() == [PaymentState.CONFIRMED] * 2
    assert set(Application.objects.values_list("state", flat=True)) == {S.PAID}
    page = client.get(f"/udbetaling/{batch.pk}/").content.decode()
    assert "Alt er besvaret" in page


def test_one_line_twice_pays_once(client, batch):
    sent(client, batch)
    line = batch.payments.order_by("pk")[0]
    address = f"/udbetaling/{batch.pk}/bekraeft/{line.pk}/"

    post(client, people.fie, address)
    post(client, people.fie, address)

    log_in(client, people.fie)
    assert "allerede bekræftet" in client.get(f"/udbetaling/{batch.pk}/").content.decode()
    assert line.application.ledger.filter(kind="PAY").count() == 1


def test_rejected_line_comes_back_and_the_old_file_is_not_given_again(client, batch):
    sent(client, batch)
    line = batch.payments.order_by("pk")[0]

    post(
        client, people.fie, f"/udbetaling/{batch.pk}/afvis/{line.pk}/", {"reason": "Ingen NemKonto"}
    )

    assert client.get(f"/udbetaling/{batch.pk}/fil.csv").status_code == 409
    assert "fil.csv" not in client.get(f"/udbetaling/{batch.pk}/").content.decode()
    page = client.get("/udbetaling/").content.decode()
    assert "Ingen NemKonto" in page
    again = post(client, people.fie, "/udbetaling/", {"rate": [line.pk]})
    assert again.status_code == 302


def test_nothing_chosen_says_so(client):
    case_in(S.ACCEPTED)

    page = post(client, people.fie, "/udbetaling/")

    assert "Vælg mindst én udbetaling." in page.content.decode()


def test_no_file_before_it_is_sent_and_only_for_finance(client, batch):
    log_in(client, people.fie)
    assert client.get(f"/udbetaling/{batch.pk}/fil.csv").status_code == 404
    sent(client, batch)
    log_in(client, people.karl)
    assert client.get(f"/udbetaling/{batch.pk}/fil.csv").status_code == 403


def test_case_worker_cannot_confirm(client, batch):
    sent(client, batch)

    post(client, people.karl, f"/udbetaling/{batch.pk}/bekraeft/")

    assert states() == [PaymentState.EXPORTED] * 2


def test_what_another_tab_has_done_is_told(client, batch):
    post(client, people.dora, f"/udbetaling/{batch.pk}/godkend/", {"seen": "on"})

    approved = post(client, people.dora, f"/udbetaling/{batch.pk}/godkend/", {"seen": "on"})
    taken = post(client, people.karl, "/udbetaling/", {"rate": batch.payments.first().pk})

    assert "skal rettes" in approved.content.decode()
    assert "skal rettes" in taken.content.decode()
