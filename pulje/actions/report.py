"""The report: saved, submitted, returned, approved or waived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from pulje.actions.deadline import closing_day, handle_by
from pulje.actions.ledger import enter, outstanding_kr, paid_kr
from pulje.actions.state import lock, move
from pulje.enums import LedgerKind, LineKind, PaymentPlan, PaymentState, ReportState
from pulje.errors import RuleBroken
from pulje.models import Application, JournalEntry, Report, ReportLine, User
from pulje.permissions import check_may
from pulje.rules.deadlines import next_clock, reminder_ladder
from pulje.rules.repayment import amount_to_repay, unused
from pulje.rules.reporting import DEFAULT_STEPS, Demand, demand_for
from pulje.states import Verb
from pulje.templatetags.words import kr_text

ZERO = Decimal("0.00")


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
        due_on=handle_by(at),
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

    ``accepted_kr``: the spending we accept (for a guarantee the deficit); default all that the
    accounts show, and the whole grant where no accounts were asked for. Raises RuleBroken when it
    is below 0 or more than the accounts show.
    Source: domain.md A7; rules/repayment.py.
    """
    application = lock(application)
    check_may(by, Verb.APPROVE_REPORT, application)
    report = application.report
    shown = _shown(application, report)
    report.accepted_kr = shown if accepted_kr is None else accepted_kr
    if not ZERO <= report.accepted_kr <= shown:
        raise RuleBroken(
            _("Regnskabet viser %s. Der kan ikke godkendes mere end det.") % kr_text(shown)
        )
    report.state, report.approved_at = ReportState.APPROVED, at
    report.save(update_fields=["accepted_kr", "state", "approved_at"])
    _release_unused(application, report, by, at)
    facts = {"accepted_kr": str(report.accepted_kr)}
    return _reported(application, Verb.APPROVE_REPORT, by, at, facts)


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


def _shown(application: Application, report: Report) -> Decimal:
    """The spending the accounts show in kr.; for a guarantee the deficit, never below 0."""
    rows = report.lines.values_list("kind").annotate(Sum("actual_kr"))
    sums: dict[str, Decimal] = dict(rows.order_by("kind"))
    if not sums:
        return application.granted_kr or ZERO
    spent = sums.pop(LineKind.EXPENSE, ZERO)
    if application.version.payment_plan != PaymentPlan.DEFICIT_GUARANTEE:
        return spent
    return max(spent - sum(sums.values(), ZERO), ZERO)


def _reported(
    application: Application, verb: Verb, by: User, at: datetime, data: Mapping[str, object]
) -> JournalEntry:
    done = [PaymentState.CONFIRMED, PaymentState.CANCELLED]
    waiting = application.payments.exclude(state__in=done).exists()
    clock_on = None if waiting else closing_day(application, at)
    return move(application, verb, by=by, at=at, clock_on=clock_on, data=data)


def _release_unused(application: Application, report: Report, by: User, at: datetime) -> None:
    """Cut what is planned, the last instalment first, and release what the accounts did not use."""
    free = unused(
        granted_kr=application.granted_kr or ZERO,
        paid_kr=paid_kr(application),
        accepted_kr=report.accepted_kr or ZERO,
        is_guarantee=application.version.payment_plan == PaymentPlan.DEFICIT_GUARANTEE,
    )
    left = min(free, outstanding_kr(application))
    planned = application.payments.filter(state__in=[PaymentState.PLANNED, PaymentState.REJECTED])
    cut = ZERO
    for payment in planned.order_by("-number"):
        part = min(left - cut, payment.amount_kr)
        cut += part
        if part == payment.amount_kr:
            payment.state = PaymentState.CANCELLED
        else:
            payment.amount_kr -= part
        payment.save(update_fields=["state", "amount_kr"])
    cause = f"approve_report:{report.pk}"
    enter(application, LedgerKind.RELEASE, cut, by=by, at=at, cause=cause)
