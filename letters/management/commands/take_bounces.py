"""manage.py take_bounces: read the mails that came back, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from letters import bounces


class Command(BaseCommand):
    help = "Læser de mails, der er kommet retur (BOUNCE_MAILDIR)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BOUNCE_MAILDIR:
            raise CommandError("Sæt BOUNCE_MAILDIR til den Maildir, hvor returmails lægges.")
        taken = bounces.take_all(timezone.now())
        self.stdout.write(f"{taken} mails er kommet retur.")
