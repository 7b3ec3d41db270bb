"""From objects to the plain dict a letter's template may see; queries do not grow with letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from letters import channels
from letters.facts import contents
from letters.facts.guidance import guidance_told
from letters.facts.pronouns import words
from pulje.enums import ApplicantKind, ClaimState, LegalBasis, PaymentState
from pulje.models import (
    Appeal,
    AppealGuidance,
    Application,
    ChangeRequest,
    CommitteeMember,
    Criterion,
    Decision,
    InformationRequest,
    JournalEntry,
    Membership,
    PartyHearing,
    Payment,
    RepaymentClaim,
    Report,
)
from pulje.queries.grant.heard import Heard, heard_in_reminder
from pulje.queries.grant.kept import is_kept
from pulje.queries.grant.report import demanded_of
from pulje.queries.meeting.expected import expected_meetings, next_meetings
from pulje.rules.reporting import Demand

Facts = dict[str, Any]

REPORT_NAMES: dict[str, str] = {
    Demand.STORY: "en kort rapport",
    Demand.ACCOUNT: "rapport og regnskab",
    Demand.BOARD_SIGNED: "rapport og regnskab med bestyrelsens underskrift",
    Demand.AUDITED: "rapport og regnskab gennemgået af jeres egen revisor",
    Demand.REGISTERED_AUDITOR: "rapport og regnskab med erklæring fra en registreret revisor",
}
BASES: dict[str, str] = {
    LegalBasis.KFM: "kommunalfuldmagten",
    LegalBasis.FOL: "folkeoplysningsloven",
    LegalBasis.SEL18: "serviceloven § 18",
}
UNPAID = (PaymentState.CANCELLED,)


@dataclass
class Material:
    """All the letters about one journal entry may need; what is not asked for stays empty."""

    entry: JournalEntry
    application: Application
    decision: Decision | None = None
    guidance: AppealGuidance | None = None
    request: InformationRequest | None = None
    hearing: PartyHearing | None = None
    claim: RepaymentClaim | None = None
    repaid_kr: Decimal = Decimal(0)  # what came back of all claims
    heard: Heard | None = None  # the last report reminder, which is a hearing, too
    report: Report | None = None
    appeal: Appeal | None = None  # the one told about, or the one this decision answers
    change: ChangeRequest | None = None
    payments: list[Payment] = field(default_factory=list)
    max_points: int = 0
    meeting_on: date | None = None  # the one that a case is to be looked at on (again)
    is_on_agenda: bool = False  # of that meeting
    made_anew_at: datetime | None = None  # a letter that waited carries the day it leaves
    moved_to: str = ""  # and the deadline, which counts from that day

    @property
    def issued_at(self) -> datetime:
        return self.made_anew_at or self.entry.at

    @property
    def issued_on(self) -> date:
        return timezone.localdate(self.issued_at)

    @property
    def due_on(self) -> str:
        """The deadline the entry gave, as it stands now; empty where it gave none."""
        return self.moved_to or self.entry.data.get("due_on", "")


def gather(entries: Sequence[JournalEntry], needs: frozenset[str]) -> dict[int, Material]:
    """Entry pk -> material, with only the kinds of rows that ``needs`` names; one query a kind."""
    cases = Application.objects.select_related(
        "pool__committee", "version", "applicant", "round", "caseworker"
    ).annotate(is_followed=Membership.objects.acting(), born_on=channels.born_on("applicant"))
    rows = cases.in_bulk({entry.application_id for entry in entries})
    found = {entry.pk: Material(entry, rows[entry.application_id]) for entry in entries}
    for name, load in LOADERS.items():
        if name in needs:
            load(list(found.values()))
    return found


def _load_decisions(materials: Sequence[Material]) -> None:
    """The decision the entry tells about, else the one in force."""
    told = [m.entry.data["decision"] for m in materials if "decision" in m.entry.data]
    rows = Decision.objects.filter(
        Q(pk__in=told) | Q(is_current=True, application__in=_cases(materials))
    )
    by_pk = {row.pk: row for row in _with_makers(rows)}
    current = {row.application_id: row for row in by_pk.values() if row.is_current}
    for m in materials:
        pk = m.entry.data.get("decision")
        m.decision = by_pk[pk] if pk else current.get(m.application.pk)


def _load_annulled(materials: Sequence[Material]) -> None:
    """The newest decision before the entry: none is in force any more."""
    rows = Decision.objects.filter(application__in=_cases(materials)).order_by("pk")
    for row in _with_makers(rows):
        for m in materials:
            if m.application.pk == row.application_id and row.decided_at <= m.entry.at:
                m.decision = row


def _with_makers(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """With meeting, the one each replaces, the decider's seat, and whether silence keeps it."""
    seats = CommitteeMember.objects.filter(
        user=OuterRef("decided_by"), committee=OuterRef("application__pool__committee")
    )
    seat = Subquery(seats.order_by("-started_on", "-pk").values("role")[:1])
    told = rows.select_related("meeting__committee", "replaces")
    return told.annotate(seat=seat, is_kept=is_kept())


def _load_guidance(materials: Sequence[Material]) -> None:
    """The newest approved text of the legal basis; else the newest, which cannot be sent."""
    texts = {row.legal_basis: row for row in AppealGuidance.objects.order_by("version")}
    approved = AppealGuidance.objects.exclude(approved_at=None).order_by("version")
    texts |= {row.legal_basis: row for row in approved}
    for m in materials:
        m.guidance = texts.get(m.application.version.legal_basis)


def _load_points(materials: Sequence[Material]) -> None:
    weights = Criterion.objects.filter(version__in={m.application.version_id for m in materials})
    sums = dict(weights.values_list("version").annotate(Sum("weight")).order_by("version"))
    for m in materials:
        m.max_points = 3 * sums.get(m.application.version_id, 0)


def _load_payments(materials: Sequence[Material]) -> None:
    payments = Payment.objects.filter(application__in=_cases(materials)).exclude(state__in=UNPAID)
    by_case: dict[int, list[Payment]] = {}
    for payment in payments.order_by("decision_id", "number"):
        by_case.setdefault(payment.application_id, []).append(payment)
    for m in materials:
        m.payments = by_case.get(m.application.pk, [])


def _load_requests(materials: Sequence[Material]) -> None:
    _take_own(materials, "request", InformationRequest.objects.all(), "asked_at")


def _load_hearings(materials: Sequence[Material]) -> None:
    _take_own(materials, "hearing", PartyHearing.objects.all(), "opened_at")


def _load_claims(materials: Sequence[Material]) -> None:
    claims = RepaymentClaim.objects.select_related("hearing")
    _take_own(materials, "claim", claims, "proposed_at")
    heard = heard_in_reminder(_cases(materials))
    for m in materials:
        m.heard = heard.get(m.application.pk)


def _load_repaid(materials: Sequence[Material]) -> None:
    claims = RepaymentClaim.objects.filter(
        application__in=_cases(materials), state=ClaimState.SETTLED
    )
    sums = claims.order_by("application").values_list("application").annotate(Sum("received_kr"))
    came_back = dict(sums)
    for m in materials:
        m.repaid_kr = came_back.get(m.application.pk, Decimal(0))


def _load_reports(materials: Sequence[Material]) -> None:
    rows = Report.objects.filter(application__in=_cases(materials))
    by_case = {row.application_id: row for row in rows}  # a case has one
    for m in materials:
        m.report = by_case.get(m.application.pk)


def _load_appeals(materials: Sequence[Material]) -> None:
    told = [m.entry.data["appeal"] for m in materials if "appeal" in m.entry.data]
    rows = Appeal.objects.select_related("decision").in_bulk(told)
    for m in materials:
        m.appeal = rows.get(m.entry.data.get("appeal"))


def _load_answered_appeals(materials: Sequence[Material]) -> None:
    """The complaint that a new decision answers; none for any other decision."""
    told = [m.decision.pk for m in materials if m.decision]
    rows = {row.new_decision_id: row for row in Appeal.objects.filter(new_decision__in=told)}
    for m in materials:
        if m.decision and m.decision.pk in rows:
            m.appeal = rows[m.decision.pk]


def _load_changes(materials: Sequence[Material]) -> None:
    told = [m.entry.data["change"] for m in materials if "change" in m.entry.data]
    rows = ChangeRequest.objects.in_bulk(told)
    for m in materials:
        m.change = rows.get(m.entry.data.get("change"))


def _load_contents(materials: Sequence[Material]) -> None:
    contents.load([m.application for m in materials])


def _load_meetings(materials: Sequence[Material]) -> None:
    found = expected_meetings([m.application for m in materials])
    for m in materials:
        m.meeting_on = found.get(m.application.pk)


def _load_next_meetings(materials: Sequence[Material]) -> None:
    found = next_meetings([m.application for m in materials], min(m.issued_at for m in materials))
    for m in materials:
        m.meeting_on, m.is_on_agenda = found.get(m.application.pk, (None, False))


def _cases(materials: Sequence[Material]) -> list[int]:
    return [m.application.pk for m in materials]


def _take_own(
    materials: Sequence[Material], name: str, rows: QuerySet[Any], opened_at: str
) -> None:
    """The row that the entry names; of one that names none, the newest opened by then."""
    for row in rows.filter(application__in=_cases(materials)).order_by("pk"):
        for m in materials:
            own = m.entry.data.get(name)
            is_own = row.pk == own if own else getattr(row, opened_at) <= m.entry.at
            if m.application.pk == row.application_id and is_own:
                setattr(m, name, row)


LOADERS = {
    "decision": _load_decisions,
    "annulled": _load_annulled,
    "guidance": _load_guidance,
    "points": _load_points,
    "payments": _load_payments,
    "request": _load_requests,
    "hearing": _load_hearings,
    "claim": _load_claims,
    "repaid": _load_repaid,
    "report": _load_reports,
    "appeal": _load_appeals,
    "answered_appeal": _load_answered_appeals,
    "change": _load_changes,
    "contents": _load_contents,
    "meeting": _load_meetings,
    "next_meeting": _load_next_meetings,
}


# ---- what every letter says, and parts that several say ----


def common(m: Material) -> Facts:
    """Recipient, case, sender: the frame of every letter."""
    a, site = m.application, settings.SITE
    office, _comma, place = site["office"].partition(", ")
    worker = a.caseworker
    return {
        "number": a.number,
        "project": a.title,
        "pool": f"{a.pool.name} {a.pool.year}",
        "issued_on": iso(m.issued_on),
        "issued_at": m.issued_at.isoformat(),
        "is_one_person": a.applicant.is_one_person,
        "wants_english": a.wants_english,
        **addressee(a),
        "sender": {
            "municipality": site["municipality"],
            "office": office,
            "place": place,
            "phone": site["phone"],
            "hours": site["hours"],
            "email": site["email"],
            "name": worker.name if worker else "",
            "title": (worker.title if worker else "") or f"Sagsbehandler, {office}",
        },
        "to_guardian": channels.is_child(getattr(a, "born_on", None), m.issued_on),
        "is_on_paper": not getattr(a, "is_followed", True),  # nobody can log in: gather()
        "joins_by_cvr": _joins_by_cvr(a),
        "link": f"{site['url']}/ansoeg/{a.pk}/",
        "privacy_link": f"{site['url']}/persondata/",
        "check_link": f"{site['url']}/brev/tjek/",
        "due_on": iso(a.due_on),
    }


def _joins_by_cvr(a: Application) -> bool:
    """Whoever logs in with its MitID Erhverv has the case at once (actions/applicant/identity)."""
    return bool(a.applicant.cvr) and a.applicant.kind != ApplicantKind.MUNICIPAL_INSTITUTION


def addressee(a: Application) -> Facts:
    """Whom a letter names; it must still be so when it leaves (``names_today``)."""
    return {"recipient": a.applicant.name, "address": address_of(a), "cvr": a.applicant.cvr}


def names_today(facts: Mapping[str, Any], a: Application) -> bool:
    """The letter names the applicant as it is called, and where it lives, today."""
    return all(facts[name] == said for name, said in addressee(a).items())


def address_of(a: Application) -> list[str]:
    """The lines of an envelope."""
    who = a.applicant
    attention = f"Att. {a.contact_name}" if a.contact_name and a.contact_name != who.name else ""
    town = f"{who.postcode} {who.town}".strip()
    return [line for line in (who.name, attention, who.street, town) if line]


def heard(m: Material) -> Facts:
    """What others have told us, and until when the applicant can answer it."""
    h = m.hearing
    assert h is not None
    return {"fact": h.fact, "source": h.source, "due_on": iso(h.due_on)}


def appeal(m: Material) -> Facts:
    """The appeal guidance of the case's legal basis, and whether the letter may go at all."""
    a = m.application
    return guidance_told(m.guidance, a.version.legal_basis, one=a.applicant.is_one_person)


def report_name(a: Application, amount_kr: Decimal) -> str:
    """Which report the amount asks for, in words."""
    return REPORT_NAMES[demanded_of(a, amount_kr)]


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def kr(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def in_template(facts: Mapping[str, Any]) -> Facts:
    """The facts with the pronouns laid over them: what a template sees."""
    return {**facts, **words(one=facts["is_one_person"])}


def issued_at(facts: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["issued_at"])
