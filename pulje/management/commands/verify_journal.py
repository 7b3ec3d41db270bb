from django.core.management.base import BaseCommand, CommandError

from pulje.actions.journal import broken_entries
from pulje.models import Application


class Command(BaseCommand):
    help = "Reads every case's journal and names each entry that was changed or is missing."

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="*", help="case numbers; all cases when left out")

    def handle(self, *args, **options):
        cases = Application.objects.filter(journal_length__gt=0).order_by("pk")
        if options["number"]:
            cases = cases.filter(number__in=options["number"])
        breaks = broken_entries(cases.prefetch_related("journal").iterator(chunk_size=500))
        for sentence in breaks:
            self.stderr.write(sentence)
        if breaks:
            raise CommandError(f"{len(breaks)} brud på journalen.")
        self.stdout.write(f"Journalen er hel i {cases.count()} sager.")
