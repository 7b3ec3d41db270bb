"""The municipality's seal on a letter: a PAdES signature with its own certificate (ADR 0021).

Imported by letters.render only, and late: pyHanko costs a third of a second that web processes
need not pay. Stock signing breaks both standards and takes 100-250 ms; what is done otherwise:
 - the key is read once and kept (a fifth of a second each time)
 - room for the signature is known, so that nothing is signed twice
 - the file's metadata stay as they are: pyHanko would write them anew, without PDF/UA's mark
 - the field is printable, has a readable name and lies outside the page: nobody sees it
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

FIELD = "Segl"


class CannotSeal(Exception):
    """The certificate cannot be used; the message is a Danish sentence."""


@dataclass(frozen=True)
class Seal:
    """A certificate and its key, ready to use for as long as the process lives."""

    signer: signers.SimpleSigner
    name: str
    valid_from: datetime
    valid_until: datetime
    room: int

    def check(self, now: datetime) -> None:
        """Raises CannotSeal when the certificate is not valid now."""
        if now > self.valid_until:
            raise CannotSeal(f"Seglets certifikat udløb {self.valid_until:%d-%m-%Y}.")
        if now < self.valid_from:
            raise CannotSeal(f"Seglets certifikat gælder først fra {self.valid_from:%d-%m-%Y}.")

    def put_on(self, pdf: bytes) -> bytes:
        """The file with the seal on it; its own bytes stand unchanged in front of it."""
        self.check(datetime.now(UTC))
        told = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            name=self.name,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        place = fields.SigFieldSpec(
            FIELD,
            invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
            readable_field_name=f"Segl fra {self.name}",
        )
        signer = signers.PdfSigner(told, self.signer, new_field_spec=place)
        sealed = signer.sign_pdf(_SameMetadata(BytesIO(pdf)), bytes_reserved=self.room)
        content: bytes = sealed.getvalue()
        return content


def seal_of(p12: bytes, password: str, name: str) -> Seal:
    """The seal in a PKCS#12 file. Raises CannotSeal when it has no key that can be used."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(p12, password.encode() or None)
    except ValueError:
        raise CannotSeal("Seglets fil kan ikke læses med den adgangskode, der er givet.") from None
    if key is None or certificate is None:
        raise CannotSeal("Seglets fil har ikke både et certifikat og dets nøgle.")
    stock = signers.SimpleSigner.load_pkcs12_data(p12, [], password.encode() or None)
    signer = _KeptKey(stock.signing_cert, stock.signing_key, stock.cert_registry)
    signer.sign = _signing(key)
    chain = [certificate, *others]
    size = sum(len(one.tbs_certificate_bytes) + 1024 for one in chain)
    valid = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Seal(signer, name, *valid, room=2 * (size + 4096))


class _KeptKey(signers.SimpleSigner):
    """Signs with a key that has been read; stock reads and checks it anew each time."""

    sign: Callable[[bytes], bytes]

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self.sign(data)


def _signing(key: Any) -> Callable[[bytes], bytes]:
    if isinstance(key, RSAPrivateKey):
        return lambda data: key.sign(data, PKCS1v15(), SHA256())
    if isinstance(key, EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ECDSA(SHA256()))
    raise CannotSeal("Seglets nøgle er hverken RSA eller ECDSA.")


class _SameMetadata(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        pass
