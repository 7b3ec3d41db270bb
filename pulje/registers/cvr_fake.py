"""The register of the demo and the tests: knows the invented applicants and a few more.

It speaks cvrapi.dk's wire format, so that the same reader is used.
"""

from datetime import date
from typing import Any

from pulje.models import Applicant
from pulje.registers.cvr import Company
from pulje.registers.cvr_api import company

ASSOCIATION = {"companycode": 115, "companydesc": "Frivillig forening"}
OLD = date(2010, 5, 1)
# not yet with us, and invented: nobody has these numbers
OTHERS: tuple[dict[str, Any], ...] = (
    {
        "vat": 99000104,
        "name": "Nærum Sangforening",
        "address": "Ahornvænget 4",
        "zipcode": "2850",
        "city": "Nærum",
        "startdate": "01/05 - 2010",
        **ASSOCIATION,
    },
    {
        "vat": 99000112,
        "name": "Vedbæk Roklub",
        "address": "Havnekajen 2",
        "zipcode": "2950",
        "city": "Vedbæk",
        "startdate": "01/05 - 2010",
        **ASSOCIATION,
    },
    {
        "vat": 99000120,
        "name": "Holte Frimærkeklub",
        "address": "Stationsvej 9",
        "zipcode": "2840",
        "city": "Holte",
        "enddate": "31/12 - 2024",
        "startdate": "01/05 - 2010",
        **ASSOCIATION,
    },
)


class FakeCvr:
    """Answers at once; chosen by settings.CVR_REGISTER in the demo and the tests."""

    def look_up(self, cvr: str) -> Company | None:
        other = next((company(said) for said in OTHERS if str(said["vat"]) == cvr), None)
        known = Applicant.objects.filter(cvr=cvr).first()
        return company(_said(known)) if known else other

    def search(self, name: str) -> list[Company]:
        known = Applicant.objects.exclude(cvr="").filter(name__icontains=name).order_by("name")
        others = [said for said in OTHERS if name in said["name"].lower()]
        return [company(said) for said in [*map(_said, known[:10]), *others]]


def _said(applicant: Applicant) -> dict[str, Any]:
    return {
        "vat": int(applicant.cvr),
        "name": applicant.name,
        "address": applicant.street,
        "zipcode": applicant.postcode,
        "city": applicant.town,
        "startdate": f"{applicant.cvr_since or OLD:%d/%m - %Y}",
        **ASSOCIATION,
    }
