"""The payment file: one line per instalment of a batch, for the finance system.

UTF-8 with a byte order mark, semicolons, CRLF, one header line. Columns:

sagsnummer    the case, e.g. FP-2027-014
rate          the instalment's number within its decision
modtager      the payee's name
til           NEMKONTO or INTERNAL
cvr           eight digits, empty for a person or a network
beloeb        kr. with two decimals and a comma, e.g. 25000,00
forfald       the day it is to be paid, 2027-01-28
kontostreng   the pool's account
modkonto      the payee's account when it is an internal posting, else empty
tekst         what the payee reads

The same batch gives the same bytes, so the file can be fetched again and its hash compared.
"""

import csv
import hashlib
from collections.abc import Iterable
from io import StringIO

from pulje.models import Payment

COLUMNS = (
    "sagsnummer",
    "rate",
    "modtager",
    "til",
    "cvr",
    "beloeb",
    "forfald",
    "kontostreng",
    "modkonto",
    "tekst",
)
# what a spreadsheet would take for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def payment_file(payments: Iterable[Payment]) -> bytes:
    """The file of these payments, which know their application, applicant and pool."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    ordered = sorted(payments, key=lambda p: (p.application.number, p.number, p.pk))
    writer.writerows([safe(cell) for cell in _line(payment)] for payment in ordered)
    return out.getvalue().encode("utf-8-sig")


def fingerprint(content: bytes) -> str:
    """The sha256 that is kept on the batch."""
    return hashlib.sha256(content).hexdigest()


def safe(cell: str) -> str:
    """The text as a spreadsheet may open it: never a formula, never more than one line."""
    text = " ".join(cell.splitlines())
    return f"'{text}" if text.startswith(FORMULA) else text


def _line(payment: Payment) -> tuple[str, ...]:
    case = payment.application
    return (
        case.number,
        str(payment.number),
        case.applicant.name,
        payment.payee_kind,
        case.applicant.cvr,
        f"{payment.amount_kr:.2f}".replace(".", ","),
        payment.due_on.isoformat(),
        case.pool.account_string,
        case.applicant.account_string,
        f"{case.number} {case.title}",
    )
