"""Rank a round by points and fund while it fits: docs/how-to/import-grants.md."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from pulje.actions.casework.recommendation import recommend
from pulje.actions.ledger import remaining_kr
from pulje.enums import Role
from pulje.errors import PuljeError, RuleBroken
from pulje.models import Application, Ground, Round, User
from pulje.rules.budget import Project, fund_by_points
from pulje.states import CaseState
from workflow import hands

FUNDED = "Ansøgningen er en af dem med flest point, som der er penge til i runden."
PASSED_OVER = "Andre ansøgninger i runden fik flere point, og der er ikke penge til dem alle."


class Command(BaseCommand):
    help = "Rangordner en rundes vurderede ansøgninger og indstiller, så langt rammen rækker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("round", nargs="?", default="", help="fx FP-2027/1: pulje og runde")
        parser.add_argument("--by", choices=["points"], required=True)
        parser.add_argument(
            "--user", default="", help="e-mail på den sagsbehandler, der indstiller"
        )
        parser.add_argument(
            "--ground", type=int, default=0, help="nr. på begrundelsen for dem uden penge"
        )
        parser.add_argument("--dry-run", action="store_true", help="vis rækkefølgen, og gem intet")
        parser.add_argument("--file", type=Path, default=None, help="runder i en fil: regn efter")

    def handle(self, *args: object, **options: object) -> None:
        try:
            if options["file"]:
                self.check_file(Path(str(options["file"])))
            else:
                self.fund(find_round(str(options["round"])), options)
        except PuljeError as refusal:
            raise CommandError(refusal.sentence) from refusal

    def check_file(self, path: Path) -> None:
        """Compute every round of a file and compare with what was really funded."""
        rounds = json.loads(path.read_text(encoding="utf-8"))["pools"]
        agree = 0
        for told in rounds:
            funded = set(
                fund_by_points(projects_in(told["projects"]), Decimal(str(told["budget"])))
            )
            # 2 means: put aside for a later year
            really = {each["project_id"] for each in told["projects"] if each["selected"] == 1}
            agree += funded == really
            name = " ".join(str(told[key]) for key in ("unit", "year", "subunit"))
            says = (
                "som i virkeligheden"
                if funded == really
                else f"men i virkeligheden {sorted(really)}"
            )
            self.stdout.write(f"{name}: {len(funded)} af {len(told['projects'])}, {says}.")
        self.stdout.write(f"{agree} af {len(rounds)} runder er gengivet.")
        if agree < len(rounds):
            raise RuleBroken("Ikke alle runder er gengivet.")

    def fund(self, round: Round, options: dict[str, object]) -> None:
        cases = reviewed(round)
        frame = remaining_kr(round.pool)
        funded = set(fund_by_points(projects_of(cases), frame))
        for case in cases:
            mark = "indstilles" if case.pk in funded else "ingen penge"
            self.stdout.write(
                f"{case.number}: {case.points} point, {case.requested_kr} kr., {mark}"
            )
        spent = sum(
            (case.requested_kr or Decimal(0) for case in cases if case.pk in funded), Decimal(0)
        )
        self.stdout.write(
            f"{len(funded)} af {len(cases)} ansøgninger, {spent} kr. Der er {frame} kr. i rammen."
        )
        if options["dry_run"]:
            self.stdout.write("Det var en prøve: intet er gemt.")
            return
        recommend_all(
            cases,
            funded,
            by=find_user(str(options["user"])),
            ground=find_ground(cases, int(str(options["ground"]))),
        )


def find_round(name: str) -> Round:
    """A round by its pool and number, such as FP-2027/1."""
    pool, _, number = name.partition("/")
    code, _, year = pool.rpartition("-")
    rounds = Round.objects.select_related("pool").order_by("-pool__year", "pool__code", "number")
    if code and year.isdecimal() and number.isdecimal():
        found = rounds.filter(pool__code=code, pool__year=year, number=number).first()
        if found is not None:
            return found
    there = ", ".join(f"{r.pool.code}-{r.pool.year}/{r.number}" for r in rounds[:20])
    raise RuleBroken(f"Runden “{name}” findes ikke. Der er: {there or 'ingen'}.")


def find_user(email: str) -> User:
    """The case worker told, else the first active one."""
    people = User.objects.filter(is_active=True, roles__contains=[Role.CASE_WORKER]).order_by("pk")
    found = people.filter(email__iexact=email).first() if email else people.first()
    if found is None:
        raise RuleBroken("Der er ingen aktiv sagsbehandler med den e-mail. Skriv --user E-MAIL.")
    return found


def find_ground(cases: Sequence[Application], number: int) -> Ground | None:
    """The reason for those without money: the one told, or the first that speaks against."""
    versions = {case.version_id for case in cases}
    grounds = Ground.objects.filter(version__in=versions, is_favourable=False).order_by("pk")
    return grounds.filter(pk=number).first() if number else grounds.first()


def reviewed(round: Round) -> list[Application]:
    """The cases ready to be ranked, best first. Refuses a round where points are missing."""
    rows = round.applications.filter(state=CaseState.REVIEWED).select_related("version")
    cases = list(rows.order_by("-points", "requested_kr", "pk"))
    if not cases:
        raise RuleBroken("Runden har ingen vurderede ansøgninger, der venter på indstilling.")
    lacking = [case.number for case in cases if case.points is None or not case.requested_kr]
    if lacking:
        raise RuleBroken(
            f"Disse ansøgninger har ingen point eller intet beløb: {', '.join(lacking)}."
        )
    return cases


def projects_of(cases: Sequence[Application]) -> list[Project[int]]:
    return [Project(case.pk, case.requested_kr or Decimal(0), case.points or 0) for case in cases]


def projects_in(told: Sequence[dict[str, object]]) -> list[Project[str]]:
    """Projects as a file tells them."""
    return [
        Project(str(each["project_id"]), Decimal(str(each["cost"])), Decimal(str(each["points"])))
        for each in told
    ]


@transaction.atomic
def recommend_all(
    cases: Sequence[Application], funded: set[int], *, by: User, ground: Ground | None
) -> None:
    """Recommend every case of the round, the whole amount or nothing; all or none."""
    at = timezone.now()
    for case in cases:
        has_money = case.pk in funded
        if not has_money and ground is None:
            raise RuleBroken(
                "Puljens kriterier har ingen begrundelse for afslag. Skriv --ground NR."
            )
        hands.carry_out(
            recommend,
            case,
            by=by,
            at=at,
            amount_kr=case.requested_kr if has_money else Decimal(0),
            reasons=FUNDED if has_money else PASSED_OVER,
            grounds=() if has_money or ground is None else (ground,),
        )
