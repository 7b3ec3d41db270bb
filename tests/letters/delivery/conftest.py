"""A post office of this test's own, in a thread, and letters that go to it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from config.digital_post_server import PostOffice


@pytest.fixture
def office(tmp_path: Path, settings: LazySettings) -> Iterator[PostOffice]:
    """Digital Post is on and goes to this post office; letters on paper into ``tmp_path``."""
    server = PostOffice(tmp_path / "office")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.DIGITAL_POST = (
        settings.DIGITAL_POST | server.settings | {"sender": "29188378", "seconds": 60}
    )
    settings.SITE = settings.SITE | {"url": "https://puljer.example"}
    settings.LETTER_PRINT_DIR = tmp_path / "print"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
