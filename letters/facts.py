"""Objects -> the plain dict a template may see. Everything is gathered for many letters at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from pulje.enums import LedgerKind, LegalBasis, PaymentPlan
from pulje.models import (
    AppealGuidance,
    Application,
    Decision,
    InformationRequest,
    JournalEntry,
    LedgerEntry,
    PartyHearing,
    Payment,
    RepaymentClaim,
)
from pulje.states import Verb
from pulje.templatetags.words import dato_aar, kr_text, tid

Facts = dict[str, object]

MANY = {"du": "I", "Du": "I", "dig": "jer", "din": "jeres", "dit": "jeres", "dine": "jeres"}
ONE = {"du": "du", "Du": "Du", "dig": "dig", "din": "din", "dit": "dit", "dine": "dine"}
BASIS = {
    LegalBasis.KFM: "kommunalfuldmagten",
    LegalBasis.FOL: "folkeoplysningsloven",
    LegalBasis.SEL18: "serviceloven § 18",
}
PLAN = {
    PaymentPlan.UPFRONT: "Vi udbetaler hele beløbet på én gang, når {du} har sagt ja.",
    PaymentPlan.INSTALMENTS: "Vi udbetaler beløbet i rater. Den sidste rate kommer, når rapporten "
    "er godkendt.",
    PaymentPlan.ON_REQUEST: "Vi udbetaler beløbet, når {du} beder om det.",
    PaymentPlan.REIMBURSEMENT: "Vi udbetaler beløbet, når regnskabet er godkendt.",
    PaymentPlan.DEFICIT_GUARANTEE: "Tilskuddet er en underskudsgaranti. Vi udbetaler halvdelen nu "
    "og højst resten, når regnskabet er godkendt.",
}


@dataclass
class Surroundings:
    """What the letters of a set of journal entries need, fetched set-wise."""

    applications: dict[int, Application]
    decisions: dict[int, Decision] = field(default_factory=dict)
    payments: dict[int, Payment] = field(default_factory=dict)
    claims: dict[int, RepaymentClaim] = field(default_factory=dict)
    requests: dict[int, InformationRequest] = field(default_factory=dict)
    hearings: dict[int, PartyHearing] = field(default_factory=dict)
    paid: dict[int, Decimal] = field(default_factory=dict)
    guidance: dict[str, AppealGuidance] = field(default_factory=dict)


def gather(entries: Sequence[JournalEntry]) -> Surroundings:
    """Fetch for all entries at once; queries do not grow with the entries."""
    cases = {entry.application_id for entry in entries}
    around = Surroundings(
        Application.objects.select_related("applicant", "pool__committee", "version", "caseworker")
        .select_related("round")
        .in_bulk(cases)
    )
    around.decisions = _named(Decision.objects.select_related("meeting"), entries, "decision")
    around.payments = _named(Payment.objects, entries, "payment")
    around.claims = _named(RepaymentClaim.objects, entries, "claim")
    if around.decisions or around.claims:
        texts = AppealGuidance.objects.exclude(approved_at=None).order_by("version")
        around.guidance = {text.legal_basis: text for text in texts}
    if around.payments:
        rows = LedgerEntry.objects.filter(application__in=cases, kind=LedgerKind.PAY)
        sums = rows.values_list("application").annotate(Sum("amount_kr")).order_by("application")
        around.paid = dict(sums)
    if any(entry.event == Verb.ASK_FOR_INFORMATION for entry in entries):
        asked = InformationRequest.objects.filter(application__in=cases, answered_at=None)
        around.requests = {row.application_id: row for row in asked}
    if any(entry.event == Verb.OPEN_HEARING for entry in entries):
        heard = PartyHearing.objects.filter(application__in=cases, ended_at=None)
        around.hearings = {row.application_id: row for row in heard}
    return around


def _named(rows: object, entries: Iterable[JournalEntry], key: str) -> dict:
    keys = {entry.data[key] for entry in entries if key in entry.data}
    return rows.in_bulk(keys) if keys else {}


def common(application: Application, issued: datetime) -> Facts:
    """What every letter says: who writes, to whom, about what, how to get hold of us."""
    applicant, pool = application.applicant, application.pool
    words = ONE if applicant.is_one_person else MANY
    return {
        **words,
        "is_one": applicant.is_one_person,
        "number": application.number,
        "title": application.title,
        "pool": pool.name,
        "year": pool.year,
        "date": dato_aar(issued),
        "issued": issued.isoformat(),
        "recipient": applicant.name,
        "address": _address(application),
        "requested": kr_text(application.requested_kr),
        "caseworker": application.caseworker.name if application.caseworker else "",
        "link": f"{settings.SITE_URL}/ansoeg/{application.pk}/",
        "site": dict(settings.SITE),
        "legal_basis": BASIS[LegalBasis(application.version.legal_basis)],
        "adopted": dato_aar(application.version.adopted_on),
        "committee": pool.committee.name if pool.committee else "",
    }


def _address(application: Application) -> str:
    applicant = application.applicant
    att = (
        ""
        if applicant.is_one_person
        else application.contact_name and (f"Att. {application.contact_name}")
    )
    lines = [
        applicant.name,
        att,
        applicant.street,
        f"{applicant.postcode} {applicant.town}".strip(),
    ]
    return "\n".join(line for line in lines if line)


def decision(application: Application, row: Decision, around: Surroundings) -> Facts:
    """What a decision letter adds (forvaltningsloven §§ 22-25)."""
    version = application.version
    text = around.guidance.get(row.legal_basis)
    words = ONE if application.applicant.is_one_person else MANY
    max_points = 15
    return {
        "outcome": row.outcome,
        "amount": kr_text(row.amount_kr),
        "decider": _decider(application, row),
        "decided_on": dato_aar(row.decided_at),
        "reasons": row.reasons,
        "sections": row.sections,
        "conditions": row.conditions,
        "points": application.points,
        "max_points": max_points,
        "starts_on": dato_aar(application.starts_on),
        "ends_on": dato_aar(application.ends_on),
        "applied_on": dato_aar(application.submitted_at),
        "answer_by": dato_aar(application.due_on),
        "report_months": version.report_months,
        "retention_years": version.retention_years,
        "payment_plan": PLAN[PaymentPlan(version.payment_plan)].format(**words),
        "payee": _payee(application),
        "appeal": merged(text.text, application) if text else "",
        "data": {
            "sagsnummer": application.number,
            "afgoerelse": row.outcome,
            "beloeb": str(row.amount_kr),
            "ansoegt": str(application.requested_kr or 0),
            "dato": row.decided_at.date().isoformat(),
            "pulje": f"{application.pool.code}-{application.pool.year}",
            "retsgrundlag": row.legal_basis,
            "regler_version": version.number,
        },
    }


def merged(text: str, application: Application) -> str:
    """The municipality's text with its few merge fields filled in; anything else stays as it is."""
    words = ONE if application.applicant.is_one_person else MANY
    for key, value in {**words, "kontakt": settings.SITE["email"]}.items():
        text = text.replace("{" + key + "}", value)
    return text


def _decider(application: Application, row: Decision) -> str:
    if row.meeting_id is None or application.pool.committee is None:
        return settings.SITE["municipality"]
    return application.pool.committee.name


def _payee(application: Application) -> str:
    applicant = application.applicant
    return f"CVR {applicant.cvr}" if applicant.cvr else applicant.name


def payment(application: Application, row: Payment, around: Surroundings) -> Facts:
    """What a payment notice adds."""
    return {
        "amount": kr_text(row.amount_kr),
        "instalment": row.number,
        "paid": kr_text(around.paid.get(application.pk, row.amount_kr)),
        "granted": kr_text(application.granted_kr),
        "report_due": dato_aar(application.due_on) if application.due_on else "",
        "payee": _payee(application),
    }


def claim(application: Application, row: RepaymentClaim, around: Surroundings) -> Facts:
    """What a repayment claim adds."""
    text = around.guidance.get(application.version.legal_basis)
    return {
        "amount": kr_text(row.amount_kr),
        "granted": kr_text(application.granted_kr),
        "reasons": row.reasons,
        "due_on": dato_aar(row.due_on),
        "heard_on": dato_aar(row.hearing.opened_at) if row.hearing else "",
        "basis": "folkeoplysningslovens § 33, stk. 5"
        if application.version.legal_basis == LegalBasis.FOL
        else "vilkårene i bevillingsbrevet",
        "decider": settings.SITE["municipality"],
        "appeal": merged(text.text, application) if text else "",
    }


def receipt(application: Application) -> Facts:
    """What the receipt adds (E1)."""
    round = application.round
    delegated = application.version.delegation_limit_kr
    by_committee = delegated is None or (application.requested_kr or 0) > delegated
    return {
        "received_on": dato_aar(application.submitted_at),
        "received_at": tid(application.submitted_at),
        "is_late": application.is_late,
        "by_committee": by_committee,
        "answer_on": day(round.answer_on or application.due_on),
        "working_days": application.version.answer_working_days,
    }


def day(value: date | str | None) -> str:
    """A date, or one as it stands in the journal, in words."""
    return dato_aar(date.fromisoformat(value) if isinstance(value, str) else value)
