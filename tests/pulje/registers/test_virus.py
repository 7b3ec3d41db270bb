import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pulje.enums import AttachmentKind
from pulje.errors import RegisterUnavailable
from pulje.forms.attachment import UploadsField
from pulje.registers.virus import is_infected

INFECTED = b"this is what our clamd calls a virus"
MOST = 1_000_000  # clamd's StreamMaxLength


class Clamd(socketserver.StreamRequestHandler):
    """clamd's side of INSTREAM: sizes and chunks until an empty one, then one line."""

    def handle(self) -> None:
        assert self.rfile.readline() == b"nINSTREAM\n"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")
                return
        self.wfile.write(self.answer(content))

    def answer(self, content: bytes) -> bytes:
        if content == b"say nothing":
            return b""
        if content == b"say what nobody knows":
            return b"stream: PUZZLED\n"
        if content == b"fail":
            return b"stream: Can't allocate memory ERROR\n"
        return b"stream: Test.Virus FOUND\n" if INFECTED in content else b"stream: OK\n"


@pytest.fixture(scope="module")
def tcp() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"tcp:127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def clamd(tcp: str, settings) -> None:
    settings.CLAMD_URL = tcp


def test_without_a_scanner_nothing_is_scanned(settings) -> None:
    settings.CLAMD_URL = ""

    assert is_infected(INFECTED) is False


def test_clamd_is_asked_about_every_byte(clamd: None) -> None:
    assert is_infected(b"x" * 5_000) is False
    assert is_infected(b"x" * 5_000 + INFECTED) is True


def test_clamd_by_a_unix_socket(settings, tmp_path: Path) -> None:
    path = str(tmp_path / "c")
    with socketserver.ThreadingUnixStreamServer(path, Clamd) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CLAMD_URL = f"unix:{path}"

        assert (is_infected(INFECTED), is_infected(b"fine")) == (True, False)
        server.shutdown()


@pytest.mark.parametrize(
    "content",
    [b"say nothing", b"say what nobody knows", b"fail", b"x" * (MOST + 5_000)],
    ids=["silent", "puzzled", "failing", "too large for clamd"],
)
def test_every_doubt_is_a_no(clamd: None, content: bytes) -> None:
    with pytest.raises(RegisterUnavailable, match="kunne ikke scannes for virus lige nu"):
        is_infected(content)


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("url", ["closed", "unix:/no/such/socket", "http://x", "tcp:x"])
def test_a_scanner_that_is_not_there_lets_nothing_through(url: str, settings) -> None:
    settings.CLAMD_URL = closed_port() if url == "closed" else url

    with pytest.raises(RegisterUnavailable):
        is_infected(b"fine")


def test_a_form_says_it_in_words_and_keeps_the_good(clamd: None) -> None:
    field = UploadsField(AttachmentKind.OTHER)
    files = [
        SimpleUploadedFile("fin.pdf", b"%PDF-1.7 fine"),
        SimpleUploadedFile("syg.pdf", b"%PDF-1.7 " + INFECTED),
    ]

    with pytest.raises(Exception, match="”syg.pdf” ligner en virus"):
        field.clean(files)

    assert [upload.name for upload in field.kept] == ["fin.pdf"]
