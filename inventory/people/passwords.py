"""Passwords: the policy, and argon2id hashing that never runs more than twice at once.

A hash takes tens of milliseconds and tens of megabytes, so it is made outside every transaction: commands are
given the finished hash, never the password, and no password or hash ever stands in the journal.
"""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inventory.core.env import Env
from inventory.core.errors import Refusal

DEMO_PASSWORD = "tongdiao-demo"
"""The password of every demo account; it is shown on the sign-in page of a demo district."""

LENGTH_MIN = 8
LENGTH_MAX = 128
"""Source: ASVS 5.0 6.2.1 (at least 8) and 6.2.9 (at least 64 allowed); the upper bound only caps the work."""
CLASSES_MIN = 3
"""Of lower case, upper case, digits and other signs. Source: the usual reading of GB/T 22239 8.1.4.1 (complexity)."""
POLICIES = ("complex", "length")
"""`complex`: length and classes (the classified-protection reading, default). `length`: length only (ASVS)."""

_COMMON = frozenset(
    [
        "password",
        "password1",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "11111111",
        "88888888",
        "66666666",
        "00000000",
        "87654321",
        "a1234567",
        "a12345678",
        "abc12345",
        "abcd1234",
        "abcd1234!",
        "aa123456",
        "aa123456!",
        "1q2w3e4r",
        "1qaz2wsx",
        "admin123",
        "admin@123",
        "admin123!",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "iloveyou",
        "woaini1314",
        "5201314520",
        "wansheng123",
        "qwer1234",
        "asdf1234",
        "zxcvbnm1",
        "letmein1",
        "welcome1",
        "welcome123",
        "test1234",
        "root1234",
        "changeme",
        "q1w2e3r4",
        "abc123456",
        "a123456789",
    ]
)
"""Passwords that everybody tries first; compared without case."""

# Source: OWASP Password Storage Cheat Sheet, argon2id with 46 MiB, 1 pass, 1 lane.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$pw010Qwsz14Zb0Kvs5DHCg$FhLjKLOGDoTZ/+ya8JoOAkylMsrVtgj2tXyshlFIIHk"
"""The hash of nobody's password: an unknown login costs the same work as a known one."""


@dataclass(eq=False)
class WeakPassword(Refusal):
    """The password does not meet the policy; `problems` are codes out of `PROBLEMS`."""

    code: ClassVar[str] = "weak_password"
    problems: tuple[str, ...]
    length_min: int
    classes_min: int


PROBLEMS = ("too_short", "too_long", "too_plain", "too_common", "same_as_old", "holds_login")


def check_password(password: str, *, login: str, policy: str = "complex", old: str | None = None) -> None:
    """Refuse a password that the policy does not allow, with everything that is wrong with it.

    Raises
    ------
    WeakPassword
    """
    text = unicodedata.normalize("NFKC", password)
    classes = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isalnum())
    wrong = {
        "too_short": len(text) < LENGTH_MIN,
        "too_long": len(text) > LENGTH_MAX,
        "too_plain": policy == "complex" and sum(any(map(kind, text)) for kind in classes) < CLASSES_MIN,
        "too_common": text.casefold() in _COMMON,
        "same_as_old": old is not None and password == old,
        "holds_login": len(login) >= 3 and login.casefold() in text.casefold(),
    }
    problems = tuple(code for code in PROBLEMS if wrong[code])
    if problems:
        classes_min = CLASSES_MIN if policy == "complex" else 1
        raise WeakPassword(problems=problems, length_min=LENGTH_MIN, classes_min=classes_min)


def hash_password(password: str, *, id: UUID | None = None) -> str:
    """Return the argon2id hash (97 characters); waits while two others are being made.

    The salt is made from `id`, the entry that will set the password, so that a resent form gives the same hash;
    it is random where there is none.
    """
    salt = hashlib.sha256(b"salt" + id.bytes).digest()[:16] if id is not None else os.urandom(16)
    with _AT_ONCE:
        return _HASHER.hash(unicodedata.normalize("NFKC", password), salt=salt)


def demo_password_hash() -> str:
    """Return the hash of `DEMO_PASSWORD` with a fixed salt: a public password, the same in every demo district."""
    with _AT_ONCE:
        return _HASHER.hash(DEMO_PASSWORD, salt=b"demo demo demo !")


def verify_password(password_hash: str | None, password: str) -> bool:
    """Return whether the password is right; the same work is done when there is no hash to compare with.

    The caller holds `hashing()`.
    """
    text = unicodedata.normalize("NFKC", password[: 4 * LENGTH_MAX])
    try:
        right = _HASHER.verify(password_hash or _NOBODY, text)
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def hashing() -> threading.BoundedSemaphore:
    """Return the gate that lets two hashes be made at once; hold it around `verify_password`."""
    return _AT_ONCE


def outdated(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


_TYPED = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")


def temporary_password(env: Env) -> str:
    """Return a password to hand over once: 12 signs in three groups, none that are misread (no 0 O 1 l I)."""
    alphabet = "".join(_TYPED)
    while True:
        signs = [env.random.choice(alphabet) for _ in range(12)]
        if all(any(sign in group for sign in signs) for group in _TYPED):
            return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))
