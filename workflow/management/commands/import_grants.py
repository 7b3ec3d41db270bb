"""Read a municipality's earlier grants, or a file of applications: docs/how-to/import-grants.md."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from pulje.actions.application.history import register_past
from pulje.actions.application.imported import lock_source, register_submitted, sums_of
from pulje.enums import Role
from pulje.errors import PuljeError, RuleBroken
from pulje.imports.grant_row import GrantRow, Purpose
from pulje.imports.mapfile import load_map
from pulje.imports.refused import write_refused
from pulje.imports.run import Outcome, check_stored, run
from pulje.imports.source import Source, open_source
from pulje.models import Applicant, Pool, Round, User
from workflow.bulk import begin_many

LISTED = 50


class Command(BaseCommand):
    help = "Importerer tidligere tilskud eller en fil med ansøgninger. Én fil er én transaktion."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", type=Path, required=True, help="MAP.toml: hvilken kolonne er hvad"
        )
        parser.add_argument("--as", dest="purpose", choices=list(Purpose), default=Purpose.HISTORY)
        parser.add_argument("--pool", default="", help="fx FP-2027; uden: en pulje pr. kilde og år")
        parser.add_argument("--round", type=int, default=0, help="rundens nummer i puljen")
        parser.add_argument("--user", default="", help="e-mail på den, der importerer")
        parser.add_argument("--dry-run", action="store_true", help="prøv, og gem intet")
        parser.add_argument("--refused-file", type=Path, default=None)
        parser.add_argument("--awards-file", type=Path, default=None)
        parser.add_argument("--json", action="store_true", help="slut med én linje JSON")

    def handle(self, *args: object, **options: object) -> None:
        try:
            self.import_file(Job(options))
        except PuljeError as refusal:
            raise CommandError(refusal.sentence) from refusal

    def import_file(self, job: "Job") -> None:
        for sentence in job.source.form.said:
            self.stdout.write(sentence)
        outcome = job.carry_out()
        refused_file = job.save_refused(outcome)
        self.tell(outcome, refused_file, dry_run=job.dry_run)
        if job.awards and not job.dry_run:
            self.stdout.write(f"Filens bevillinger er skrevet i {job.save_awards()}.")
        if job.wants_json:
            self.stdout.write(as_json(outcome, refused_file))

    def tell(self, outcome: Outcome, refused_file: str, *, dry_run: bool) -> None:
        totals = outcome.totals
        for refusal in outcome.refusals[:LISTED]:
            self.stdout.write(f"Linje {refusal.line} afvist: {refusal.reason}")
        if len(outcome.refusals) > LISTED:
            self.stdout.write(f"… og {len(outcome.refusals) - LISTED} afviste rækker til.")
        if totals.already:
            self.stdout.write(f"Importeret før: {totals.already}. Intet importeres to gange.")
        for flag, count in outcome.flags.most_common():
            self.stdout.write(
                f"Mærket: {flag}: {count} (første: linje {outcome.flag_lines[flag]})."
            )
        if refused_file:
            self.stdout.write(
                f"Ret de afviste rækker i {refused_file}, og importér den med samme MAP."
            )
        self.stdout.write(
            f"Læst {totals.read} = importeret {totals.imported} + afvist {totals.refused}"
            f" (heraf importeret før {totals.already}). Mærket {totals.flagged}."
        )
        self.stdout.write(
            f"Ansøgt {kr(totals.applied_sum)} kr. Bevilget {kr(totals.awarded_sum)} kr."
            f" Afvist: {kr(totals.applied_refused)} og {kr(totals.awarded_refused)} kr."
        )
        if dry_run:
            self.stdout.write("Det var en prøve: intet er gemt.")


class Job:
    """What the command line asks for, looked up; carries it out in one transaction."""

    def __init__(self, options: dict[str, object]) -> None:
        self.options = options
        self.purpose = Purpose(str(options["purpose"]))
        self.dry_run, self.wants_json = bool(options["dry_run"]), bool(options["json"])
        self.source: Source = open_source(
            Path(str(options["file"])), load_map(Path(str(options["map"])))
        )
        self.known: dict[str, Applicant] = {}
        self.awards: list[dict[str, str]] = []

    def carry_out(self) -> Outcome:
        """Everything or nothing; a dry run does everything and then nothing."""
        name, at = self.source.plan.source, timezone.now()
        with transaction.atomic():
            lock_source(name)
            before, write = sums_of(name), self.writer(at)
            with tqdm(unit=" rækker", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:
                outcome = run(self.source, self.purpose, write, tick=bar.update)
            check_stored(before, sums_of(name), outcome.totals, self.purpose)
            transaction.set_rollback(self.dry_run)
        return outcome

    def writer(self, at: datetime) -> Callable[[Sequence[GrantRow]], None]:
        by = find_user(str(self.options["user"]))
        if self.purpose is Purpose.APPLICATIONS:
            if by is None:
                raise RuleBroken("Ansøgninger indtastes af en sagsbehandler. Skriv --user E-MAIL.")
            round = find_round(str(self.options["pool"]), int(str(self.options["round"])))
            return lambda rows: self.write_applications(rows, round, by, at)
        pool = find_pool(str(self.options["pool"])) if self.options["pool"] else None
        return lambda rows: self.write_history(rows, pool, by, at)

    def write_history(
        self, rows: Sequence[GrantRow], pool: Pool | None, by: User | None, at: datetime
    ) -> None:
        plan = self.source.plan
        register_past(
            rows, source=plan.source, pool=pool, code=plan.code, known=self.known, by=by, at=at
        )

    def write_applications(
        self, rows: Sequence[GrantRow], round: Round, by: User, at: datetime
    ) -> None:
        entries = register_submitted(
            rows, source=self.source.plan.source, round=round, known=self.known, by=by, at=at
        )
        begin_many([entry.application for entry in entries])
        for row, entry in zip(rows, entries, strict=True):
            awarded = "" if row.awarded_kr is None else str(row.awarded_kr)
            self.awards.append(
                {"case": entry.application.number, "row": row.identity, "awarded_kr": awarded}
            )

    def save_refused(self, outcome: Outcome) -> str:
        """The name of the file of refused rows, "" when there is nothing to mend."""
        if not outcome.refusals:
            return ""
        path = self.beside("refused_file", f"refused.{self.source.format}")
        write_refused(path, outcome.refusals, self.source)
        return str(path)

    def save_awards(self) -> Path:
        """What the file says was awarded: kept beside the cases, which are yet to be decided."""
        path = self.beside("awards_file", "awards.json")
        path.write_text(
            json.dumps(self.awards, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        return path

    def beside(self, option: str, suffix: str) -> Path:
        told = self.options[option]
        return told if isinstance(told, Path) else Path(f"{self.source.path.stem}.{suffix}")


def find_user(email: str) -> User | None:
    """The person told, else the first active case worker; None when there is none yet."""
    people = User.objects.filter(is_active=True).order_by("pk")
    if not email:
        return people.filter(roles__contains=[Role.CASE_WORKER]).first()
    user = people.filter(email__iexact=email).first()
    if user is None:
        raise RuleBroken(f"Der er ingen aktiv bruger med e-mailen {email}.")
    return user


def find_pool(name: str) -> Pool:
    """A pool by its case number's beginning, such as FP-2027, or by its address."""
    code, _, year = name.rpartition("-")
    pools = Pool.objects.order_by("pk")
    found = pools.filter(code=code, year=year).first() if code and year.isdecimal() else None
    found = found or pools.filter(slug=name).first()
    if found is None:
        there = ", ".join(
            f"{pool.code}-{pool.year}" for pool in pools.order_by("-year", "code")[:20]
        )
        raise RuleBroken(f"Puljen “{name}” findes ikke. Der er: {there or 'ingen puljer endnu'}.")
    return found


def find_round(pool_name: str, number: int) -> Round:
    """The round of the pool: the one told, or the only one there is to choose."""
    rounds = Round.objects.select_related("pool").order_by("pk")
    rounds = (
        rounds.filter(pool=find_pool(pool_name)) if pool_name else rounds.open_at(timezone.now())
    )
    found = list(rounds.filter(number=number) if number else rounds)
    if len(found) == 1:
        return found[0]
    there = ", ".join(
        f"--pool {r.pool.code}-{r.pool.year} --round {r.number}" for r in (found or rounds)[:20]
    )
    raise RuleBroken(f"Skriv, hvilken runde ansøgningerne skal i. Der er: {there or 'ingen'}.")


def kr(amount: Decimal) -> str:
    """An amount as Danes write it."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def as_json(outcome: Outcome, refused_file: str) -> str:
    """The last line: the control totals for a machine."""
    totals = outcome.totals
    return json.dumps(
        {
            "read": totals.read,
            "imported": totals.imported,
            "refused": totals.refused,
            "flagged": totals.flagged,
            "applied_sum": str(totals.applied_sum),
            "awarded_sum": str(totals.awarded_sum),
            "refused_file": refused_file,
        },
        ensure_ascii=False,
    )
