"""What lies inside a file, judged by its bytes: a lock, a flood, a virus scanner's test file.

Nothing is unpacked further than to see how it begins, so no file costs more than its own size.
"""

import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from io import BytesIO

from pypdf import PasswordType, PdfReader

MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 5_000
BEGINNING = 16 * 1024
# the test file of all virus scanners, in two parts so that no scanner takes us for it
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old Office file, or a new one that is locked
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
IN_ZIP = b"PK\x01\x02"
STREAM = re.compile(rb"stream\r?\n")
log = logging.getLogger(__name__)


class Trouble(Enum):
    """Why a file that is what its name says is not taken all the same."""

    VIRUS = "VIRUS"
    LOCKED = "LOCKED"
    FLOOD = "FLOOD"


def trouble_in(content: bytes) -> Trouble | None:
    """The first thing wrong inside, or None. Damaged insides are no trouble of ours."""
    if EICAR in content:
        return Trouble.VIRUS
    if content.startswith(b"%PDF-"):
        return _in_pdf(content)
    if content.startswith(b"PK"):
        return _in_zip(content)
    if content.startswith(OLE) and LOCKED_OFFICE in content:
        return Trouble.LOCKED
    return None


def _in_pdf(content: bytes) -> Trouble | None:
    if b"/Encrypt" in content and _is_locked_pdf(content):
        return Trouble.LOCKED
    if any(EICAR in beginning for beginning in _pdf_streams(content)):
        return Trouble.VIRUS
    return None


def _is_locked_pdf(content: bytes) -> bool:
    """True when it takes a password to read; one against printing only is none."""
    if b"startxref" not in content[-BEGINNING:]:
        return False  # pypdf would look for it through the whole file, slowly
    try:
        reader = PdfReader(BytesIO(content), strict=True)
        return reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except Exception as error:  # a damaged file raises whatever it likes, and is no lock
        log.info("a PDF could not be read: %s", type(error).__name__)
        return False


def _pdf_streams(content: bytes) -> Iterator[bytes]:
    """How each packed stream of the file begins."""
    view = memoryview(content)
    for number, found in enumerate(STREAM.finditer(content)):
        if number == 2 * MOST_MEMBERS:
            return
        packed = view[found.end() : found.end() + BEGINNING]
        if len(packed) > 2 and packed[0] & 0x0F == zlib.DEFLATED:
            yield _unpacked(packed)


def _unpacked(packed: memoryview) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, BEGINNING)
    except zlib.error:
        return b""


def _in_zip(content: bytes) -> Trouble | None:
    if content.count(IN_ZIP) > MOST_MEMBERS:
        return Trouble.FLOOD
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _in_members(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return None


def _in_members(archive: zipfile.ZipFile) -> Trouble | None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        return Trouble.FLOOD
    if any(member.flag_bits & 1 for member in members):
        return Trouble.LOCKED
    for member in members:
        beginning = _beginning(archive.open, member)
        if EICAR in beginning:
            return Trouble.VIRUS
        if member.filename == "META-INF/manifest.xml" and b"encryption-data" in beginning:
            return Trouble.LOCKED
    return None


def _beginning(opened: Callable[..., zipfile.ZipExtFile], member: zipfile.ZipInfo) -> bytes:
    try:
        with opened(member) as found:
            return found.read(BEGINNING)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        return b""
