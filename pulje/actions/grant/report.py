"""The report: saved, submitted, returned, approved or waived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pulje.actions.deadline import check_deadline, closing_day, handle_by
from pulje.actions.digest import digests
from pulje.actions.in_words import check_in_words
from pulje.actions.ledger import enter, outstanding_kr, paid_kr
from pulje.actions.on_behalf import OnBehalf, came_at
from pulje.actions.signature import check_signed, sign
from pulje.actions.state import lock, move
from pulje.enums import (
    AttachmentKind,
    LedgerKind,
    LineKind,
    PaymentPlan,
    PaymentState,
    ReportState,
    SignatureKind,
)
from pulje.errors import RuleBroken
from pulje.models import Application, JournalEntry, Report, ReportLine, User
from pulje.permissions import check_may
from pulje.queries.grant.report import LINES, demanded_of, report_values, rows_of
from pulje.rules.deadlines import next_clock, reminder_ladder
from pulje.rules.repayment import unused
from pulje.rules.reporting import Demand
from pulje.rules.texts import is_blank
from pulje.states import Verb
from pulje.templatetags.words import kr_text

ZERO = Decimal("0.00")
PAPERS = {
    Demand.BOARD_SIGNED: gettext_noop("Vedlæg regnskabet med bestyrelsens underskrift."),
    Demand.AUDITED: gettext_noop("Vedlæg regnskabet, set igennem af jeres egen revisor."),
    Demand.REGISTERED_AUDITOR: gettext_noop("Vedlæg regnskabet, set af en registreret revisor."),
}


@dataclass(frozen=True)
class AccountLine:
    """Accounts beside budget, in kr."""

    kind: LineKind
    text: str
    budget_kr: Decimal
    actual_kr: Decimal


@dataclass(frozen=True)
class ReportKept:
    """What became of a page: the digests it now builds on, and what others wrote meanwhile."""

    base: dict[str, str]
    theirs: dict[str, object]


@transaction.atomic
def keep_report(
    application: Application,
    *,
    by: User,
    fields: Mapping[str, object],
    lines: Sequence[AccountLine],
    base: Mapping[str, str],
) -> ReportKept:
    """Keep what a page changed since it was loaded; what another has changed too stays theirs.

    ``base`` holds the digests of the values as the page was loaded. Raises WrongState or NotAllowed
    like ``submit_report``.
    """
    application = lock(application)
    check_may(by, Verb.SUBMIT_REPORT, application)
    saved = report_values(application)
    typed: dict[str, object] = {**fields, LINES: rows_of(lines)}
    now, mine, kept = digests(saved), digests(typed), dict(base)
    write, theirs = set(), {}
    for name in typed:
        was = kept.setdefault(name, now[name])
        if mine[name] == now[name]:
            kept[name] = now[name]
        elif mine[name] != was and now[name] == was:
            write.add(name)
            kept[name] = mine[name]
        elif mine[name] != was:
            theirs[name] = saved[name]
    if write:
        chosen = {name: value for name, value in fields.items() if name in write}
        _save(application, chosen, lines if LINES in write else None)
    return ReportKept(kept, theirs)


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
    keyed: OnBehalf | None = None,
) -> JournalEntry:
    """Send the report. Raises RuleBroken when the demands of the amount's step are not met, and
    where two must sign and nobody else has signed this very text; what is keyed in is signed on
    paper.

    Source: the pool's report_steps; defaults in domain.md A7.
    """
    application = lock(application)
    check_may(by, Verb.SUBMIT_REPORT, application)
    report = _save(application, fields, lines)
    check_demands(application)
    if application.applicant.two_must_sign and keyed is None:
        sign(application, by=by, at=at, kind=SignatureKind.REPORT)
        application = lock(application)  # its journal has one line more
        check_signed(application, SignatureKind.REPORT)
    report.state, report.submitted_at, report.submitted_by = ReportState.SUBMITTED, at, by
    report.save(update_fields=["state", "submitted_at", "submitted_by"])
    return move(
        application,
        Verb.SUBMIT_REPORT,
        by=by,
        at=at,
        keyed=keyed,
        due_on=handle_by(came_at(keyed, at)),
    )


@transaction.atomic
def return_report(
    application: Application, *, by: User, at: datetime, missing: str, due_on: date
) -> JournalEntry:
    """Ask for a better report, with a deadline. Raises RuleBroken without words or time."""
    application = lock(application)
    check_may(by, Verb.RETURN_REPORT, application)
    if is_blank(missing):
        raise RuleBroken(_("Skriv, hvad der mangler."))
    check_deadline(due_on, at)
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
        data={"due_on": due_on.isoformat(), "missing": missing},
    )


@transaction.atomic
def approve_report(
    application: Application,
    *,
    by: User,
    at: datetime,
    accepted_kr: Decimal | None = None,
    reason: str = "",
) -> JournalEntry:
    """Approve the report; what a guarantee or reimbursement did not use returns to the frame.

    ``accepted_kr``: the spending we accept (for a guarantee the deficit); default all that the
    accounts show, and the whole grant where no accounts were asked for. Raises RuleBroken when it
    is below 0 or more than the accounts show, and without a reason when it is less.
    Source: domain.md A7; rules/repayment.py; forvaltningsloven § 22 (less than was asked for).
    """
    application = lock(application)
    check_may(by, Verb.APPROVE_REPORT, application)
    report = application.report
    shown = _shown(application, report)
    report.accepted_kr = shown if accepted_kr is None else accepted_kr
    if not ZERO <= report.accepted_kr <= shown:
        raise RuleBroken(
            _("Regnskabet viser %s, og der kan ikke godkendes mere end det.") % kr_text(shown)
        )
    if report.accepted_kr < shown:
        check_in_words(reason, _("Skriv, hvorfor ikke alle udgifter godkendes."))
    report.state, report.approved_at = ReportState.APPROVED, at
    report.save(update_fields=["accepted_kr", "state", "approved_at"])
    cut = _release_unused(application, report, by, at)
    facts = {"accepted_kr": str(report.accepted_kr), "shown_kr": str(shown), "cut_kr": str(cut)}
    if report.accepted_kr < shown:
        facts["reason"] = reason
    return _reported(application, Verb.APPROVE_REPORT, by, at, facts)


@transaction.atomic
def waive_report(application: Application, *, by: User, at: datetime, reason: str) -> JournalEntry:
    """Let the grantee off the report. Raises RuleBroken without a reason."""
    application = lock(application)
    check_may(by, Verb.WAIVE_REPORT, application)
    if is_blank(reason):
        raise RuleBroken(_("Skriv, hvorfor der ikke kræves rapport."))
    return _reported(application, Verb.WAIVE_REPORT, by, at, {"reason": reason})


def demand(application: Application) -> str:
    """Which report the granted amount asks for (rules/reporting.py)."""
    return demanded_of(application, application.granted_kr or ZERO)


def _save(
    application: Application, fields: Mapping[str, object], lines: Sequence[AccountLine] | None
) -> Report:
    """Write the fields that are given, and the accounts; None leaves the accounts as they are."""
    report, _created = Report.objects.get_or_create(application=application)
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(update_fields=list(fields) or None)
    if lines is None:
        return report
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


def check_demands(application: Application) -> None:
    """Raise RuleBroken when the saved report lacks what the amount's step demands."""
    report = Report.objects.filter(application=application).first()
    if report is None or is_blank(report.story):
        raise RuleBroken(_("Fortæl kort, hvad der skete."))
    if demand(application) != Demand.STORY and not report.lines.filter(actual_kr__gt=0).exists():
        raise RuleBroken(_("Udfyld regnskabet ved siden af budgettet."))


def check_papers(application: Application) -> None:
    """Raise RuleBroken when the amount demands a signed or audited account and none has come.

    Source: the pool's report_steps; defaults in domain.md A7.
    """
    if demand(application) not in PAPERS:
        return
    decided_at = application.decisions.get(is_current=True).decided_at
    accounts = application.attachments.filter(kind=AttachmentKind.ACCOUNTS)
    if not accounts.filter(uploaded_at__gte=decided_at).exists():
        raise RuleBroken(_(PAPERS[Demand(demand(application))]))


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


def _release_unused(application: Application, report: Report, by: User, at: datetime) -> Decimal:
    """Cut what is planned, the last instalment first, and release what the accounts did not use.

    Gives what was cut.
    """
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
    return cut
