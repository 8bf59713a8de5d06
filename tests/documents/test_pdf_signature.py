"""The signature inside a PDF file: intact and trusted, broken by one byte, refused in words when it cannot be made."""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from inventory.documents.pdf_signature import (
    CertificateUnusable,
    SignatureMissing,
    configured_signer,
    load_signer,
    signed,
)
from inventory.documents.press import printed
from inventory.speech import say
from tests.documents import certificate, samples


def _status(pdf: bytes, der: bytes) -> Any:
    """Validate the one signature of a PDF against one root, without asking the network."""
    reading: Any = importlib.import_module("pyhanko.pdf_utils.reader")
    validation: Any = importlib.import_module("pyhanko.sign.validation")
    certvalidator: Any = importlib.import_module("pyhanko_certvalidator")
    asn1: Any = importlib.import_module("asn1crypto.x509")
    context = certvalidator.ValidationContext(trust_roots=[asn1.Certificate.load(der)], allow_fetching=False)
    (signature,) = reading.PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validation.validate_pdf_signature(signature, context)


def test_a_signed_paper_is_intact_and_trusted_until_one_byte_changes(tmp_path: Path) -> None:
    """The signature covers the whole file: validated against our own root, and broken by any one flipped byte."""
    made = certificate.make(tmp_path)
    plain = printed(samples.receipt(3), key=samples.KEY).pdf
    pdf = signed(plain, load_signer(made.file, str(made.password_file)))
    assert pdf.startswith(plain), "the drawing itself is untouched"
    status = _status(pdf, made.der)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    other = certificate.make(tmp_path)
    assert _status(pdf, other.der).trusted is False
    at = len(plain) // 2
    flipped = pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    assert _status(flipped, made.der).intact is False


@pytest.mark.parametrize(
    ("reason", "days", "password", "file"),
    [
        ("certificate_password_wrong", 30, b"guess", "seal.p12"),
        ("certificate_expired", 0, certificate.PASSWORD, "seal.p12"),
        ("certificate_file_missing", 30, certificate.PASSWORD, "lost.p12"),
        ("certificate_password_wrong", 30, certificate.PASSWORD, "seal.password"),
    ],
)
def test_a_certificate_that_cannot_sign_is_refused_in_words(
    tmp_path: Path, reason: str, days: int, password: bytes, file: str
) -> None:
    """The refusal says which file and why, in both languages, and never the password."""
    made = certificate.make(tmp_path, days=days)
    made.password_file.write_bytes(password)
    with pytest.raises(CertificateUnusable) as refused:
        load_signer(tmp_path / file, str(made.password_file))
    assert refused.value.reason == reason
    for language in ("zh_CN", "en"):
        said = say(refused.value, language)
        assert file in said.why
        assert f": {reason}." not in said.why
        assert password.decode() not in str(said)


def test_a_missing_package_is_a_refusal_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the package a set certificate stops the print; without a certificate nothing asks for the package."""
    monkeypatch.setitem(sys.modules, "pyhanko.sign.signers", None)
    monkeypatch.delenv("INVENTORY_PAPER_CERTIFICATE", raising=False)
    assert configured_signer() is None
    made = certificate.make(tmp_path)
    monkeypatch.setenv("INVENTORY_PAPER_CERTIFICATE", str(made.file))
    with pytest.raises(SignatureMissing) as refused:
        configured_signer()
    assert "requirements-sign.txt" in say(refused.value, "en").then
