"""The parts of a pool: each a form, a list of rows, or both, on pages of the same shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pulje.actions.pool import criteria, rounds
from pulje.actions.pool.rules import save_pool, save_settings
from pulje.errors import PuljeError
from pulje.forms.pool import rows as pool_rows
from pulje.forms.pool import rules
from pulje.forms.pool.base import SetupForm
from pulje.models import PoolVersion
from pulje.queries.pool.form import is_frozen
from pulje.queries.pool.setup import reviewer_choices
from pulje.queries.pool.year import round_money, year_of
from workflow.views.access import told
from workflow.views.pool.setup import version_or_404


@dataclass(frozen=True)
class Rows:
    """Rows of a part: how one is shown, typed, kept, moved and removed."""

    form: Callable[..., SetupForm]
    keep: Callable[..., object]
    remove: Callable[..., None]
    of: Callable[[PoolVersion], Any]
    name: Callable[[Any], str]
    told: Callable[[Any], str]
    add: str
    empty: str
    move: Callable[..., None] | None = None
    is_versioned: bool = True

    @property
    def can_move(self) -> bool:
        """For templates, which would call ``move``."""
        return self.move is not None


@dataclass(frozen=True)
class Part:
    """A page of the pool: its heading, what it is for, its form and its rows."""

    title: str
    intro: str
    form: Callable[..., SetupForm] | None = None
    rows: Rows | None = None


CRITERIA = Rows(
    pool_rows.CriterionForm,
    criteria.save_criterion,
    criteria.delete_criterion,
    lambda version: version.criteria.order_by("position"),
    lambda row: row.name,
    lambda row: f"{row.question} · vægt {row.weight}",
    "Tilføj et kriterium",
    "Der er ingen kriterier endnu.",
    move=criteria.move_criterion,
)
GROUNDS = Rows(
    pool_rows.GroundForm,
    criteria.save_ground,
    criteria.delete_ground,
    lambda version: version.grounds.select_related("criterion").order_by("section", "pk"),
    lambda row: row.text,
    lambda row: " · ".join(
        [
            row.section,
            row.criterion.name if row.criterion else "fast regel",
            "taler for" if row.is_favourable else "taler imod",
        ]
    ),
    "Tilføj en begrundelse",
    "Der er ingen begrundelser endnu.",
)
PHRASES = Rows(
    pool_rows.PhraseForm,
    criteria.save_phrase,
    criteria.delete_phrase,
    lambda version: version.phrases.order_by("kind", "name", "pk"),
    lambda row: row.name,
    lambda row: f"{row.get_kind_display()}: {row.text}",
    "Tilføj en standardtekst",
    "Der er ingen standardtekster endnu.",
)
ROUNDS = Rows(
    pool_rows.RoundForm,
    lambda version, row, **facts: rounds.save_round(version.pool, row, **facts),
    rounds.delete_round,
    lambda version: version.pool.rounds.order_by("opens_at", "pk"),
    lambda row: row.name,
    lambda row: "",
    "Tilføj en runde",
    "Der er ingen runder endnu.",
    is_versioned=False,
)
PARTS: Mapping[str, Part] = {
    "tekster": Part("Tekster", "Det, ansøgerne læser på puljens side.", rules.TextsForm),
    "regler": Part(
        "Penge og retsgrundlag",
        "Hvad puljen bygger på, og hvad der kan søges.",
        rules.MoneyForm,
    ),
    "kriterier": Part(
        "Kriterier og vurdering",
        "Det, alle ansøgninger vurderes på, og det, ansøgerne får at vide på forhånd.",
        rules.JudgingForm,
        CRITERIA,
    ),
    "begrundelser": Part(
        "Begrundelser",
        "Et afslag eller et mindre beløb skal hvile på en af dem, og hvert kriterium skal have én.",
        rows=GROUNDS,
    ),
    "standardtekster": Part(
        "Standardtekster",
        "Tekster, som sagsbehandleren vælger og retter til. En begrundelse hører til reglerne.",
        rows=PHRASES,
    ),
    "delegation": Part(
        "Delegation", "Hvad lederen kan afgøre uden om udvalget.", rules.DelegationForm
    ),
    "udbetaling": Part(
        "Udbetaling og rapport",
        "Hvornår pengene kommer, hvad ansøgerne skal vise bagefter, og hvilke frister de får.",
        rules.AfterwardsForm,
    ),
    "runder": Part(
        "Runder og årets gang", "Hvornår der kan søges, og hvor meget hver runde har.", rows=ROUNDS
    ),
}
DUTIES = "ansvar"


def part(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """One part: its form saved, and its rows shown."""
    version = version_or_404(request, slug)
    if part == DUTIES:
        return _duties(request, version)
    known = _part_or_404(part)
    is_locked = is_frozen(version)
    form = None
    if known.form is not None:
        typed = _typed(request)  # what was typed is kept, also when somebody was faster
        form = known.form(typed, version=version, is_locked=is_locked and typed is None)
        if form.is_valid() and _saved(
            request, form, lambda: save_settings(version, by=request.user, fields=form.facts())
        ):
            return redirect("staff:pool_setup", slug)
    elif request.method == "POST":
        raise Http404
    return _page(request, version, part, form, is_locked=is_locked)


def _page(
    request: HttpRequest, version: PoolVersion, part: str, form: Any, *, is_locked: bool
) -> HttpResponse:
    known = _part_or_404(part)
    context: dict[str, Any] = {
        "pool": version.pool,
        "version": version,
        "part": part,
        "known": known,
        "form": form,
        "is_locked": is_locked and (known.rows is None or known.rows.is_versioned),
    }
    if part == "runder":
        money = round_money(version.pool)
        context |= {
            "money": money,
            "year": year_of(version.pool, version, [m.round for m in money]),
        }
    elif known.rows is not None:
        rows = known.rows
        context["rows"] = [(row, rows.name(row), rows.told(row)) for row in rows.of(version)]
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "workflow/pool/part.html", context, status=status)


def _duties(request: HttpRequest, version: PoolVersion) -> HttpResponse:
    """Committee, account and reviewers are the pool's own and change at any time."""
    pool = version.pool
    form = rules.DutiesForm(_typed(request), pool=pool, people=reviewer_choices())
    if form.is_valid() and _saved(
        request, form, lambda: save_pool(pool, by=request.user, **form.facts())
    ):
        return redirect("staff:pool_setup", pool.slug)
    known = Part("Udvalg, konto og vurderere", "Det gælder med det samme, også for sendte sager.")
    context = {"pool": pool, "version": version, "part": DUTIES, "known": known, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "workflow/pool/part.html", context, status=status)


def row(request: HttpRequest, slug: str, part: str, pk: int | None = None) -> HttpResponse:
    """Add a row to a part, or change one."""
    version = version_or_404(request, slug)
    rows = _rows_or_404(part)
    found = get_object_or_404(rows.of(version), pk=pk) if pk is not None else None
    form = rows.form(_typed(request), version=version, row=found)
    if form.is_valid() and _saved(
        request, form, lambda: rows.keep(version, found, by=request.user, **form.facts())
    ):
        return redirect("staff:pool_part", slug, part)
    context = {
        "pool": version.pool,
        "part": part,
        "known": PARTS[part],
        "form": form,
        "row": found,
        "name": rows.name(found) if found else rows.add,
    }
    return render(request, "workflow/pool/row.html", context, status=422 if form.is_bound else 200)


@require_POST
def move(request: HttpRequest, slug: str, part: str, pk: int) -> HttpResponse:
    """One place up or down."""
    version = version_or_404(request, slug)
    rows = _rows_or_404(part)
    if rows.move is None:
        raise Http404
    found = get_object_or_404(rows.of(version), pk=pk)
    try:
        rows.move(found, by=request.user, up="op" in request.POST)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    return redirect(f"{reverse('staff:pool_part', args=[slug, part])}#raekke-{pk}")


def delete(request: HttpRequest, slug: str, part: str, pk: int) -> HttpResponse:
    """Ask once, then delete."""
    version = version_or_404(request, slug)
    rows = _rows_or_404(part)
    found = get_object_or_404(rows.of(version), pk=pk)
    if request.method != "POST":
        context = {
            "pool": version.pool,
            "part": part,
            "known": PARTS[part],
            "name": rows.name(found),
        }
        return render(request, "workflow/pool/row_delete.html", context)
    try:
        rows.remove(found, by=request.user)
    except PuljeError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "Rækken er slettet.")
    return redirect("staff:pool_part", slug, part)


def _saved(request: HttpRequest, form: SetupForm, save: Callable[[], object]) -> bool:
    """True when it is saved and said so; a refusal stands over the form."""
    try:
        save()
    except PuljeError as refusal:
        told(form, refusal)
        return False
    messages.success(request, f"Det er gemt kl. {timezone.localtime():%H.%M}.")
    return True


def _part_or_404(part: str) -> Part:
    if part not in PARTS:
        raise Http404
    return PARTS[part]


def _rows_or_404(part: str) -> Rows:
    rows = _part_or_404(part).rows
    if rows is None:
        raise Http404
    return rows


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
