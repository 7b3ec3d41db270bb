"""Certificates for the post office on this machine: its own authority, server and client."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LOCAL_PORT = "DIGITAL_POST_LOCAL_PORT"
DEMO_SENDER = "99000139"  # invented, as the demo's municipality
YEARS = timedelta(days=3650)
NAMES = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]


def make_certificates(folder: Path) -> Path:
    """Make ca.pem, server.pem/.key and client.pem/.key in the folder, once."""
    if (folder / "ca.pem").exists():  # written last
        return folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority_key = new_key(SECP256R1())
    authority = _sign("Puljers eget postkontor", authority_key, None, authority_key)
    for name in ("server", "client"):
        key = new_key(SECP256R1())
        signed = _sign(f"Puljer {name}", key, authority, authority_key)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = folder / f"{name}.key"
        path.touch(mode=0o600)
        path.write_bytes(private)
        (folder / f"{name}.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    (folder / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    return folder


def post_office_settings(folder: Path, port: int) -> dict[str, str]:
    """The environment of a demo that sends to the post office on its own machine."""
    tls = make_certificates(folder / "tls")
    return {
        LOCAL_PORT: str(port),
        "DIGITAL_POST_URL": f"https://127.0.0.1:{port}",
        "DIGITAL_POST_CERT": str(tls / "client.pem"),
        "DIGITAL_POST_KEY": str(tls / "client.key"),
        "DIGITAL_POST_CA": str(tls / "ca.pem"),
        "DIGITAL_POST_SENDER": DEMO_SENDER,
    }


def _sign(
    name: str,
    key: EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signing_key: EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + YEARS)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
    )
    if issuer is None:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
    else:
        made = made.add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
    return made.sign(signing_key, hashes.SHA256())
