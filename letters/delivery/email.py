"""E-mail: a notice that there is a letter on the case. Never what it says, and nothing attached."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Parcel, Refused, Sent, mail_body

_line: ContextVar[BaseEmailBackend | None] = ContextVar("mail_line", default=None)


class EmailPort:
    """One mail a letter through Django's mail backend (SMTP); the same Message-ID for every try.

    The letter itself is on the case; it can be read there as soon as the notice has left.
    """

    def send(self, parcel: Parcel) -> Sent:
        send(notice(parcel))
        return Sent(parcel.message_id, available_at=timezone.now())


def notice(parcel: Parcel) -> EmailMultiAlternatives:
    """Whose case and that it is a letter. The subject has the case's number, which tells nobody
    anything, so that two notices are not folded into one; no name, no project, no kind of letter.
    """
    told = {
        **{word: parcel.facts[word] for word in ("du", "dit", "Du")},
        "number": parcel.number,
        "wants_english": parcel.facts.get("wants_english", False),
        "link": parcel.link,
        "site": settings.SITE,
    }
    return mail_body.message(
        to=parcel.email,
        subject=_("Nyt brev i %(din)s sag %(number)s")
        % {"din": parcel.facts["din"], "number": parcel.number},
        template="mails/letter.txt",
        told=told,
        links={parcel.link: _("Log ind, og læs brevet")},
        headers={"Message-ID": parcel.message_id},
    )


@contextmanager
def one_line() -> Iterator[None]:
    """All mails sent meanwhile share a connection, opened when the first one needs it."""
    connection: BaseEmailBackend = get_connection()
    token = _line.set(connection)
    try:
        yield
    finally:
        _line.reset(token)
        _hang_up(connection)


def send(mail: EmailMultiAlternatives) -> None:
    """Hand one mail to the mail server. Raises DeliveryFailed or Refused.

    Where EMAIL_USE_TLS is set, nothing is said in clear: a server without STARTTLS, or with a
    certificate that does not hold, gets no mail (smtplib and Django's backend refuse).
    """
    connection = _line.get()
    try:
        if connection is not None:
            connection.open()
            mail.connection = connection
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _text in error.recipients.values()):
            raise Refused(_("Mailserveren kender ikke modtagerens adresse."), str(error)) from error
        raise DeliveryFailed(_("Mailserveren tager ikke imod lige nu."), str(error)) from error
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
        raise DeliveryFailed(
            _("Forbindelsen til mailserveren er ikke sikker."), f"{type(error).__name__}: {error}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        _hang_up(connection)
        raise DeliveryFailed(
            _("Mailserveren svarer ikke."), f"{type(error).__name__}: {error}"
        ) from error


def _hang_up(connection: BaseEmailBackend | None) -> None:
    """The next mail begins anew; a line that is gone already is no trouble."""
    try:
        if connection is not None:
            connection.close()
    except (smtplib.SMTPException, OSError):
        pass
