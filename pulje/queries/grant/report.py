"""The report as it stands: what the form begins with, what is signed, what is left of the money."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pulje.enums import PaymentPlan, PaymentState
from pulje.models import Application, Report, ReportLine
from pulje.rules.repayment import amount_to_repay, unused
from pulje.rules.reporting import DEFAULT_STEPS, demand_for

FIELDS = ("went", "story", "worked", "learned", "participants", "volunteers", "may_publish")
LINES = "lines"


class Row(Protocol):
    """A line of the accounts, saved or typed."""

    @property
    def text(self) -> str: ...

    @property
    def actual_kr(self) -> Decimal: ...


@dataclass(frozen=True)
class ReportDraft:
    """The report so far, and the rows of its accounts: the saved ones, else the budget's."""

    report: Report | None
    lines: list[ReportLine]


@dataclass(frozen=True)
class Rest:
    """What the accounts leave of the grant, in kr: to pay back, and not to be paid out."""

    repay_kr: Decimal
    unpaid_kr: Decimal

    @property
    def left_kr(self) -> Decimal:
        return self.repay_kr + self.unpaid_kr


def report_draft(application: Application) -> ReportDraft:
    """What the report form begins with; the accounts' rows keep their order."""
    report = Report.objects.filter(application=application).first()
    lines = list(report.lines.order_by("position")) if report else []
    if not lines:
        lines = [
            ReportLine(kind=line.kind, text=line.text, budget_kr=line.amount_kr)
            for line in application.budget_lines.order_by("position")
        ]
    return ReportDraft(report, lines)


def demanded_of(application: Application, amount_kr: Decimal) -> str:
    """Which report a grant of that size asks this applicant for (rules/reporting.py)."""
    steps = [
        (None if limit is None else Decimal(str(limit)), code)
        for limit, code in application.version.report_steps
    ]
    return demand_for(amount_kr, steps or DEFAULT_STEPS, kind=application.applicant.kind)


def report_values(application: Application) -> dict[str, object]:
    """Every value of the report by name, as two pages compare them."""
    saved = report_draft(application)
    report = saved.report or Report()
    values: dict[str, object] = {name: getattr(report, name) for name in FIELDS}
    return values | {LINES: rows_of(saved.lines)}


def rows_of(lines: Iterable[Row]) -> list[list[str]]:
    """The accounts as they are compared and shown: what for, and how much."""
    return [[line.text, f"{line.actual_kr:.2f}"] for line in lines]


def rest_of(application: Application, spent_kr: Decimal, income_kr: Decimal) -> Rest | None:
    """What is left when the accounts are as typed; None while nothing is typed."""
    if not spent_kr:
        return None
    is_guarantee = application.version.payment_plan == PaymentPlan.DEFICIT_GUARANTEE
    shown = max(spent_kr - income_kr, Decimal(0)) if is_guarantee else spent_kr
    granted = application.granted_kr or Decimal(0)
    confirmed = application.payments.filter(state=PaymentState.CONFIRMED)
    paid = sum(confirmed.values_list("amount_kr", flat=True), Decimal(0))
    told = {"granted_kr": granted, "paid_kr": paid, "accepted_kr": shown}
    return Rest(
        amount_to_repay(**told, is_guarantee=is_guarantee),
        unused(**told, is_guarantee=is_guarantee),
    )
