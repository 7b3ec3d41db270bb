"""The award letter: 1,000 rows by two processes, CPU of one, what a seal costs; beside a naive
WeasyPrint and Typst on the same letter."""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from benchmarks import database, places
from letters.models import Letter
from pulje.actions.casework import recommendation
from pulje.models import Pool
from pulje.states import CaseState
from tests import factories, people

LETTERS, AGAIN = 1_000, 200
PROCESSES = 2
PASSWORD = "bench"  # noqa: S105
REASONS = "Projektet samler kvarteret, det bæres af frivillige, og det er åbent for alle. " * 8
CONDITIONS = "Tilskuddet bruges til det, der er søgt om.\nGem alle bilag i fem år.\nNævn kommunen."


def measure() -> dict[str, object]:
    """The real engine on real rows, then each way alone on one of them."""
    count = database.numbers(LETTERS)[-1]
    again = min(count, AGAIN)
    letter = award_letter()
    with tempfile.TemporaryDirectory() as folder:
        seal = _certificate(Path(folder) / "seal.p12")
        told = {"letter": letter.pk, "seal": [str(seal), PASSWORD]}
        alone = {
            how: alone_in(Path(folder), told, how, again)
            for how in ("warm", "sealed", "naive", "typst")
        }
        together = _together(Path(folder), _queued(letter, count))
    return {
        "rows": together,
        "cpu_ms": alone["warm"]["cpu_ms"],
        "seal_ms": round(alone["sealed"]["cpu_ms"] - alone["warm"]["cpu_ms"], 1),
        "naive_cpu_ms": alone["naive"]["cpu_ms"],
        "typst_cpu_ms": alone["typst"]["cpu_ms"],
        "pdf_bytes": alone["warm"]["pdf_bytes"],
        "naive_pdf_bytes": alone["naive"]["pdf_bytes"],
        "typst_pdf_bytes": alone["typst"]["pdf_bytes"],
    }


def award_letter() -> Letter:
    """The letter that a real decision queued."""
    here = places.build()
    walk = factories.walk_to(CaseState.REVIEWED, pool=Pool.objects.get(pk=here.pools[-1]))
    walk.do(
        recommendation.recommend,
        people.karl(),
        amount_kr=Decimal("6000.00"),
        reasons=REASONS,
        grounds=list(walk.case.version.grounds.order_by("pk")[:1]),
        conditions=CONDITIONS,
    )
    walk.decide()
    letters = Letter.objects.filter(application=walk.case).select_related("application")
    return letters.order_by("-pk")[0]


def _queued(letter: Letter, count: int) -> int:
    """So many rows like this one, due; and no other."""
    Letter.objects.exclude(pk=letter.pk).update(next_attempt_at=letter.queued_at + timedelta(9))
    names = [field.attname for field in Letter._meta.concrete_fields if field.attname != "id"]
    kept = {name: getattr(letter, name) for name in names}
    rows = [Letter(**kept | {"uuid": uuid4(), "cause": f"bench:{n}"}) for n in range(1, count)]
    Letter.objects.bulk_create(rows, batch_size=500)
    return count


def alone_in(folder: Path, told: dict[str, object], how: str, count: int) -> dict[str, object]:
    (process,) = _start(folder, [told], how, count)
    return _answer(process)


def _together(folder: Path, count: int) -> dict[str, object]:
    """Rows to stored PDFs by two processes that are ready before the clock starts."""
    ways = [{"from_first": way} for way in (True, False)]
    processes = _start(folder, ways, "rows", count)
    for process in processes:
        while process.stdout and process.stdout.readline().strip() != "ready":
            pass
    began = time.perf_counter()
    for process in processes:
        if process.stdin:
            process.stdin.write("go\n")
            process.stdin.flush()
    answers = [_answer(process) for process in processes]
    seconds = time.perf_counter() - began
    made = sum(answer["made"] for answer in answers)
    assert made == count, f"{made} of {count} letters were made"
    cpu = sum(answer["cpu_seconds"] for answer in answers)
    return {
        "letters": made,
        "seconds": round(seconds, 1),
        "seconds_of_1000": round(seconds * 1000 / made, 1),
        "per_second": round(made / seconds, 1),
        "cpu_ms": round(cpu * 1000 / made, 1),
        "rss_mb": max(answer["rss_mb"] for answer in answers),
    }


def _start(
    folder: Path, told: list[dict[str, object]], how: str, count: int
) -> list[subprocess.Popen[str]]:
    started = []
    for n, one in enumerate(told):
        file = folder / f"{how}-{n}.json"
        file.write_text(json.dumps(one))
        command = [sys.executable, "-m", "benchmarks.one_engine", how, str(file), str(count)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        started.append(subprocess.Popen(command, text=True, **pipes))
    return started


def _answer(process: subprocess.Popen[str]) -> dict[str, object]:
    with suppress(BrokenPipeError):
        said = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"The letters' process ended with {process.returncode}; see above.")
    found: dict[str, object] = json.loads(said.splitlines()[-1])
    return found


def _certificate(file: Path) -> Path:
    """A key of 3,072 bits, as the public certificates of organisations have."""
    key = rsa.generate_private_key(65537, 3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    made = made.public_key(key.public_key()).not_valid_before(now - timedelta(1))
    signed = made.not_valid_after(now + timedelta(30)).sign(key, SHA256())
    lock = BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, signed, None, lock))
    return file
