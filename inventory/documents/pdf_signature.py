"""The signature inside a PDF file, for offices that have a certificate: readers of PDF show who signed it.

They also show whether it was changed since. The seal in the QR code does not depend on it.
It is made only where `INVENTORY_PAPER_CERTIFICATE` names a PKCS#12 file, and needs the package pyHanko
(`requirements-sign.txt`). A signature carries its time, so a signed paper drawn again has other bytes: the first ones
are kept. Nothing is asked of the network: no time-stamp server, no revocation list.
"""

from __future__ import annotations

import importlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from cryptography.hazmat.primitives.serialization import pkcs12

from inventory.core.clock import utc_now
from inventory.core.errors import Refusal
from inventory.core.settings import Settings

FIELD = "Tongdiao"


@dataclass(eq=False)
class CertificateUnusable(Refusal):
    """The certificate for papers cannot be used; `reason` is a code (file missing, wrong password …).

    Papers are not printed without a signature that was asked for.
    """

    code: ClassVar[str] = "certificate_unusable"
    file: str
    reason: str


@dataclass(eq=False)
class SignatureMissing(Refusal):
    """A certificate is set, but the package that signs PDF files is not installed."""

    code: ClassVar[str] = "signature_missing"
    file: str


@dataclass(frozen=True)
class Signer:
    """A certificate with its key, ready to sign; `subject` is whose it is."""

    subject: str
    _signer: Any


def configured_signer() -> Signer | None:
    """Return the signer that the settings name, None when they name none.

    Raises
    ------
    CertificateUnusable, SignatureMissing
    """
    settings = Settings()
    if not settings.paper_certificate:
        return None
    return load_signer(Path(settings.paper_certificate), settings.paper_certificate_password_file)


def load_signer(file: Path, password_file: str = "") -> Signer:
    """Read a certificate and its key from a PKCS#12 file; the password is the first line of another file, if any.

    Raises
    ------
    CertificateUnusable, SignatureMissing
    """
    try:
        signers: Any = importlib.import_module("pyhanko.sign.signers")
    except ImportError as error:
        raise SignatureMissing(file=str(file)) from error
    data = _read(file)
    told = _read(Path(password_file)).split(b"\n", 1)[0].rstrip(b"\r") if password_file else b""
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, told or None)
    except ValueError as error:
        raise CertificateUnusable(file=str(file), reason="certificate_password_wrong") from error
    if key is None or certificate is None:
        raise CertificateUnusable(file=str(file), reason="certificate_without_key")
    now = utc_now()
    if now < certificate.not_valid_before_utc:
        raise CertificateUnusable(file=str(file), reason="certificate_not_yet_valid")
    if now > certificate.not_valid_after_utc:
        raise CertificateUnusable(file=str(file), reason="certificate_expired")
    signer = signers.SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=told or None)
    if signer is None:
        raise CertificateUnusable(file=str(file), reason="certificate_without_key")
    return Signer(certificate.subject.rfc4514_string(), signer)


def signed(pdf: bytes, signer: Signer) -> bytes:
    """Return a PDF with a signature that certifies it: no change after it is allowed."""
    signers: Any = importlib.import_module("pyhanko.sign.signers")
    fields: Any = importlib.import_module("pyhanko.sign.fields")
    writing: Any = importlib.import_module("pyhanko.pdf_utils.incremental_writer")
    told = signers.PdfSignatureMetadata(
        field_name=FIELD, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, md_algorithm="sha256"
    )
    made = signers.PdfSigner(told, signer=signer._signer).sign_pdf(writing.IncrementalPdfFileWriter(io.BytesIO(pdf)))
    return bytes(made.getvalue())


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CertificateUnusable(file=str(file), reason="certificate_file_missing") from error
