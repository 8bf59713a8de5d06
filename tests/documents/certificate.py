"""A certificate made for a test: self-signed, with a Chinese organisation, in a PKCS#12 file with its password file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from inventory.core.clock import utc_now

PASSWORD = b"correct horse"


@dataclass(frozen=True)
class Made:
    """The files of a certificate, and the certificate itself (DER)."""

    file: Path
    password_file: Path
    der: bytes


def make(folder: Path, *, days: int = 30) -> Made:
    """Make a certificate that holds for so many days from yesterday on; none left when `days` is below 1."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "万盛经开区应急管理局"),
            x509.NameAttribute(NameOID.COMMON_NAME, "应急物资调拨专用"),
        ]
    )
    start = utc_now() - dt.timedelta(days=2)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=days + 1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, True, True, False, False),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    file, password_file = folder / "seal.p12", folder / "seal.password"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, BestAvailableEncryption(PASSWORD))
    )
    password_file.write_bytes(PASSWORD + b"\n")
    return Made(file, password_file, certificate.public_bytes(Encoding.DER))
