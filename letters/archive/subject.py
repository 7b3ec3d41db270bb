"""The case as an ESDH sees it: OIO Sag's attributes and relations, as plain values.

Source: OIO Sag (urn:oio:sagdok:3.0.0) as read in MOX and SF1470 (domain.md C6); KLE (domain.md C5).
"""

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils import timezone

from pulje.enums import LegalBasis
from pulje.models import Application
from pulje.states import CaseState as S

# how far a case has come in OIO's words: Opstaaet, Oplyst, Afgjort, Bestilt, Udfoert, Afsluttet
PROGRESS: dict[str, str] = {
    **dict.fromkeys([S.SUBMITTED, S.RETURNED], "Opstaaet"),
    **dict.fromkeys([S.IN_REVIEW, S.IN_HEARING, S.REVIEWED, S.RECOMMENDED], "Oplyst"),
    **dict.fromkeys([S.APPROVED, S.REJECTED], "Afgjort"),
    S.ACCEPTED: "Bestilt",
    **dict.fromkeys(
        [S.PAID, S.REPORT_SUBMITTED, S.REPORT_RETURNED, S.REPORTED, S.IN_RECOVERY], "Udfoert"
    ),
    **dict.fromkeys([S.CLOSED, S.WITHDRAWN, S.DECLINED, S.LAPSED], "Afsluttet"),
}


@dataclass(frozen=True)
class Subject:
    """OIO Sag. ``title`` is fit for a public register: it names no private person.

    ``disposal`` (kassationskode) and ``action_facet`` (handlingsfacet) are the municipality's own
    settings: neither could be found in a public source for grants.
    """

    uuid: UUID
    number: str
    title: str
    progress: str
    opened_on: date
    closed_on: date | None
    legal_basis: str
    kle: str
    action_facet: str
    disposal: str
    owner: str
    handler: str
    responsible: str
    party_name: str
    party_cvr: str


def subject_of(case: Application) -> Subject:
    """The case, read with pool, version, applicant and caseworker."""
    office, _comma, _place = settings.SITE["office"].partition(", ")
    return Subject(
        uuid=stable_uuid("sag", case.pk),
        number=case.number,
        title=f"Ansøgning til {case.pool.name} {case.pool.year}",
        progress=PROGRESS[case.state],
        opened_on=timezone.localdate(case.submitted_at or case.created_at),
        closed_on=case.closed_on,
        legal_basis=str(LegalBasis(case.version.legal_basis).label),
        kle=case.version.kle,
        action_facet=settings.ESDH_ACTION_FACET,
        disposal=settings.ESDH_DISPOSAL,
        owner=settings.SITE["municipality"],
        handler=case.caseworker.name if case.caseworker else "",
        responsible=office,
        party_name=case.applicant.name,
        party_cvr=case.applicant.cvr,
    )


def stable_uuid(what: str, pk: int) -> UUID:
    """The same for a row for ever, in this installation."""
    return uuid5(NAMESPACE_URL, f"{settings.SITE['url']}/{what}/{pk}")
