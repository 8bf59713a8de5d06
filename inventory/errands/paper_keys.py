"""Whose papers are believed here: our own public key to hand out, and those of other offices, taken in and given up.

A public key is a file `keys/OFFICE.pub` in the data folder, so that papers are checked without a database too; who took
it in and when stands in the journal. Before it counts, its long fingerprint is compared with what the office says over
the telephone: a file that came by mail proves nothing.
"""

from __future__ import annotations

import os
import re
from uuid import UUID

from inventory.core.errors import NotFound
from inventory.core.words import choose
from inventory.core.work import Actor, Store, Work
from inventory.documents.sign import (
    TrustedKey,
    known_keys,
    load_key,
    long_fingerprint_of,
    plain_signs,
    public_key_of,
)
from inventory.errands.rules import (
    BadOfficeName,
    FileUnwritable,
    KeyKnown,
    NoPublicKey,
    OfficeHasKey,
    OtherFingerprint,
)
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import here
from inventory.people.rules import DISTRICT

_OFFICE = re.compile(r"\w[\w .-]{0,38}\w")
"""A name of 2 to 40 letters (Chinese ones too), digits, spaces, dots and hyphens; it is the name of the file."""


def own_key(store: Store) -> TrustedKey:
    """Return our own public key, made on first use."""
    return TrustedKey("", load_key(store.env.home).public, own=True)


def own_key_file(store: Store, actor: Actor) -> bytes:
    """Return the file to hand to other offices: our public key in hex, with our name and its fingerprint."""
    key = own_key(store)
    node = store.read(actor, here)
    lines = (
        "# Tongdiao paper key",
        f"# {choose(node.name, 'zh_CN')} ({node.code})",
        f"# {long_fingerprint_of(key.public)}",
    )
    return "\n".join((*lines, key.public.hex(), "")).encode()


def read_public_key(data: bytes, *, file: str) -> bytes:
    """Return the key that a file holds, 32 bytes.

    Raises
    ------
    NoPublicKey
    """
    key = public_key_of(data[:10_000].decode("utf-8-sig", "replace"))
    if key is None:
        raise NoPublicKey(file=file)
    return key


def trust_key(work: Work, *, id: UUID, office: str, public_key: str) -> Done:
    """Record that the papers of an office are believed from now on; `public_key` is in hex.

    Raises
    ------
    NotPermitted
    """
    deed = begin(work, id=id, kind="trust_key", asked={"office": office, "public_key": public_key}, at=DISTRICT)
    if deed.done:
        return deed.done
    fingerprint = long_fingerprint_of(bytes.fromhex(public_key))
    return finish(work, deed, outcome={"office": office, "fingerprint": fingerprint})


def forget_key(work: Work, *, id: UUID, office: str) -> Done:
    """Record that the papers of an office are no longer believed.

    Raises
    ------
    NotPermitted
    """
    deed = begin(work, id=id, kind="forget_key", asked={"office": office}, at=DISTRICT)
    if deed.done:
        return deed.done
    return finish(work, deed, outcome={"office": office})


def trust(store: Store, actor: Actor, *, id: UUID, office: str, public_key: bytes, fingerprint: str) -> Done:
    """Take in the public key of another office: the entry in the journal first, then the file.

    Parameters
    ----------
    fingerprint
        What the office said over the telephone, all 24 signs; case, spaces and dashes do not matter.

    Raises
    ------
    NotPermitted, BadOfficeName, OtherFingerprint, OfficeHasKey, KeyKnown, KeyUnusable, FileUnwritable
    """
    office = office.strip()
    if not _OFFICE.fullmatch(office):
        raise BadOfficeName(office=office[:60])
    found = long_fingerprint_of(public_key)
    if plain_signs(fingerprint) != plain_signs(found):
        raise OtherFingerprint(found=found, told=fingerprint[:60])
    for key in known_keys(store.env.home):
        if key.public == public_key and key.office != office:
            raise KeyKnown(office=key.office)
        if key.office == office and key.public != public_key:
            raise OfficeHasKey(office=office, fingerprint=key.fingerprint)
    done = store.write(actor, lambda work: trust_key(work, id=id, office=office, public_key=public_key.hex()))
    path = store.env.home / "keys" / f"{office}.pub"
    text = f"# {office}\n# {found}\n{public_key.hex()}\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.new")
        aside.write_text(text, "utf-8")
        aside.replace(path)
    except OSError as error:
        raise FileUnwritable(file=str(path), reason=error.strerror or str(error)) from error
    return done


def forget(store: Store, actor: Actor, *, id: UUID, office: str) -> Done:
    """Believe the papers of an office no longer; its file is kept beside, under another ending.

    Raises
    ------
    NotPermitted, NotFound, FileUnwritable
    """
    path = store.env.home / "keys" / f"{office}.pub"
    if office not in {key.office for key in known_keys(store.env.home) if not key.own}:
        raise NotFound(kind="paper_key", key=office[:60])
    done = store.write(actor, lambda work: forget_key(work, id=id, office=office))
    try:
        path.replace(path.with_suffix(".forgotten"))
    except OSError as error:
        raise FileUnwritable(file=str(path), reason=error.strerror or str(error)) from error
    return done
