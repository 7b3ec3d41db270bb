"""Who has signed the very text that stands there now, and whose name is still wanted."""

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pulje.enums import SignatureKind
from pulje.models import Application, Membership, Report, Signature, SignatureReturn, User
from pulje.models.partner import TYPED

FIELDS = (
    ("title", "summary", "description", "target_group", "area", "participants", "volunteers")
    + ("learning", "starts_on", "ends_on", "supplements_paid_work", "contact_name")
    + ("contact_email", "contact_phone", "answers", "attachment_notes", "may_publish")
    + ("requested_kr",)
)
LINE = ("kind", "text", "amount_kr", "category", "funding_status")
FILE = ("kind", "question", "name", "sha256")
REPORT_FIELDS = ("went", "story", "worked", "learned", "participants", "volunteers", "may_publish")
REPORT_LINE = ("kind", "text", "budget_kr", "actual_kr")


def digest(application: Application, kind: SignatureKind = SignatureKind.APPLICATION) -> str:
    """The sha256 of all that a signer reads; any change of it gives another and undoes signatures.

    A report's digest is of the report and its accounts.
    """
    files = application.attachments.order_by("pk").values_list(*FILE)
    read: list[Any] = [kind, application.applicant_id, list(files)]
    if kind == SignatureKind.REPORT:
        report = Report.objects.filter(application=application).first()
        read += [getattr(report, name, None) for name in REPORT_FIELDS]
        lines = report.lines.order_by("position").values_list(*REPORT_LINE) if report else ()
        read.append(list(lines))
    else:
        read += [getattr(application, name) for name in FIELDS]
        read.append(list(application.budget_lines.order_by("position").values_list(*LINE)))
        read.append(list(application.partners.order_by("position").values_list(*TYPED)))
    text = json.dumps(read, default=_plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def signatures(
    application: Application, kind: SignatureKind = SignatureKind.APPLICATION
) -> list[Signature]:
    """The signatures of the text as it stands, by people who may still sign; oldest first."""
    signers = Membership.objects.signing().filter(applicant=application.applicant_id)
    return list(
        Signature.objects.filter(
            application=application,
            kind=kind,
            digest=digest(application, kind),
            user__in=signers.values("user"),
        )
        .select_related("user")
        .order_by("signed_at", "pk")
    )


def waits_for_another(
    application: Application, by: User, kind: SignatureKind = SignatureKind.APPLICATION
) -> bool:
    """True when two must sign and nobody but ``by`` has: this signature alone sends nothing."""
    if not application.applicant.two_must_sign:
        return False
    return not any(row.user_id != by.pk for row in signatures(application, kind))


def others_who_may_sign(application: Application, by: User) -> list[User]:
    """The other people who may bind the applicant."""
    seats = Membership.objects.signing().filter(applicant=application.applicant_id)
    rows: Iterable[Membership] = seats.exclude(user=by).select_related("user").order_by("pk")
    return [seat.user for seat in rows if seat.user.is_active]


def last_return(
    application: Application, kind: SignatureKind = SignatureKind.APPLICATION
) -> SignatureReturn | None:
    """What a second signer asked to have mended, as long as nobody has signed since."""
    found = application.signature_returns.filter(kind=kind).select_related("user")
    last: SignatureReturn | None = found.order_by("returned_at", "pk").last()
    if last and application.signatures.filter(kind=kind, signed_at__gt=last.returned_at).exists():
        return None
    return last
