"""How letters reach an applicant: the page, the sentence of what is refused, twice is harmless."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from letters.models import Letter
from pulje.actions.casework.tie import disqualify
from pulje.enums import ApplicantKind
from pulje.errors import RegisterUnavailable
from pulje.models import Applicant, PersonNumber
from pulje.registers.cvr import Company
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


def test_the_case_worker_mends_the_name_of_what_has_no_cvr_number(client: Client) -> None:
    fields = {"kind": ApplicantKind.INDIVIDUAL, "cvr": "", "name": "Asta Andresen"}
    who = an_applicant(**fields)
    case = case_in(CaseState.SUBMITTED, applicant=who, contact_name="Asta Andresen")
    path = f"/sag/ansoegere/{who.pk}/kontakt/"
    client.force_login(people.karl())
    assert "fra CVR igen" not in read(client, path)[0]

    assert "Skriv ansøgers navn." in client.post(path, {"name": " "}).content.decode()
    for _again in range(2):
        client.post(path, {"name": "Asta Andersen", "email": who.email})

    who.refresh_from_db()
    case.refresh_from_db()
    assert (who.name, case.contact_name) == ("Asta Andersen", "Asta Andersen")
    line = case.journal.get(event="contact_corrected")
    assert (line.by, line.data) == (people.karl(), {"changed": ["name"]})


class Renamed:
    """A register in which the association has got a new name; it says what it is told to."""

    answer: Company | None = None

    def look_up(self, cvr: str) -> Company | None:
        if self.answer is not None and not self.answer.name:
            raise RegisterUnavailable("Nede.")
        return self.answer


def test_a_name_in_cvr_is_fetched_again(client: Client, settings: Any) -> None:
    settings.CVR_REGISTER = f"{__name__}.Renamed"
    case = case_in(CaseState.SUBMITTED)
    who, old = case.applicant, case.applicant.name
    path, said = f"/sag/ansoegere/{who.pk}/kontakt/", {"email": case.applicant.email, "hent": "1"}
    client.force_login(people.karl())
    text = read(client, path)[0]
    assert "Hent navn fra CVR igen" in text
    assert 'name="name"' not in text
    assert 'name="cvr"' not in text
    refusals = (
        (Company(who.cvr, ""), "svarer ikke lige nu"),
        (None, "CVR kender ikke ansøgerens nummer."),
        (Company(who.cvr, "Naboerne", is_active=False), "Naboerne er ophørt"),
    )
    for answer, sentence in refusals:
        Renamed.answer = answer
        refused = client.post(path, said)
        assert (refused.status_code, sentence in refused.content.decode()) == (422, True)
    cache.clear()

    client.post(path, {"email": who.email, "name": "Andet", "cvr": "99000104"})
    who.refresh_from_db()
    assert (who.name, who.cvr == case.applicant.cvr) == (old, True)
    Renamed.answer = Company(who.cvr, "De nye naboer")
    done = client.post(path, said, follow=True).content.decode()

    assert "De nye naboer" in done
    assert case.journal.get(event="contact_corrected").data == {"changed": ["name"]}

    other = an_applicant()
    Applicant.objects.filter(pk=who.pk).update(cvr="12345678")  # the gate's cure: a number is none
    assert 'name="cvr"' in read(client, path)[0]
    taken = client.post(path, {"email": who.email, "cvr": other.cvr})
    assert "Der er allerede en ansøger med det CVR-nummer." in taken.content.decode()
    client.post(path, {"email": who.email, "cvr": "99000104"})
    who.refresh_from_db()
    assert who.cvr == "99000104"
