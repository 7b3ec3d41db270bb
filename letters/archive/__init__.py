"""How a case reaches the municipality's records system (ESDH).

The house makes one package of a case: a zip with an index in the terms of OIO Sag and Dokument
(``package.py``). An adapter files it and says what it is called there: a module here, and a dotted
path in settings.ESDH_ADAPTER. The folder drop is the first; for SBSYS, Acadre, F2 or GetOrganized
``docs/how-to/new-esdh.md`` says what each asks for.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from letters.archive.papers import Paper
from letters.archive.subject import Subject


@dataclass(frozen=True)
class Package:
    """All an adapter may know: the zip on disk, and its index as values (no database).

    ``uuid`` is the same on every try, so that a receiver can refuse to file twice. An adapter that
    takes documents one by one reads them out of ``zip_path`` by their ``name``.
    """

    uuid: UUID
    subject: Subject
    papers: tuple[Paper, ...]
    zip_path: Path
    sha256: str


class CaseArchive(Protocol):
    """An ESDH. Raises DeliveryFailed (try later) or Refused (never), as a letter's port does."""

    def file(self, package: Package) -> str:
        """File the case, or find it filed already, and give the ESDH's own number for it."""
        ...


def archive() -> CaseArchive | None:
    """The adapter that settings name; None where the municipality has none."""
    if not settings.ESDH_ADAPTER:
        return None
    adapter: CaseArchive = import_string(settings.ESDH_ADAPTER)()
    return adapter
