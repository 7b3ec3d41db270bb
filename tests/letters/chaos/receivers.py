"""Where the letters go: a mail server, a post office, a disk, each with a log of what it took."""

import errno
import json
import logging
import os
import subprocess
import threading
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from config.digital_post_server import PostOffice
from config.ports import free_port

DISK_BYTES = 64_000_000
HIDDEN = "fyld"


class _Line(SMTP):
    async def push(self, status: Any) -> None:
        await super().push(status)
        if str(status).startswith("354") and self.event_handler.mood == "cut in DATA":
            self._writer.transport.abort()


class _Server(Controller):
    def factory(self) -> SMTP:
        return _Line(self.handler, **self.SMTP_kwargs)


class MailServer:
    """Remembers the Message-ID of every mail it took, in order. ``mood``: how it fails now."""

    def __init__(self) -> None:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self.mood, self.taken, self.unsaid, self.refused = "", list[str](), 0, 0
        self.port = free_port()
        self.open()

    def open(self) -> None:
        self._server = _Server(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def close(self) -> None:
        self._server.stop()

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.mood == "421":
            self.refused += 1
            return "421 Too busy"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mood == "451":
            self.refused += 1
            return "451 Try later"
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        if self.mood == "cut after DATA":  # taken, and nobody is told
            self.unsaid += 1
            server._writer.transport.abort()
        return "250 OK"


class _Post(PostOffice):
    def handle_error(self, *_about: object) -> None:
        """A line that was cut is no news here."""


class Office:
    """The post office on this machine, which can be closed and opened at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.open()

    def open(self) -> None:
        self.server = _Post(self.folder, self.port)
        self.port = self.server.server_address[1]
        self._thread = threading.Thread(target=self.server.serve_forever, args=[0.05])
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def is_empty(self) -> bool:
        """Every receipt has been fetched."""
        return not any((self.folder / "receipts").iterdir())


class Disk:
    """A disk of its own where the system lets us mount one (root); else just a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)]
        self.folder = folder
        self.is_real = os.geteuid() == 0 and not _failed(mount)
        for name in ("print", "esdh", "tmp"):
            (folder / name).mkdir(mode=0o700)

    def fill(self, spare: int) -> None:
        """Until the system says that it is full; then so many bytes are given back."""
        with (self.folder / HIDDEN).open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise
            file.truncate(max(file.tell() - spare, 0))

    def free(self) -> None:
        (self.folder / HIDDEN).unlink(missing_ok=True)

    def unmount(self) -> None:
        if self.is_real:
            _failed(["umount", "--lazy", str(self.folder)])

    def printed(self) -> dict[str, bytes]:
        """Letter's uuid -> what was printed, for those with an envelope beside them."""
        found = {}
        for path in (self.folder / "print").glob("*.json"):
            uuid = json.loads(path.read_text())["forsendelse"]
            found[uuid] = path.with_suffix(".pdf").read_bytes()
        return found


def _failed(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode != 0
