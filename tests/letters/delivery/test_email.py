"""SMTP with STARTTLS against a real server: a certificate that holds, or not a word."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import EmailMultiAlternatives

from config.ports import free_port
from letters.delivery import DeliveryFailed, Refused
from letters.delivery.email import one_line, send

HOST = x509.IPAddress(ip_address("127.0.0.1"))


class Server:
    """Counts connections, and keeps who wrote in clear."""

    def __init__(self) -> None:
        self.lines: set[object] = set()
        self.secure: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, _envelope: Any) -> str:  # noqa: N802
        self.lines.add(session.peer)
        self.secure.append(session.ssl is not None)
        return "250 OK"


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([HOST]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file


@contextmanager
def server(settings: Any, context: ssl.SSLContext | None) -> Iterator[Server]:
    port = free_port()
    handler = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, True
    running = Controller(
        handler,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=bool(context),
    )
    running.start()
    try:
        yield handler
    finally:
        running.stop()


def a_mail() -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Nyt brev", "Hej", to=["bo@puljer.example"])


def test_mails_of_a_batch_share_one_safe_line(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)

    with server(settings, context) as taken:
        with pytest.raises(DeliveryFailed, match="certificate verify failed") as told:
            send(a_mail())
        assert told.value.sentence == "Forbindelsen til mailserveren er ikke sikker."
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        with one_line():
            for _each in range(3):
                send(a_mail())
        send(a_mail())

    assert taken.secure == [True] * 4
    assert len(taken.lines) == 2


def test_a_server_without_starttls_gets_not_a_word(settings: Any) -> None:
    with server(settings, None) as taken, pytest.raises(DeliveryFailed) as told, one_line():
        send(a_mail())

    assert told.value.sentence == "Forbindelsen til mailserveren er ikke sikker."
    assert taken.secure == []


@pytest.mark.parametrize(
    ("error", "sentence", "is_final"),
    [
        (
            smtplib.SMTPRecipientsRefused({"x": (550, b"")}),
            "Mailserveren kender ikke modtagerens adresse.",
            True,
        ),
        (
            smtplib.SMTPRecipientsRefused({"x": (450, b"")}),
            "Mailserveren tager ikke imod lige nu.",
            False,
        ),
        (smtplib.SMTPServerDisconnected("gone"), "Mailserveren svarer ikke.", False),
        (ConnectionRefusedError(), "Mailserveren svarer ikke.", False),
    ],
)
def test_how_a_failure_is_told(
    error: Exception, sentence: str, is_final: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object) -> int:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", fails)

    with pytest.raises(DeliveryFailed) as told, one_line():
        send(a_mail())

    assert (told.value.sentence, isinstance(told.value, Refused)) == (sentence, is_final)
