from django.core.management.base import BaseCommand
from django.db import transaction

from pulje.models import User
from workflow.demo.town import build


class Command(BaseCommand):
    help = "Fills an empty database with an invented municipality: three years, about 200 cases."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=2027)
        parser.add_argument("--most", type=int, default=100, help="how many lives alike in a year")

    def handle(self, *args, **options):
        if User.objects.exists():
            self.stdout.write("Der er allerede data. Demoen er ikke lagt ind.")
            return
        with transaction.atomic():
            counts = build(options["seed"], most=options["most"])
        for state, count in sorted(counts.items()):
            self.stdout.write(f"{count:>5}  {state}")
        self.stdout.write(f"{sum(counts.values()):>5}  sager i alt")
