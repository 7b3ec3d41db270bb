"""The zip of a case: indeks.xml first, then every document; written a document at a time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from letters.archive import Package
from letters.archive.index import index_xml
from letters.archive.papers import papers_of
from letters.archive.subject import subject_of
from pulje.models import Application

# a zip must name a moment for each file; always the same one, so that the same case is the same zip
A_MOMENT = (1980, 1, 1, 0, 0, 0)


@contextmanager
def packed(case: Application, uuid: UUID) -> Iterator[Package]:
    """The case as a package, whose zip is gone afterwards; the same case gives the same bytes.

    Raises RuleBroken when a document cannot be read as it came, OSError when the disk is full.
    """
    subject, papers = subject_of(case), papers_of(case)
    with TemporaryDirectory(prefix="sag-") as folder:
        path = Path(folder) / "sag.zip"
        with ZipFile(path, "w", ZIP_DEFLATED) as zip_file:
            _put(zip_file, "indeks.xml", index_xml(subject, papers))
            for paper in papers:
                _put(zip_file, f"dokumenter/{paper.name}", paper.read())
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        yield Package(uuid, subject, papers, path, digest)


def _put(zip_file: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, A_MOMENT)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    zip_file.writestr(entry, content)
