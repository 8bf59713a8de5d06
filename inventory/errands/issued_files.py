"""The bytes of issued papers, kept in the data folder as `papers/SHA256.pdf`: a reprint years later is the same file.

A newer program or another font may draw a paper otherwise, so the bytes of its first print are kept and given again.
Files are named by what they hold: one that was damaged or exchanged is not taken for the paper. The folder belongs to
one installation; the database holds the sums, the data and the seals, and can do without it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from inventory.errands.rules import FileUnwritable

FOLDER = "papers"


def file_of(home: Path, digest: bytes) -> Path:
    """Return where the bytes with this sha256 are kept."""
    return home / FOLDER / f"{digest.hex()}.pdf"


def keep(home: Path, data: bytes) -> bytes:
    """Keep bytes and return their sha256; when it returns they are on the disk, whole.

    Raises
    ------
    FileUnwritable
    """
    digest = hashlib.sha256(data).digest()
    path = file_of(home, digest)
    aside = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        _settle(path.parent)
    except OSError as error:
        raise FileUnwritable(file=str(path), reason=error.strerror or str(error)) from error
    return digest


def kept(home: Path, digest: bytes) -> bytes | None:
    """Return the bytes with this sha256, or None when their file is missing, unreadable or holds something else."""
    try:
        data = file_of(home, digest).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).digest() == digest else None


def damaged(home: Path, digests: Sequence[bytes]) -> list[Path]:
    """Return the files that no longer hold what their name says; one that is missing is not damaged."""
    files = [(digest, file_of(home, digest)) for digest in digests]
    return [file for digest, file in files if file.exists() and kept(home, digest) is None]


def drop(home: Path, digest: bytes) -> None:
    """Remove bytes that were kept and did not become a paper."""
    file_of(home, digest).unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Bring the name of a new file to the disk too, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
