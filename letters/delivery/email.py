"""Letters by e-mail: a short notice with the PDF. The subject names nobody."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from letters.delivery import CannotDeliver
from letters.models import Letter


class Email:
    """Django's SMTP, one message per letter, the same Message-ID for every attempt."""

    name = "e-mail"

    def send(self, letter: Letter, pdf: bytes) -> None:
        if not letter.recipient_email:
            raise CannotDeliver("Sagen har ingen e-mail. Skriv en på ansøgningen, og prøv igen.")
        context = {**letter.facts, "letter_title": letter.title}
        message = EmailMultiAlternatives(
            subject=letter.title,
            body=render_to_string("letters/mail.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.recipient_email],
            headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("letters/mail.html", context), "text/html")
        message.attach(letter.filename, pdf, "application/pdf")
        try:
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            raise CannotDeliver(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "Modtagerens postkasse tager ikke imod. Tjek e-mailen på sagen."
    return f"Mailserveren svarede ikke som ventet ({type(error).__name__})."
