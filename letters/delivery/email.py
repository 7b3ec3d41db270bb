"""E-mail: there is a letter, here attached. The subject tells nothing about anybody."""

import smtplib

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.delivery import DeliveryFailed, Parcel, Refused, Sent


class EmailPort:
    """One mail a letter through Django's mail backend (SMTP); the same Message-ID for every try."""

    def send(self, parcel: Parcel) -> Sent:
        send(_mail(parcel))
        return Sent(parcel.message_id, available_at=timezone.now())


def send(mail: EmailMultiAlternatives) -> None:
    """Hand one mail to the mail server. Raises DeliveryFailed or Refused."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _text in error.recipients.values()):
            raise Refused(_("Mailserveren kender ikke modtagerens adresse."), str(error)) from error
        raise DeliveryFailed(_("Mailserveren tager ikke imod lige nu."), str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryFailed(
            _("Mailserveren svarer ikke."), f"{type(error).__name__}: {error}"
        ) from error


def _mail(parcel: Parcel) -> EmailMultiAlternatives:
    told = {**parcel.facts, "letter_link": parcel.link, "enclosure": bool(parcel.enclosure)}
    mail = EmailMultiAlternatives(
        subject=_("Nyt brev i sag %s") % parcel.number,
        body=render_to_string("letters/mail.txt", told),
        to=[parcel.email],
        headers={"Message-ID": parcel.message_id},
    )
    mail.attach_alternative(render_to_string("letters/mail.html", told), "text/html")
    mail.attach(f"{parcel.number}.pdf", parcel.pdf, "application/pdf")
    if parcel.enclosure:
        mail.attach(f"{parcel.number}-ansoegning.pdf", parcel.enclosure, "application/pdf")
    return mail
