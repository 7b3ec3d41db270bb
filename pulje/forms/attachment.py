"""Files from outside: which kinds we take, and whether a file is what its name says.

The bytes are judged, never what the browser claims. What we keep is served as a download only.
"""

import hashlib
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from pulje.enums import AttachmentKind
from pulje.errors import RegisterUnavailable
from pulje.forms.file_content import Trouble, is_picture, trouble_in
from pulje.registers.virus import is_infected

LARGEST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
LONGEST_NAME = 150
KEPT_OF_UPLOAD = ("name", "content_type", "content", "kind", "question")
# an ending before the last one is a disguise when it is one of these
DISGUISES = frozenset(
    {"exe", "com", "bat", "cmd", "scr", "pif", "js", "jse", "vbs", "vbe", "wsf", "ps1", "msi"}
    | {"jar", "sh", "php", "phtml", "asp", "aspx", "jsp", "py", "pl", "cgi", "hta", "lnk", "iso"}
    | {"htm", "html", "xhtml", "shtml", "svg", "xml", "img", "zip", "rar", "7z", "gz", "tar"}
    | {
        "pdf",
        "doc",
        "docx",
        "docm",
        "xls",
        "xlsx",
        "xlsm",
        "odt",
        "ods",
        "jpg",
        "jpeg",
        "png",
        "gif",
    }
)


@dataclass(frozen=True)
class Upload:
    """A checked file: a tidy name, its true content type, its bytes."""

    name: str
    content_type: str
    content: bytes
    kind: AttachmentKind
    question: str = ""
    is_there_as: str = ""  # the name of a file with the same bytes in the same place

    @property
    def facts(self) -> dict[str, Any]:
        """What ``add_attachment`` takes."""
        return {name: getattr(self, name) for name in KEPT_OF_UPLOAD}

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _begins(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _picture(kind: str) -> Callable[[bytes], bool]:
    return lambda content: is_picture(content, kind)


def _office(part: str) -> Callable[[bytes], bool]:
    """An Office document without macros: a zip with its table of contents and its main part."""

    def is_it(content: bytes) -> bool:
        names = _names_in_zip(content)
        has_macros = any(PurePosixPath(name).name == "vbaProject.bin" for name in names)
        return {"[Content_Types].xml", part} <= names and not has_macros

    return is_it


def _is_odt(content: bytes) -> bool:
    if "mimetype" not in _names_in_zip(content):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("mimetype") as found:
            return found.read(100).strip() == TYPES["odt"].encode()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        return False  # locked with a password, or damaged inside


def _names_in_zip(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return set()


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": _WORD,
    "xlsx": _EXCEL,
    "odt": "application/vnd.oasis.opendocument.text",
}
TROUBLES = {
    Trouble.VIRUS: _("”%(name)s” ligner en virus og er ikke gemt."),
    Trouble.LOCKED: _(
        "”%(name)s” er låst med en adgangskode. Gem den uden adgangskode, og vælg den igen."
    ),
    Trouble.FLOOD: _(
        "”%(name)s” bliver for stor, når den pakkes ud. Gem den som PDF, og vælg den igen."
    ),
    Trouble.NESTED: _(
        "”%(name)s” rummer en pakket fil, som vi ikke kan se ind i. Gem den som PDF, "
        "og vælg den igen."
    ),
}
CHECKS: dict[str, Callable[[bytes], bool]] = {
    "pdf": _begins(b"%PDF-"),
    "jpg": _picture("JPEG"),
    "jpeg": _picture("JPEG"),
    "png": _picture("PNG"),
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "odt": _is_odt,
}


def check_upload(file: UploadedFile, kind: AttachmentKind) -> Upload:
    """The file with a tidy name and its true type. Raises ValidationError that says why not,
    RegisterUnavailable when it could not be scanned.
    """
    name = tidy_name(file.name or "")
    ending = _ending(name)
    said = {"name": name, "ending": ending.upper()}
    if not file.size:
        raise ValidationError(_("”%(name)s” er tom."), params=said)
    if file.size > LARGEST_BYTES:
        raise ValidationError(_("”%(name)s” fylder mere end 10 MB. Gør den mindre."), params=said)
    content = file.read()
    if trouble := trouble_in(content):
        raise ValidationError(TROUBLES[trouble], params=said)
    if not CHECKS[ending](content):
        raise ValidationError(
            _("”%(name)s” kan ikke åbnes som %(ending)s. Gem den på ny, og vælg den igen."),
            params=said,
        )
    if is_infected(content):
        raise ValidationError(TROUBLES[Trouble.VIRUS], params=said)
    return Upload(name, TYPES[ending], content, kind)


def tidy_name(name: str) -> str:
    """The last part of the path without control and direction characters, at most 150 long."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else shown[:LONGEST_NAME]


def _ending(name: str) -> str:
    stem, *parts = name.lower().split(".")
    if not parts or parts[-1] not in TYPES:
        raise ValidationError(
            _("Vi kan ikke tage imod ”%(name)s”. Send PDF, JPG, PNG, Word, Excel eller ODT."),
            params={"name": name},
        )
    if not stem or DISGUISES.intersection(part.strip() for part in parts[:-1]):
        raise ValidationError(
            _("”%(name)s” har to endelser. Giv filen et andet navn, og vælg den igen."),
            params={"name": name},
        )
    return parts[-1]


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(forms.Field):
    """Any number of files of one kind; gives a list of checked uploads, maybe empty.

    When some are refused, each with its sentence, the good ones are in ``kept``.
    """

    def __init__(self, kind: AttachmentKind, question: str = "", **kwargs: Any) -> None:
        self.kind, self.question = kind, question
        self.kept: list[Upload] = []
        endings = ",".join(f".{ending}" for ending in TYPES)
        widget = FilesInput({"accept": endings, "data-most-bytes": str(LARGEST_BYTES)})
        given: dict[str, Any] = {"required": False, "widget": widget}
        super().__init__(**(given | kwargs))

    def clean(self, value: Sequence[UploadedFile] | None) -> list[Upload]:
        files = list(value or [])
        self.kept, errors = [], []
        try:
            for file in files[:MOST_FILES]:
                try:
                    upload = check_upload(file, self.kind)
                    self.kept.append(replace(upload, question=self.question))
                except ValidationError as error:
                    errors.append(error)
        except RegisterUnavailable as silent:
            errors.append(ValidationError(silent.sentence))
        if len(files) > MOST_FILES:
            too_many = _("Vælg højst %(most)s filer ad gangen. De første er gemt.")
            errors.append(ValidationError(too_many, params={"most": MOST_FILES}))
        if errors:
            raise ValidationError(errors)
        return self.kept
