"""The report: saved, submitted, returned, approved or waived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.clarification import HANDLING_DAYS
from pulje.actions.ledger import enter, outstanding_kr
from pulje.actions.state import lock, move
from pulje.enums import LedgerKind, LineKind, PaymentPlan, PaymentState, ReportState
from pulje.errors import RuleBroken
from pulje.models import Application, JournalEntry, Report, ReportLine, User
from pulje.permissions import check_may
from pulje.rules.deadlines import next_clock, reminder_ladder
from pulje.rules.repayment import amount_to_repay
from pulje.rules.reporting import DEFAULT_STEPS, Demand, demand_for
from pulje.states import Verb


@dataclass(frozen=True)
class AccountLine:
    """Accounts beside budget, in kr."""

    kind: LineKind
    text: str
    budget_kr: Decimal
    actual_kr: Decimal


@transaction.atomic
def save_report(
    application: Application,
    *,
    by: User,
    fields: Mapping[str, object],
    lines: Sequence[AccountLine],
) -> Report:
    """Keep what is typed so far. Raises WrongState or NotAllowed like ``submit_report``."""
    application = lock(application)
    check_may(by, Verb.SUBMIT_REPORT, application)
    return _save(application, fields, lines)


@transaction.atomic
def submit_report(
    application: Application,
    *,
    by: User,
    at: datetime,
    fields: Mapping[str, object],
    lines: Sequence[AccountLine],
) -> JournalEntry:
    """Send the report. Raises RuleBroken when the demands of the amount's step are not met.

    Source: the pool's report_steps; defaults in domain.md A7.
    """
    application = lock(application)
    check_may(by, Verb.SUBMIT_REPORT, application)
    report = _save(application, fields, lines)
    _check_demands(application, report, lines)
    report.state, report.submitted_at, report.submitted_by = ReportState.SUBMITTED, at, by
    report.save(update_fields=["state", "submitted_at", "submitted_by"])
    return move(
        application,
        Verb.SUBMIT_REPORT,
        by=by,
        at=at,
        due_on=timezone.localdate(at) + timedelta(days=HANDLING_DAYS),
    )


@transaction.atomic
def return_report(
    application: Application, *, by: User, at: datetime, missing: str, due_on: date
) -> JournalEntry:
    """Ask for a better report, with a deadline. Raises RuleBroken without words or time."""
    application = lock(application)
    check_may(by, Verb.RETURN_REPORT, application)
    if not missing.strip() or due_on <= timezone.localdate(at):
        raise RuleBroken(_("Skriv, hvad der mangler, og giv en frist, der ligger efter i dag."))
    Report.objects.filter(application=application).update(
        state=ReportState.RETURNED, missing=missing
    )
    return move(
        application,
        Verb.RETURN_REPORT,
        by=by,
        at=at,
        due_on=due_on,
        clock_on=next_clock(reminder_ladder(due_on), frozenset()),
        data={"due_on": due_on.isoformat()},
    )


@transaction.atomic
def approve_report(
    application: Application, *, by: User, at: datetime, accepted_kr: Decimal | None = None
) -> JournalEntry:
    """Approve the report; what a guarantee or reimbursement did not use returns to the frame.

    ``accepted_kr``: the expenses we accept; default all that the accounts show.
    Source: domain.md A7; rules/repayment.py.
    """
    application = lock(application)
    check_may(by, Verb.APPROVE_REPORT, application)
    report = application.report
    spent = _spent(report)
    report.accepted_kr = spent if accepted_kr is None else min(accepted_kr, spent)
    report.state, report.approved_at = ReportState.APPROVED, at
    report.save(update_fields=["accepted_kr", "state", "approved_at"])
    entry = _reported(application, Verb.APPROVE_REPORT, by, at, {"accepted_kr": str(spent)})
    if report.lines.exists():
        _release_unused(application, report.accepted_kr, by, at, entry.pk)
    return entry


@transaction.atomic
def waive_report(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """Let the grantee off the report. Raises RuleBroken without a reason."""
    application = lock(application)
    check_may(by, Verb.WAIVE_REPORT, application)
    if not reason.strip():
        raise RuleBroken(_("Skriv, hvorfor der ikke kræves rapport."))
    return _reported(application, Verb.WAIVE_REPORT, by, at, {"reason": reason})


def to_repay_kr(application: Application, paid: Decimal) -> Decimal:
    """What an approved account shows should come back, in kr."""
    report = Report.objects.filter(application=application).first()
    accepted = report.accepted_kr if report and report.accepted_kr is not None else Decimal(0)
    return amount_to_repay(
        granted_kr=application.granted_kr or Decimal(0),
        paid_kr=paid,
        accepted_kr=accepted,
        is_guarantee=application.version.payment_plan == PaymentPlan.DEFICIT_GUARANTEE,
    )


def demand(application: Application) -> str:
    """Which report the granted amount asks for (rules/reporting.py)."""
    steps = [
        (None if limit is None else Decimal(str(limit)), code)
        for limit, code in application.version.report_steps
    ]
    return demand_for(application.granted_kr or Decimal(0), steps or DEFAULT_STEPS)


def _save(
    application: Application, fields: Mapping[str, object], lines: Sequence[AccountLine]
) -> Report:
    report, _created = Report.objects.get_or_create(application=application)
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(update_fields=list(fields) or None)
    report.lines.all().delete()
    ReportLine.objects.bulk_create(
        ReportLine(
            report=report,
            position=position,
            kind=line.kind,
            text=line.text,
            budget_kr=line.budget_kr,
            actual_kr=line.actual_kr,
        )
        for position, line in enumerate(lines, start=1)
    )
    return report


def _check_demands(application: Application, report: Report, lines: Sequence[AccountLine]) -> None:
    if not report.story.strip():
        raise RuleBroken(_("Fortæl kort, hvad der skete."))
    if demand(application) != Demand.STORY and not any(line.actual_kr for line in lines):
        raise RuleBroken(_("Udfyld regnskabet ved siden af budgettet."))


def _spent(report: Report) -> Decimal:
    lines = report.lines.filter(kind=LineKind.EXPENSE).order_by("pk")
    return sum(lines.values_list("actual_kr", flat=True), Decimal(0))


def _reported(
    application: Application, verb: Verb, by: User, at: datetime, data: Mapping[str, object]
) -> JournalEntry:
    done = [PaymentState.CONFIRMED, PaymentState.CANCELLED]
    waiting = application.payments.exclude(state__in=done).exists()
    clock_on = (
        None
        if waiting
        else timezone.localdate(at) + timedelta(days=application.version.closing_days)
    )
    return move(application, verb, by=by, at=at, clock_on=clock_on, data=data)


def _release_unused(
    application: Application, accepted: Decimal, by: User, at: datetime, entry: int
) -> None:
    """Cut the payments after the report to what was used, and release the rest of the grant."""
    unused = min(
        max((application.granted_kr or Decimal(0)) - accepted, Decimal(0)),
        outstanding_kr(application),
    )
    left = unused
    waiting = application.payments.filter(after_report=True, state=PaymentState.PLANNED)
    for payment in waiting.order_by("-number"):
        cut = min(left, payment.amount_kr)
        left -= cut
        if cut == payment.amount_kr:
            payment.state = PaymentState.CANCELLED
        else:
            payment.amount_kr -= cut
        payment.save(update_fields=["state", "amount_kr"])
    freed = unused - left
    enter(application, LedgerKind.RELEASE, freed, by=by, at=at, cause=f"approve_report:{entry}")
