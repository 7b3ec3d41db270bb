"""Signing and sending a report: where two must sign, the last signature sends it."""

from datetime import datetime

from letters.mailing import queue_mail
from pulje.actions import report as actions
from pulje.actions import signature
from pulje.actions.state import lock
from pulje.enums import LineKind, SignatureKind
from pulje.models import Application, JournalEntry, Report, User
from pulje.queries.report import FIELDS
from pulje.queries.signature import digest, others_who_may_sign, waits_for_another
from workflow.hands import carry_out, one_at_a_time

REPORT = SignatureKind.REPORT


def sign_or_send_report(application: Application, *, by: User, at: datetime) -> JournalEntry | None:
    """Send the saved report; None while another must sign it too, who is asked by mail.

    Raises RuleBroken when it lacks something, and what ``sign`` and ``submit_report`` raise.
    """
    with one_at_a_time():
        locked = lock(application)
        actions.check_demands(locked)
        actions.check_papers(locked)
        if waits_for_another(locked, by, REPORT):
            signature.sign(locked, by=by, at=at, kind=REPORT)
            _ask_to_sign(locked, by, at)
            return None
        return carry_out(actions.submit_report, application, by=by, at=at, **_as_saved(locked))


def _ask_to_sign(application: Application, by: User, at: datetime) -> None:
    """The same text to the same person once a day."""
    text = digest(application, REPORT)[:16]
    for person in others_who_may_sign(application, by):
        queue_mail(
            "REPORT_SIGN_REQUEST",
            to=person.email,
            cause=f"report-sign:{application.pk}:{text}:{person.pk}:{at:%Y%m%d}",
            facts={"application": application.pk},
            application=application,
        )


def _as_saved(application: Application) -> dict[str, object]:
    """The report is signed as it stands, so it is sent as it stands."""
    report = Report.objects.get(application=application)
    lines = [
        actions.AccountLine(LineKind(line.kind), line.text, line.budget_kr, line.actual_kr)
        for line in report.lines.order_by("position")
    ]
    return {"fields": {name: getattr(report, name) for name in FIELDS}, "lines": lines}
