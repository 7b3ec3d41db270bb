"""CPR numbers and exemption: who may, what is kept, who is told, and when it is gone."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from letters.channels import ways_of
from letters.mail_address import mail_addresses
from letters.models import Channel
from pulje.actions.applicant.merge import merge_applicants
from pulje.actions.applicant.person_number import (
    read_person_number,
    remove_person_number,
    remove_unneeded,
    set_exempt,
    write_person_number,
)
from pulje.enums import ApplicantKind, RightProof
from pulje.errors import NotAllowed, PuljeError
from pulje.models import Applicant, Application, JournalEntry, PersonNumber
from pulje.states import CaseState
from tests import people
from tests.factories import an_applicant, case_in

pytestmark = pytest.mark.django_db
MADE_UP = "010190-1111"
PERSON = {"kind": ApplicantKind.INDIVIDUAL, "cvr": "", "name": "Asta Andersen"}


def a_persons_case(state: CaseState = CaseState.SUBMITTED) -> Application:
    return case_in(state, applicant=an_applicant(**PERSON))


def write(applicant: Applicant, number: str = MADE_UP) -> PersonNumber:
    return write_person_number(applicant, by=people.karl(), at=timezone.now(), number=number)


def last_event(case: Application) -> JournalEntry:
    return case.journal.order_by("-number")[0]


def test_it_is_sealed_read_with_a_line_in_the_journal_and_deleted(settings: LazySettings) -> None:
    case = a_persons_case()

    row = write(case.applicant)

    assert "1111" not in row.sealed
    assert "010190" not in row.sealed
    assert (last_event(case).event, last_event(case).data) == ("person_number_written", {})
    assert read_person_number(case, at=timezone.now(), purpose="letter:7") == "0101901111"
    assert last_event(case).event == "person_number_read"
    assert last_event(case).data == {"purpose": "letter:7"}

    settings.PERSON_NUMBER_KEYS = [Fernet.generate_key().decode(), *settings.PERSON_NUMBER_KEYS]
    assert read_person_number(case, at=timezone.now(), purpose="a new key first")
    settings.PERSON_NUMBER_KEYS = settings.PERSON_NUMBER_KEYS[:1]
    assert read_person_number(case, at=timezone.now(), purpose="the old one lost") == ""

    for _again in range(2):
        remove_person_number(case.applicant, by=people.karl(), at=timezone.now())
    assert last_event(case).event == "person_number_removed"
    assert read_person_number(case, at=timezone.now(), purpose="") == ""


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("310290-1111", "ikke et CPR-nummer"),
        ("12", "ikke et CPR-nummer"),
        ("010136-4111", "ikke et CPR-nummer"),  # 2036 is not yet
        ("010124-4111", "under 15 år"),
        ("070761-4285", "Skriv et opfundet"),
    ],
    ids=["no such day", "too short", "not born", "a child", "real-looking in the demo"],
)
def test_what_is_refused(number: str, why: str) -> None:
    with pytest.raises(PuljeError, match=why):
        write(an_applicant(**PERSON), number)
    assert not PersonNumber.objects.exists()


def test_who_may_and_for_whom(settings: LazySettings) -> None:
    settings.DEMO = False
    person = an_applicant(**PERSON)
    write(person, "070761-4285")  # outside the demo it may well be real
    with pytest.raises(PuljeError, match="Foreninger nås på CVR"):
        write(an_applicant())
    for by in (people.dora(), people.asta()):
        with pytest.raises(NotAllowed):
            write_person_number(person, by=by, at=timezone.now(), number=MADE_UP)
    people.seat(person, people.karl())
    with pytest.raises(NotAllowed, match="selv med hos"):
        remove_person_number(person, by=people.karl(), at=timezone.now())


def test_the_channel_follows(settings: LazySettings) -> None:
    settings.DIGITAL_POST = settings.DIGITAL_POST | {"url": "https://127.0.0.1"}
    case = a_persons_case()

    def way() -> Channel:
        return ways_of([case], mail_addresses([case]))[case.pk][0]

    assert way() == Channel.EMAIL
    case.applicant.memberships.update(confirmed_at=None, proof=RightProof.NONE)
    assert way() == Channel.EMAIL  # a place that is only claimed opens what oneself began
    Application.objects.filter(pk=case.pk).update(created_by=people.karl())
    assert way() == Channel.PRINT
    write(case.applicant)
    assert way() == Channel.DIGITAL_POST
    for _again in range(2):
        set_exempt(case.applicant, by=people.karl(), at=timezone.now(), is_exempt=True)
    assert way() == Channel.PRINT
    assert case.journal.filter(event="exempt").count() == 1
    set_exempt(case.applicant, by=people.karl(), at=timezone.now(), is_exempt=False)
    assert last_event(case).event == "not_exempt"


def test_it_is_forgotten_when_no_case_needs_it() -> None:
    open_case, ended = a_persons_case(), a_persons_case(CaseState.WITHDRAWN)
    for case in (open_case, ended):
        write(case.applicant)

    assert remove_unneeded(timezone.now()) == 0
    assert remove_unneeded(timezone.now() + timedelta(days=91)) == 1
    assert PersonNumber.objects.get().applicant == open_case.applicant


def test_two_made_one_keep_one_number_and_the_exemption() -> None:
    keep, drop = an_applicant(**PERSON), an_applicant(**PERSON, signer=people.asta())
    write(drop)
    set_exempt(drop, by=people.karl(), at=timezone.now(), is_exempt=True)

    kept = merge_applicants(keep, drop, by=people.karl(), at=timezone.now())

    assert PersonNumber.objects.get().applicant == kept
    assert kept.is_exempt
    with pytest.raises(ObjectDoesNotExist):
        Applicant.objects.get(pk=drop.pk).person_number.sealed  # noqa: B018
