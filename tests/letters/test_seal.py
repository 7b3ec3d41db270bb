"""The municipality's seal: a signature others can check, both standards kept, never left out."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from letters import render
from letters.rendering.proof import standards_broken
from tests.letters.test_render import ISSUED, html

PASSWORD = "hemmelig"  # noqa: S105
RSA = rsa.generate_private_key(65537, 2048)


@pytest.fixture(autouse=True)
def no_loop() -> Iterator[None]:
    """A browser's story in the same process leaves its loop running; pyHanko wants its own."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def sealing(settings: object, tmp_path: Path) -> Path:
    """Letters are sealed with the certificate at the path given, which is valid."""
    place = tmp_path / "segl.p12"
    settings.LETTER_SEAL_P12 = str(place)  # type: ignore[attr-defined]
    settings.LETTER_SEAL_PASSWORD = PASSWORD  # type: ignore[attr-defined]
    place.write_bytes(_p12())
    return place


def _p12(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = RSA, days: int = 30) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"segl",
        key,
        _certificate(key, days),
        None,
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )


def _certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, days: int
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prøve Kommune")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    made = made.public_key(key.public_key()).add_extension(usage, critical=True)
    made = made.not_valid_before(now - timedelta(days=60))
    return made.not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())


@pytest.mark.parametrize("key", [RSA, ec.generate_private_key(ec.SECP256R1())], ids=["rsa", "ec"])
def test_a_sealed_letter_is_signed_whole_and_keeps_both_standards(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, sealing: Path
) -> None:
    sealing.write_bytes(_p12(key))
    pdf, sha256 = render.letter(html("<p>Kære du</p>"), {}, ISSUED)

    sealed, sealed_sha256 = render.sealed(pdf)

    assert sealed.startswith(pdf)
    assert sealed_sha256 != sha256
    assert standards_broken(sealed) == []
    (signature,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    ours = asn1.Certificate.load(signature.signer_cert.dump())
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[ours]))
    assert status.bottom_line
    assert (status.coverage.name, status.modification_level.name) == ("ENTIRE_FILE", "NONE")
    assert signature.field_name == "Segl"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_letter_that_was_changed_is_seen(sealing: Path) -> None:
    sealed, _sha256 = render.sealed(render.letter(html("<p>1.000 kr.</p>"), {}, ISSUED)[0])

    changed = sealed[:2_000] + bytes([sealed[2_000] ^ 1]) + sealed[2_001:]

    (signature,) = PdfFileReader(BytesIO(changed)).embedded_signatures
    assert not validate_pdf_signature(signature, ValidationContext(trust_roots=[])).intact


def test_without_a_certificate_nothing_is_sealed() -> None:
    pdf, sha256 = render.letter(html("<p>Kære du</p>"), {}, ISSUED)

    assert render.sealed(pdf) == (pdf, sha256)
    assert not render.has_seal()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kan ikke læses med den adgangskode"),
        (_p12(days=-1), "Seglets certifikat udløb"),
        (None, "LETTER_SEAL_P12, kan ikke læses"),
    ],
    ids=["broken", "expired", "missing"],
)
def test_a_seal_that_cannot_be_used_stops_worker_and_letter(
    content: bytes | None, sentence: str, sealing: Path
) -> None:
    sealing.write_bytes(content) if content is not None else sealing.unlink()

    with pytest.raises(render.NotInstalled, match=sentence):
        render.check()
    with pytest.raises(render.CannotRender, match=sentence):
        render.sealed(b"%PDF-1.7")
