"""A real HTTP server on a free port that answers what a test lays in front of it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class LocalServer:
    url: str = ""
    status: int = 200
    body: bytes = b"{}"
    wait: float = 0.0
    asked: list[Asked] = field(default_factory=list)

    def answers(self, said: Any, status: int = 200) -> None:
        self.body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.status = status


@contextmanager
def local_server() -> Iterator[LocalServer]:
    told = LocalServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            told.asked.append(Asked(self.path, dict(self.headers), body))
            time.sleep(told.wait)
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(told.body)

        do_POST = do_GET  # noqa: N815 (the server calls it by this name)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
