"""The payment file: fixed columns, the same bytes again, nothing a spreadsheet would run."""

import pytest

from pulje.exports.payment_csv import COLUMNS, fingerprint, payment_file, safe
from pulje.models import Payment
from pulje.states import CaseState
from tests.factories import an_applicant, case_in


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+45 12", "'+45 12"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("Fest\r\n=1", "Fest =1"),
        ("Holte Nabohaver", "Holte Nabohaver"),
        ("", ""),
    ],
)
def test_safe(typed, written):
    assert safe(typed) == written


@pytest.mark.django_db
def test_payment_file_has_one_line_per_instalment_in_a_fixed_order():
    applicant = an_applicant(name='=HYPERLINK("x")', account_string="")
    first = case_in(CaseState.ACCEPTED, applicant=applicant, title="Fælles; have")
    case_in(CaseState.ACCEPTED)
    payments = list(
        Payment.objects.select_related("application__applicant", "application__pool").order_by(
            "-pk"
        )
    )

    content = payment_file(payments)

    text = content.decode("utf-8-sig").split("\r\n")
    assert text[0] == ";".join(COLUMNS)
    assert text[1].startswith(
        f'{first.number};1;"\'=HYPERLINK(""x"")";NEMKONTO;{applicant.cvr};8000,00;'
    )
    assert text[1].endswith(f'"{first.number} Fælles; have"')
    assert len(text) == 4
    assert payment_file(reversed(payments)) == content
    assert len(fingerprint(content)) == 64
