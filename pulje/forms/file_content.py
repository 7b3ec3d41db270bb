"""What lies inside a file, judged by its bytes: a lock, a flood, a virus scanner's test file.

Nothing is unpacked further than to see how it begins, but for archives inside archives, which
together stay under the same limits as the file that holds them.
"""

import logging
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO

from PIL import Image
from pypdf import PasswordType, PdfReader

MOST_UNPACKED = 100 * 1024 * 1024
MOST_MEMBERS = 5_000
BEGINNING = 16 * 1024
DEEPEST = 3
MOST_PIXELS = 89_478_485  # where Pillow begins to warn of a bomb
MOST_READS = 100_000
# the test file of all virus scanners, in two parts so that no scanner takes us for it
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old Office file, or a new one that is locked
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
IN_ZIP = b"PK\x01\x02"
ARCHIVES = (
    *(".zip", ".jar", ".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm", ".odt", ".ods", ".odp"),
    *(".epub", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".cab"),
)
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError),
    *(EOFError, OSError),
)
STREAM = re.compile(rb"stream\r?\n")
log = logging.getLogger(__name__)


class Trouble(Enum):
    """Why a file that is what its name says is not taken all the same."""

    VIRUS = "VIRUS"
    LOCKED = "LOCKED"
    FLOOD = "FLOOD"
    NESTED = "NESTED"


@dataclass
class _Room:
    """What is left of the limits, over all levels of one file."""

    members: int
    size: int


def trouble_in(content: bytes) -> Trouble | None:
    """The first thing wrong inside, or None. Damaged insides are no trouble of ours."""
    if EICAR in content:
        return Trouble.VIRUS
    if content.startswith(b"%PDF-"):
        return _in_pdf(content)
    if content.startswith(b"PK"):
        return _in_file(content)
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


def _in_file(content: bytes) -> Trouble | None:
    try:
        return _in_zip(content, _Room(MOST_MEMBERS, MOST_UNPACKED), 0)
    except UNREADABLE:
        return None


def _in_zip(content: bytes, room: _Room, depth: int) -> Trouble | None:
    """Raises one of UNREADABLE when it is no zip."""
    room.members -= content.count(IN_ZIP)
    if room.members < 0:
        return Trouble.FLOOD
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        room.size -= sum(member.file_size for member in members)
        if room.size < 0:
            return Trouble.FLOOD
        if any(member.flag_bits & 1 for member in members):
            return Trouble.LOCKED
        found = (_in_member(archive, member, room, depth) for member in members)
        return next((trouble for trouble in found if trouble), None)


def _in_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: _Room, depth: int
) -> Trouble | None:
    beginning = _unzipped(archive, member, BEGINNING)
    if EICAR in beginning:
        return Trouble.VIRUS
    if member.filename == "META-INF/manifest.xml" and b"encryption-data" in beginning:
        return Trouble.LOCKED
    is_named_so = member.filename.lower().endswith(ARCHIVES)
    if not beginning.startswith(b"PK"):
        return Trouble.NESTED if is_named_so else None
    return _in_inner(_unzipped(archive, member, member.file_size), is_named_so, room, depth + 1)


def _in_inner(content: bytes, is_named_so: bool, room: _Room, depth: int) -> Trouble | None:
    if depth > DEEPEST:
        return Trouble.NESTED
    if EICAR in content:
        return Trouble.VIRUS
    try:
        trouble = _in_zip(content, room, depth)
    except UNREADABLE:
        return Trouble.NESTED if is_named_so else None
    return Trouble.NESTED if trouble == Trouble.LOCKED else trouble


def _unzipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(member) as found:
            return found.read(most)
    except UNREADABLE:
        return b""


class _Patience(BytesIO):
    """A file that is read so many times and no more: thousands of scraps are no picture."""

    left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError("too many scraps")
        return super().read(size)


def is_picture(content: bytes, kind: str) -> bool:
    """True when Pillow reads its head as that kind (JPEG or PNG) and it is of a decent size.

    The pixels are not unpacked; a PNG's sums are checked on the way.
    """
    try:
        with Image.open(_Patience(content), formats=[kind]) as image:
            width, height = image.size
            image.verify()
    except Exception as error:  # a damaged file raises whatever it likes
        log.info("a picture could not be read: %s", type(error).__name__)
        return False
    return 0 < width * height <= MOST_PIXELS
