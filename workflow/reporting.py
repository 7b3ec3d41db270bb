"""Signing and sending a report: where two must sign, the last signature sends it."""

from datetime import datetime

from pulje.actions import signature
from pulje.actions.grant import report as actions
from pulje.enums import LineKind, SignatureKind
from pulje.models import Application, JournalEntry, Report, User
from pulje.queries.application.signature import others_who_may_sign, waits_for_another
from pulje.queries.grant.report import FIELDS
from workflow.hands import carry_out, lock_whole, one_at_a_time
from workflow.signing import ask_to_sign

REPORT = SignatureKind.REPORT


def sign_or_send_report(application: Application, *, by: User, at: datetime) -> JournalEntry | None:
    """Send the saved report; None while another must sign it too, who is asked by mail.

    Raises RuleBroken when it lacks something, and what ``sign`` and ``submit_report`` raise.
    """
    with one_at_a_time():
        locked = lock_whole(application)
        actions.check_demands(locked)
        actions.check_papers(locked)
        if waits_for_another(locked, by, REPORT):
            signature.sign(locked, by=by, at=at, kind=REPORT)
            ask_to_sign(locked, others_who_may_sign(locked, by), at=at, kind=REPORT)
            return None
        return carry_out(actions.submit_report, application, by=by, at=at, **_as_saved(locked))


def _as_saved(application: Application) -> dict[str, object]:
    """The report is signed as it stands, so it is sent as it stands."""
    report = Report.objects.get(application=application)
    lines = [
        actions.AccountLine(LineKind(line.kind), line.text, line.budget_kr, line.actual_kr)
        for line in report.lines.order_by("position")
    ]
    return {"fields": {name: getattr(report, name) for name in FIELDS}, "lines": lines}
