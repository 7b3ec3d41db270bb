"""A post office on this machine that speaks Serviceplatformen's Digital Post (SF1601).

The demo, the tests and the chaos proofs send to it over mutual TLS. It keeps every message as
a file and a line of each try in ``log.jsonl``: the proof that every letter came once. The ``mood``
makes it slow, broken, forgetful or strict; another process sets it by PUT /stemning.
"""

import json
import os
import ssl
import threading
import time
from base64 import b64encode
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from lxml import etree

from config import env
from config.digital_post_certificates import LOCAL_PORT, make_certificates

MEMO = "{https://DigitalPost.dk/MeMo-1}"
STATUS = "http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types"
SCHEMA = env.ROOT.parent / "shared" / "data" / "schemas" / "memo" / "MeMo_core.xsd"
MOST_BYTES = 100_000_000
TAKEN, DELIVERED, FAILED = "Modtaget Digital Post", "Afleveret Digital Post", "Fejlet"
GOOD_MOOD: dict[str, Any] = {
    "without_mailbox": [],  # CVR and CPR numbers that nobody is connected by
    "seconds": 0.0,  # how long an answer takes, after the message was taken
    "broken": 0,  # so many messages are answered with 500, untaken
    "dropped": 0,  # so many are taken, and the line closed without an answer
    "refused": 0,  # so many are answered with 400
    "rejects": False,  # the receipt says "Fejlet"
    "is_silent": False,  # no receipts
    "is_double": False,  # every receipt twice
    "delay": 0.0,  # seconds until a receipt can be fetched
}
NOTICE = """<Haendelsesbesked xmlns="urn:oio:besked:kuvert:1.0" xmlns:b="urn:besked:kuvert:1.0"
 xmlns:s="urn:oio:sagdok:3.0.0"><BeskedId><s:UUIDIdentifikator>{number}</s:UUIDIdentifikator></BeskedId>
<Beskeddata><b:Base64>{data}</b:Base64></Beskeddata></Haendelsesbesked>"""
POST_STATUS = """<PKO_PostStatus xmlns="{space}"><TransmissionId>{transmission}</TransmissionId>
<MessageUUID>{uuid}</MessageUUID><KanalKode>Digital Post</KanalKode>
<TransaktionsDatoTid>{at}</TransaktionsDatoTid>
<TransaktionsStatusKode>{status}</TransaktionsStatusKode>{error}</PKO_PostStatus>"""
ERROR = "<FejlDetaljer><FejlKode>{code}</FejlKode><FejlTekst>{text}</FejlTekst></FejlDetaljer>"


class PostOffice(ThreadingHTTPServer):
    """Runs in a thread of a test, or as a process of `make run`; all it knows is in its folder."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.mood = folder, dict(GOOD_MOOD)
        self.lock = threading.Lock()
        for name in ("messages", "receipts"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.schema = etree.XMLSchema(file=str(SCHEMA)) if SCHEMA.exists() else None
        super().__init__(("127.0.0.1", port), Counter)
        tls = make_certificates(folder / "tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "server.pem", tls / "server.key")
        context.load_verify_locations(tls / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """What settings.DIGITAL_POST needs to send here."""
        tls = self.folder / "tls"
        return {
            "url": self.url,
            "cert": str(tls / "client.pem"),
            "key": str(tls / "client.key"),
            "ca": str(tls / "ca.pem"),
        }

    def log(self, what: str, uuid: str = "") -> None:
        line = {"at": datetime.now(UTC).isoformat(), "what": what, "uuid": uuid}
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def logged(self) -> list[dict[str, str]]:
        path = self.folder / "log.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def taken(self) -> list[str]:
        """The UUID of every message that was taken, in the order they came."""
        return [line["uuid"] for line in self.logged() if line["what"] == "taken"]

    def spends(self, name: str) -> bool:
        """True so many times as the mood says."""
        with self.lock:
            left = self.mood[name]
            self.mood[name] = max(left - 1, 0)
        return bool(left)

    def keep(self, uuid: str, memo: bytes) -> bool:
        """Keep the message; False when it is here already. Whole or not at all."""
        with self.lock:
            target = self.folder / "messages" / f"{uuid}.xml"
            if target.exists():
                self.log("duplicate", uuid)
                return False
            part = target.with_suffix(".part")
            part.write_bytes(memo)
            part.replace(target)
            self.log("taken", uuid)
        if not self.mood["is_silent"]:
            self.tell(uuid, TAKEN)
            self.tell(uuid, FAILED if self.mood["rejects"] else DELIVERED)
        return True

    def tell(self, uuid: str, status: str, *, number: str = "") -> None:
        """Lay out a receipt about a message, as Beskedfordeler would."""
        error = ERROR.format(code="501", text="Modtageren er afmeldt") if status == FAILED else ""
        at = datetime.now(UTC)
        inner = POST_STATUS.format(
            space=STATUS,
            transmission=uuid4(),
            uuid=escape(uuid),
            at=at.isoformat(),
            status=status,
            error=error,
        )
        number = number or str(uuid4())
        notice = NOTICE.format(number=number, data=b64encode(inner.encode()).decode())
        due = int((time.time() + self.mood["delay"]) * 1_000_000)
        for copy in range(2 if self.mood["is_double"] else 1):
            name = f"{due + copy:020d}_{number}.xml"
            (self.folder / "receipts" / name).write_text(notice)

    def waiting(self) -> list[Path]:
        """The receipts that can be fetched, the oldest first."""
        now = time.time() * 1_000_000
        found = sorted((self.folder / "receipts").glob("*.xml"))
        return [path for path in found if int(path.name.partition("_")[0]) <= now]


class Counter(BaseHTTPRequestHandler):
    """One line to the post office."""

    server: PostOffice
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        path, asked = self._path()
        if path.endswith("/PostForespoerg_1/digitalpost"):
            has = not set(asked.values()) & set(self.server.mood["without_mailbox"])
            self._answer(HTTPStatus.OK, json.dumps({"result": has}), "application/json")
        elif path.endswith("/Beskedfordeler_1/kvitteringer"):
            notices = "".join(one.read_text() for one in self.server.waiting())
            self._answer(HTTPStatus.OK, f"<Beskeder>{notices}</Beskeder>")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "404", "Ukendt adresse")

    def do_DELETE(self) -> None:
        """A receipt was kept by whoever fetched it."""
        number = self._path()[0].rpartition("/")[2]
        for path in self.server.waiting():
            if path.stem.partition("_")[2] == number:
                path.unlink(missing_ok=True)
        self._answer(HTTPStatus.OK, "<ok/>")

    def do_PUT(self) -> None:
        """Another mood, from here on."""
        self.server.mood |= json.loads(self._body() or b"{}")
        self._answer(HTTPStatus.OK, "<ok/>")

    def do_POST(self) -> None:
        body, server = self._body(), self.server
        if server.spends("broken"):
            server.log("broken")
            return self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "500", "Intern fejl")
        if server.spends("refused"):
            server.log("refused")
            return self._refuse(HTTPStatus.BAD_REQUEST, "1201", "Ugyldig modtager 010190-1234")
        try:
            uuid, memo = self._message(body)
        except (etree.Error, ValueError) as wrong:
            server.log("invalid")
            return self._refuse(HTTPStatus.BAD_REQUEST, "1001", str(wrong)[:300])
        is_new = server.keep(uuid, memo)
        if server.spends("dropped"):
            self.close_connection = True
            self.connection.close()
            return None
        time.sleep(server.mood["seconds"])
        if not is_new:
            return self._refuse(HTTPStatus.CONFLICT, "1409", "Meddelelsen er allerede modtaget")
        said = f"<Result>true</Result><TransmissionId>{uuid4()}</TransmissionId>"
        return self._answer(HTTPStatus.OK, f"<kombi_response>{said}</kombi_response>")

    def _message(self, body: bytes) -> tuple[str, bytes]:
        """The message's UUID and its bytes. ValueError says what is wrong with it."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        request = etree.fromstring(body, parser)
        if request.findtext("KombiValgKode") != "Digital Post":
            raise ValueError("KombiValgKode er ikke Digital Post")
        memo = request.find(f"{MEMO}Message")
        if memo is None:
            raise ValueError("Der er ingen MeMo-meddelelse")
        if self.server.schema is not None:
            self.server.schema.assertValid(memo)
        return str(memo.findtext(f"{MEMO}MessageHeader/{MEMO}messageUUID")), etree.tostring(memo)

    def _path(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, dict(parse_qsl(parts.query))

    def _body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES))

    def _refuse(self, status: HTTPStatus, code: str, text: str) -> None:
        self._answer(status, f"<Fejl>{ERROR.format(code=code, text=escape(text))}</Fejl>")

    def _answer(self, status: HTTPStatus, body: str, content: str = "application/xml") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_said: object) -> None:
        """Nothing: the address says whose mailbox was asked for."""


def read_memo(path: Path) -> ElementTree.Element:
    """A message that was taken."""
    return ElementTree.parse(path).getroot()


def main() -> None:
    folder = env.data_dir() / "digital-post"
    office = PostOffice(folder, int(os.environ[LOCAL_PORT]))
    office.serve_forever()


if __name__ == "__main__":
    main()
