import pytest

from pulje.forms.applicant.membership import ContactDataForm
from pulje.models import Applicant


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [("", True), ("2850", True), ("285", False), ("28500", False), ("abcd", False)],
)
def test_a_postcode_has_four_digits(typed: str, is_one: bool) -> None:
    form = ContactDataForm({"street": "Vej 1", "postcode": typed}, applicant=Applicant())

    assert form.is_valid() == is_one
    assert is_one or form.errors["postcode"] == ["Et dansk postnummer har fire cifre."]
