"""How letters reach an applicant: the page, the sentence of what is refused, twice is harmless."""

import pytest
from django.test import Client
from django.utils import timezone

from letters.models import Letter
from pulje.actions.casework.tie import disqualify
from pulje.enums import ApplicantKind
from pulje.models import PersonNumber
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, case_in
from tests.workflow.views.casework.test_applicants import read

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


def test_the_case_worker_writes_how_a_person_is_reached(client: Client) -> None:
    fields = {"kind": ApplicantKind.INDIVIDUAL, "cvr": "", "name": "Asta Andersen"}
    case = case_in(CaseState.SUBMITTED, applicant=an_applicant(**fields))
    path = f"/sag/ansoegere/{case.applicant_id}/digital-post/"
    client.force_login(people.karl())
    text, before = read(client, path)
    assert "Digital Post er ikke slået til." in text
    assert path in read(client, f"/sag/ansoegere/{case.applicant_id}/")[0]

    refused = client.post(path, {"is_exempt": "on", "number": "310290-1111"})
    assert refused.status_code == 422
    assert "Det er ikke et CPR-nummer." in refused.content.decode()
    assert "310290-1111" in refused.content.decode()  # nothing that was typed is lost
    assert not PersonNumber.objects.exists()

    for _again in range(2):
        done = client.post(path, {"is_exempt": "on", "number": "010190-1111"}, follow=True)
        assert "Det er skrevet" in done.content.decode()
        assert "Fritaget for Digital Post" in done.content.decode()
        assert "010190" not in done.content.decode()
    text, after = read(client, path)
    assert "••••••-••••" in text
    assert "010190" not in text
    assert "1111" not in text
    assert before == after <= MOST_QUERIES + 4

    assert "slettet" in client.post(path, {"slet": "1"}, follow=True).content.decode()
    assert not PersonNumber.objects.exists()
    case.applicant.refresh_from_db()
    assert case.applicant.is_exempt  # deleting the number changed nothing else


def test_an_association_has_no_cpr_number_and_a_leader_no_pen(client: Client) -> None:
    applicant = an_applicant()
    path = f"/sag/ansoegere/{applicant.pk}/digital-post/"
    client.force_login(people.karl())
    assert 'name="number"' not in read(client, path)[0]
    client.post(path, {"number": "010190-1111"})
    assert not PersonNumber.objects.exists()
    client.force_login(people.dora())
    assert client.get(path).status_code == 403
    assert client.post(path, {}).status_code == 403


def test_the_case_worker_corrects_address_and_email(client: Client) -> None:
    case = case_in(CaseState.SUBMITTED, contact_email="post@puljer.example")
    Letter.objects.filter(application=case).update(state="FAILED", failure="Nej.")
    page = f"/sag/ansoegere/{case.applicant_id}/"
    client.force_login(people.karl())
    text, _queries = read(client, page)
    assert f"{page}kontakt/" in text
    assert "1 brev til ansøgeren kunne ikke sendes" in text
    right = {"street": "Gaden 1", "postcode": "3460", "town": "Birkerød", "email": "ny@e.example"}

    assert read(client, f"{page}kontakt/")[1] <= MOST_QUERIES
    refused = client.post(f"{page}kontakt/", right | {"email": "ny"})
    assert (refused.status_code, "Gaden 1" in refused.content.decode()) == (422, True)
    for _again in range(2):
        assert "Gaden 1" in client.post(f"{page}kontakt/", right, follow=True).content.decode()

    case.refresh_from_db()
    assert case.contact_email == "ny@e.example"
    line = case.journal.get(event="contact_corrected")
    assert (line.by, line.data) == (
        people.karl(),
        {"changed": ["street", "postcode", "town", "email"]},
    )
    disqualify(case, by=people.karl(), at=timezone.now(), person=people.karl(), reason="Nabo")
    shut = client.post(f"{page}kontakt/", right | {"town": "Holte"})
    assert "Du er inhabil" in shut.content.decode()
    client.force_login(people.dora())
    assert client.get(f"{page}kontakt/").status_code == 403
