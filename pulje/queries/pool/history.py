"""The versions of a pool's rules: who made them, from when, and what changed between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Field, Q, prefetch_related_objects

from pulje.enums import ApplicantKind
from pulje.models import Pool, PoolVersion
from pulje.queries.pool.setup import steps_in_words
from pulje.templatetags.words import dato_aar, kr_text

NOTHING = "–"
BESIDE = {"id", "pool", "number", "valid_from", "created_by", "created_at"}
# the rows of a version: relation, name, what a row says
ROWS: tuple[tuple[str, str, str], ...] = (
    ("criteria", "Kriterier", "{0.name} (vægt {0.weight}): {0.question}"),
    ("grounds", "Begrundelser", "{0.section}: {0.text}"),
    ("phrases", "Standardtekster", "{0.name}: {0.text}"),
    ("questions", "Spørgsmål i skemaet", "{0.label}"),
    ("gates", "Kan I søge?", "{0.question}"),
    ("line_rules", "Budgetregler", "{0.category}: højst {0.max_percent} %"),
)


@dataclass(frozen=True)
class Change:
    """One setting or kind of row that differs between two versions."""

    what: str
    before: str
    after: str


def versions_of(pool: Pool) -> list[PoolVersion]:
    """Every version with who made it and ``cases``, how many applications stand under it."""
    sent = Count("applications", filter=Q(applications__submitted_at__isnull=False))
    versions = pool.versions.select_related("created_by").annotate(cases=sent)
    return list(versions.order_by("-number"))


def changes(old: PoolVersion, new: PoolVersion) -> list[Change]:
    """What differs from ``old`` to ``new``: settings, then rows; a query each kind."""
    return [*_settings(old, new), *_rows(old, new)]


def _settings(old: PoolVersion, new: PoolVersion) -> Iterator[Change]:
    for field in PoolVersion._meta.concrete_fields:
        if field.name in BESIDE:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            name = str(field.verbose_name).capitalize()
            yield Change(name, _text(field, before), _text(field, after))


def _rows(old: PoolVersion, new: PoolVersion) -> Iterator[Change]:
    prefetch_related_objects([old, new], *(relation for relation, _name, _says in ROWS))
    for relation, name, says in ROWS:
        before, after = (_said(getattr(version, relation), says) for version in (old, new))
        gone = [text for text in before if text not in after]
        come = [text for text in after if text not in before]
        if gone or come:
            yield Change(name, "\n".join(gone) or NOTHING, "\n".join(come) or NOTHING)
        elif before != after:
            yield Change(name, "Anden rækkefølge", "\n".join(after))


def _said(rows: Any, says: str) -> list[str]:
    ordered = sorted(rows.all(), key=lambda row: (getattr(row, "position", 0), row.pk))
    return [says.format(row) for row in ordered]


def _text(field: "Field[Any, Any]", value: Any) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if field.name == "report_steps":
        return "\n".join(steps_in_words(value))
    if field.name == "applicant_kinds":
        return ", ".join(str(ApplicantKind(kind).label) for kind in value)
    return _plain(value, field.choices)


def _plain(value: Any, choices: Any) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, Decimal):
        return kr_text(value)
    if isinstance(value, date):
        return dato_aar(value)
    return str(dict(choices or ()).get(value, value))
