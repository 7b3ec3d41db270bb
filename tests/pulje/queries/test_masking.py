"""What everybody may read: no names of people, no mail addresses, no numbers; amounts stay."""

from types import SimpleNamespace

import pytest

from pulje.enums import ApplicantKind
from pulje.queries.masking import masked, with_kind

K = ApplicantKind


def many(*rows):
    return SimpleNamespace(all=lambda: rows)


def a_case(kind=K.ASSOCIATION, name="Holte Kor", member="Ida Marie Holm"):
    applicant = SimpleNamespace(kind=kind, name=name, members=many(SimpleNamespace(name=member)))
    partner = SimpleNamespace(leader_name="Bo Skov", name="Skolen")
    return SimpleNamespace(applicant=applicant, contact_name="Åse Østby", partners=many(partner))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("Ring til Åse Østby.", "Ring til (navn udeladt).", id="contact"),
        pytest.param("ÅSE ØSTBY synger", "(navn udeladt) synger", id="capitals"),
        pytest.param("Ida Marie Holms kor", "(navn udeladt) kor", id="genitive"),
        pytest.param("Ida Holm leder", "(navn udeladt) leder", id="first and last name"),
        pytest.param("Bo Skov er med", "(navn udeladt) er med", id="partner's leader"),
        pytest.param("Holm er en by, Skov er grøn", "Holm er en by, Skov er grøn", id="a part"),
        pytest.param("Skriv til a.b@c.dk nu", "Skriv til (e-mail udeladt) nu", id="mail"),
        pytest.param("Ring 12 34 56 78", "Ring (nummer udeladt)", id="telephone"),
        pytest.param("Ring +45 12345678.", "Ring (nummer udeladt).", id="telephone of Denmark"),
        pytest.param("CPR 010190-1234 her", "CPR (nummer udeladt) her", id="cpr"),
        pytest.param("Vi søger 1.250.000 kr.", "Vi søger 1.250.000 kr.", id="amount"),
        pytest.param("I 2026 og 2027", "I 2026 og 2027", id="years"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_names_and_numbers_are_left_out(text, told):
    assert masked(text, a_case()) == told


def test_each_name_of_a_private_person_is_left_out():
    case = a_case(K.INDIVIDUAL, name="Ida Marie Holm")

    assert masked("Idas have, hos Holm i Holmen", case) == (
        "(navn udeladt) have, hos (navn udeladt) i Holmen"
    )


@pytest.mark.parametrize(
    ("kind", "name", "whole", "open_one"),
    [
        (K.ASSOCIATION, "Holte Kor", "Holte Kor (forening)", "Holte Kor (forening)"),
        (K.INDIVIDUAL, "Ida Holm", "Ida Holm (enkeltperson)", "Enkeltperson"),
        (K.INFORMAL_GROUP, "Naboerne", "Naboerne (netværk)", "Naboerne (netværk)"),
        (K.INFORMAL_GROUP, "Ida Marie Holms venner", "Ida Marie Holms venner (netværk)", "Netværk"),
    ],
)
def test_a_person_is_only_of_which_kind(kind, name, whole, open_one):
    applicant = a_case(kind, name).applicant

    assert with_kind(applicant, is_open=False) == whole
    assert with_kind(applicant, is_open=True) == open_one
