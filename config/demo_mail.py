"""The demo's mail box: what Puljer has sent. Mounted only where settings.DEMO is true."""

import mailbox
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

NEWEST = 200


def _box() -> mailbox.Maildir:
    return mailbox.Maildir(settings.DATA_DIR / "mail", create=True)


def _message(key: str, *, headers_only: bool = False) -> EmailMessage:
    try:
        content = _box().get_bytes(key)
    except KeyError:
        raise Http404 from None
    parser = BytesParser(EmailMessage, policy=policy.default)
    return parser.parsebytes(content, headersonly=headers_only)


def _headers(key: str, message: EmailMessage) -> dict[str, Any]:
    return {
        "key": key,
        "to": message["To"] or "",
        "subject": message["Subject"] or "",
        "date": message["Date"] or "",
    }


@login_not_required
@require_safe
def box(request: HttpRequest) -> HttpResponse:
    """The newest mails first; the Maildir's keys begin with the time of arrival."""
    keys = sorted(_box().keys(), reverse=True)
    mails = [_headers(key, _message(key, headers_only=True)) for key in keys[:NEWEST]]
    return render(request, "demo_mail/box.html", {"mails": mails, "count": len(keys)})


@login_not_required
@require_safe
def mail(request: HttpRequest, key: str) -> HttpResponse:
    message = _message(key)
    text = message.get_body(preferencelist=("plain",))
    facts = _headers(key, message) | {
        "text": text.get_content() if text else "",
        "files": [part.get_filename() or "fil" for part in message.iter_attachments()],
    }
    return render(request, "demo_mail/mail.html", {"mail": facts})


@login_not_required
@require_safe
def attachment(request: HttpRequest, key: str, number: int) -> HttpResponse:
    parts = list(_message(key).iter_attachments())
    if not 1 <= number <= len(parts):
        raise Http404
    part = parts[number - 1]
    content = part.get_payload(decode=True)
    # only PDF is shown; anything else an applicant may have sent along is downloaded
    shown = part.get_content_type() == "application/pdf"
    response = HttpResponse(
        content, content_type="application/pdf" if shown else "application/octet-stream"
    )
    response["Content-Disposition"] = "inline" if shown else "attachment"
    return response


urlpatterns = [
    path("", box, name="demo-mail"),
    path("<str:key>/", mail, name="demo-mail-one"),
    path("<str:key>/<int:number>/", attachment, name="demo-mail-attachment"),
]
