from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from letters.models import Letter
from letters.rendering.proof import faults_of


class Command(BaseCommand):
    help = (
        "Checks the stored letters: the hash of PDF and facts, the facts inside, PDF/A-3a and "
        "PDF/UA-1, fonts and pages. Names each letter at fault by its uuid, and fails."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", type=int, help="so many, by chance; all when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        checked = wrong = 0
        for letter in _made(options["sample"]).iterator(chunk_size=50):
            checked += 1
            if faults := faults_of(letter):
                wrong += 1
                self.stderr.write(f"{letter.uuid}: {'; '.join(faults)}")
        if wrong:
            raise CommandError(f"{wrong} of {checked} letters are not in order.")
        self.stdout.write(f"{checked} letters are in order.")


def _made(sample: int | None) -> QuerySet[Letter]:
    rows = Letter.objects.exclude(paper=None).select_related("paper", "enclosure")
    return rows.order_by("?")[:sample] if sample is not None else rows.order_by("pk")
