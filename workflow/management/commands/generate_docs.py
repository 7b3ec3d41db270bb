"""Writes the reference pages that the code itself describes; ``--check`` only compares."""

from collections.abc import Callable, Iterator
from inspect import getdoc
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from letters.kinds.registry import KINDS
from letters.texts.parts import PARTS
from letters.vocabulary.answering import ANSWERING
from letters.vocabulary.base import COMMON
from pulje.permissions import BINDING
from pulje.states import OTHER_VERBS, STATES, STEPS, CaseState, Verb

FOLDER = Path(settings.BASE_DIR) / "docs" / "reference"
WRITTEN = "<!-- Written by `manage.py generate_docs`; do not edit. -->\n\n"


def states() -> Iterator[str]:
    """The table of states, the diagram of the verbs and the table of steps."""
    yield "# States and verbs\n"
    yield "From `pulje/states.py`, the one place of truth.\n"
    yield "| Code | Internal | To several | To one | Milestone | Who must act |"
    yield "|---|---|---|---|---|---|"
    for code, state in STATES.items():
        owner = state.owner.label if state.owner else "–"
        yield (
            f"| {code} | {code.label} | {state.public} | {state.public_one} "
            f"| {state.milestone or '–'} | {owner} |"
        )
    yield "\n## Diagram\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> DRAFT"
    for source, target, verbs in _arrows():
        yield f"    {source} --> {target}: {', '.join(verbs)}"
    yield "    CLOSED --> [*]"
    yield "```\n"
    yield "A verb marked *back* ends where the case came from and is not drawn.\n"
    yield "*Or keyed in*: by a case worker, when nobody of the applicant can log in (ADR 26).\n"
    yield "## Steps\n"
    yield "| Verb | From | To | Who | Journal |"
    yield "|---|---|---|---|---|"
    for verb, step in STEPS.items():
        targets = _names(step.targets) + (" *back*" if step.back else "")
        who = ", ".join(sorted(str(role.label) for role in step.who))
        who += " *or keyed in*" if step.is_keyed else ""
        yield f"| {verb} | {_names(step.sources)} | {targets.strip()} | {who} | {verb.label} |"


def _arrows() -> Iterator[tuple[str, str, list[str]]]:
    for source in CaseState:
        for target in CaseState:
            verbs = [v for v in Verb if source in STEPS[v].sources and target in STEPS[v].targets]
            if verbs:
                yield source, target, [str(verb) for verb in verbs]


def _names(states_: frozenset[CaseState]) -> str:
    return ", ".join(state for state in CaseState if state in states_)


def permissions() -> Iterator[str]:
    """Who may do what, by role."""
    yield "# Permissions\n"
    yield "From `pulje/states.py` and `pulje/permissions.py`.\n"
    yield "| Verb | Roles | Needs the right to act |"
    yield "|---|---|---|"
    rows = {**{str(verb): step.who for verb, step in STEPS.items()}, **OTHER_VERBS}
    for verb, roles in rows.items():
        binds = "yes" if verb in BINDING else ""
        yield f"| {verb} | {', '.join(sorted(str(role.label) for role in roles))} | {binds} |"


VARIANTS = """## Variants that are no kinds of their own

- A receipt says that the application came late, or that we have keyed it in from paper.
- A decision's letter says whether the committee, its chair between meetings (§ 22) or the
  administration on its behalf has decided (part GRUNDLAG), and names the complaint it answers.
- To one person a letter says du, to several I; with a page in English where the applicant wants it.
- Report reminders 1-3 are REPORT_FIRST, REPORT_SECOND and REPORT_LAST, which is also the hearing
  before money is asked back; REPORT_BEFORE comes before the deadline.
- A case that ends without a grant is told by the letter that ends it (rejection, withdrawal,
  lapse); CLOSING is for a grant that has come to its end, or whose repayment has. Who says no to a
  grant gets no letter: it is on the case at once."""


def letter_kinds() -> Iterator[str]:
    """Every letter the house can send."""
    yield "# Letters\n"
    yield "From `letters/kinds/registry.py`; each has its text in `letters/texts/standard/`.\n"
    yield "Each is written because of one journal line, once; the demands are those of the law.\n"
    yield "| Kind | What it is | Because of | Its text must hold | Appeal guidance |"
    yield "|---|---|---|---|---|"
    for code, kind in KINDS.items():
        first_line = (getdoc(kind) or "").splitlines()[0]
        causes, demands = ", ".join(sorted(kind.tells_about)), ", ".join(kind.demands)
        guidance = "yes" if kind.needs_guidance else ""
        yield f"| {code} | {first_line} | {causes} | {demands} | {guidance} |"
    yield "\n" + VARIANTS
    yield "\n## Parts that several letters share\n"
    yield "| Part | What it is | Its text must hold |"
    yield "|---|---|---|"
    for code, part in PARTS.items():
        yield f"| {code} | {part.title} | {', '.join(part.demands)} |"
    yield "\n## Fields that every text may use\n"
    yield "| Field | What it says | Example |"
    yield "|---|---|---|"
    for field in (*COMMON, *ANSWERING):
        yield f"| {field.name} | {field.description} | {field.example} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "states.md": states,
    "permissions.md": permissions,
    "letters.md": letter_kinds,
}


def pages() -> dict[Path, str]:
    """Path -> text of every generated page."""
    return {FOLDER / name: WRITTEN + "\n".join(write()) + "\n" for name, write in PAGES.items()}


class Command(BaseCommand):
    help = "Writes docs/reference/{states,permissions,letters}.md; --check fails when stale."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, **options):
        stale = [path for path, text in pages().items() if _read(path) != text]
        if options["check"]:
            if stale:
                names = ", ".join(path.name for path in stale)
                raise CommandError(f"Stale: {names}. Run `manage.py generate_docs`.")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in stale:
            path.write_text(pages()[path], encoding="utf-8")
            self.stdout.write(f"wrote {path.relative_to(settings.BASE_DIR)}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
