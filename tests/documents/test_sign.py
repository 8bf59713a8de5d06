"""The seal of a paper: verified without a network, every change noticed, the key kept."""

from __future__ import annotations

import dataclasses
import stat
import string
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.core.errors import Name
from inventory.documents import sign
from inventory.documents.data.dispatch import LIST_COPIES, Cosigner
from inventory.documents.data.values import BadPaperValue
from inventory.documents.sentences import CHECKS
from inventory.documents.sign import Altered, Genuine, KeyUnusable, NotASeal, PaperKey, UnknownKey
from tests.documents import samples

OTHER = PaperKey(b"\x07" * 32)
TRUSTED = [OTHER.public, samples.KEY.public]
QR_ALPHABET = set(string.digits + string.ascii_uppercase + " $%*+-./:")


def test_a_seal_is_verified_and_belongs_to_its_paper_alone() -> None:
    """The text on the paper proves number, revision and content; another content or kind does not belong to it."""
    paper = samples.order(3)
    sealed = sign.seal(paper, samples.KEY)
    found = sign.verify_text(sealed.text, TRUSTED)
    assert isinstance(found, Genuine)
    assert (found.mark, found.number, found.revision) == ("O", paper.number, 1)
    assert found.belongs_to(paper)
    assert not found.belongs_to(dataclasses.replace(paper, vehicle="渝A00001"))
    assert not found.belongs_to(samples.pick_list())
    assert set(sealed.text) <= QR_ALPHABET


@pytest.mark.parametrize("position", range(165))
def test_every_altered_character_is_noticed(position: int) -> None:
    """No character of the text can be changed to another of its alphabet and still be genuine."""
    text = sign.seal(samples.order(2), samples.KEY).text
    assert len(text) == 165
    for character in "A2Z7":
        if text[position] != character:
            changed = text[:position] + character + text[position + 1 :]
            assert not isinstance(sign.verify_text(changed, TRUSTED), Genuine), changed


def test_a_changed_number_is_altered_and_a_strange_key_is_unknown() -> None:
    """The answer says which: altered (known key, wrong signature) or unknown key; never an exception."""
    text = sign.seal(samples.order(2), samples.KEY).text
    changed = sign.verify_text(text.replace("000008", "000009"), TRUSTED)
    assert changed == Altered("DB-WS-2026-000009", 1, samples.KEY.fingerprint)
    assert sign.verify_text(text, [OTHER.public]) == UnknownKey("DB-WS-2026-000008", 1, samples.KEY.fingerprint)
    forged = sign.seal(samples.order(2), OTHER).text.replace(OTHER.fingerprint, samples.KEY.fingerprint)
    assert isinstance(sign.verify_text(forged, TRUSTED), Altered)


@given(st.one_of(st.text(max_size=1200), st.text(alphabet="TD1:O%A2-", max_size=400)))
def test_any_other_text_is_not_a_seal(text: str) -> None:
    """Whatever a scanner reads, the answer is a result."""
    assert isinstance(sign.verify_text(text, TRUSTED), NotASeal)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_a_number_of_any_characters_comes_back(number: str) -> None:
    """Numbers with hanzi, lower case, colons and percent signs survive the QR alphabet."""
    sealed = sign.seal(dataclasses.replace(samples.order(1), number=number), samples.KEY)
    found = sign.verify_text(sealed.text, TRUSTED)
    assert isinstance(found, Genuine)
    assert found.number == number
    assert set(sealed.text) <= QR_ALPHABET


def test_the_human_code_is_forgiving_to_the_ear_and_to_nothing_else() -> None:
    """Case, dashes, O for 0, I and L for 1 do not matter; another paper, another key, a wrong character do."""
    paper = samples.order(2)
    sealed = sign.seal(paper, samples.KEY)
    loose = sealed.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert sign.code_matches(sealed.code, sealed.digest, samples.KEY)
    assert sign.code_matches(loose, sealed.digest, samples.KEY)
    assert not sign.code_matches(sealed.code, sealed.digest, OTHER)
    assert not sign.code_matches(sealed.code, sign.digest_of(samples.order(3)), samples.KEY)
    assert not sign.code_matches("", sealed.digest, samples.KEY)
    assert not sign.code_matches(sealed.code[:-1] + "ü", sealed.digest, samples.KEY)


ALLOWED = {"format": "command", "list_copies": tuple(LIST_COPIES)[:1], "cosigners": (Cosigner(Name("x")),)}
"""Fields that take certain values only -> one that the sample order does not have."""


def test_every_field_of_an_order_is_in_the_digest() -> None:
    """Whatever is printed is signed: changing any one field changes the digest."""
    paper = samples.verbal_order(2)
    digests = {sign.digest_of(paper)}
    for field in dataclasses.fields(paper):
        value = getattr(paper, field.name)
        other: object = None
        if field.name in ALLOWED:
            other = ALLOWED[field.name]
        elif isinstance(value, bool):
            other = not value
        elif isinstance(value, int):
            other = value + 1
        elif isinstance(value, str):
            other = value + "x"
        elif isinstance(value, Name):
            other = Name(value.zh + "x", value.en)
        elif isinstance(value, tuple):
            other = (*value, *value[-1:]) if value else (Name("x"),)
        elif value is not None and not dataclasses.is_dataclass(value):
            other = value.replace(year=2027)
        digests.add(sign.digest_of(dataclasses.replace(paper, **{field.name: other})) if other is not None else b"")
    changed = [f for f in dataclasses.fields(paper) if not dataclasses.is_dataclass(getattr(paper, f.name))]
    names = [f for f in dataclasses.fields(paper) if isinstance(getattr(paper, f.name), Name)]
    assert len(digests - {b""}) == 1 + len(changed) + len(names)


def test_a_lone_surrogate_is_refused() -> None:
    """Text that no file can hold is refused by name before anything is printed."""
    with pytest.raises(BadPaperValue) as refused:
        sign.seal(samples.order(1, vehicle="\ud800"), samples.KEY)
    assert refused.value.value == "U+D800"


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """Eight threads that start at once get one key, in a file that only its owner reads; nothing else is left."""
    found: list[PaperKey] = []
    gate = threading.Barrier(8)

    def work() -> None:
        gate.wait()
        found.append(sign.load_key(tmp_path))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key.secret for key in found}) == 1
    assert len(found) == 8
    folder = tmp_path / "keys"
    assert [path.name for path in folder.iterdir()] == ["paper.key"]
    assert stat.S_IMODE((folder / "paper.key").stat().st_mode) == 0o600
    assert sign.load_key(tmp_path) == found[0]
    assert found[0].secret.hex() not in repr(found[0])


@pytest.mark.parametrize("damage", [b"", b"zz", b"ab" * 31, b"\xff\xfe\n"])
def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path, damage: bytes) -> None:
    """Papers signed with the old key could not be checked if a new one took its place."""
    sign.load_key(tmp_path)
    path = tmp_path / "keys" / "paper.key"
    path.write_bytes(damage)
    with pytest.raises(KeyUnusable):
        sign.load_key(tmp_path)
    assert path.read_bytes() == damage


def test_papers_of_another_node_are_trusted_once_its_public_key_lies_beside_ours(tmp_path: Path) -> None:
    """A public key in `keys/*.pub` makes that node's papers genuine here; a damaged file is refused by name."""
    own = sign.load_key(tmp_path)
    text = sign.seal(samples.order(1), OTHER).text
    assert sign.trusted_keys(tmp_path) == (own.public,)
    assert isinstance(sign.verify_text(text, sign.trusted_keys(tmp_path)), UnknownKey)
    (tmp_path / "keys" / "heishan.pub").write_text(OTHER.public.hex() + "\n")
    assert isinstance(sign.verify_text(text, sign.trusted_keys(tmp_path)), Genuine)
    (tmp_path / "keys" / "damaged.pub").write_text("not hex")
    with pytest.raises(KeyUnusable):
        sign.trusted_keys(tmp_path)


def test_every_result_of_a_check_has_its_words() -> None:
    """The four results are told in words that name no fact the result does not carry."""
    text = sign.seal(samples.order(1), OTHER).text
    results = [
        sign.verify_text(text, TRUSTED),
        sign.verify_text(text.replace("000008", "000009"), TRUSTED),
        sign.verify_text(text, [samples.KEY.public]),
        sign.verify_text("", TRUSTED),
    ]
    assert [result.code for result in results] == list(CHECKS)
    for result in results:
        sentence = CHECKS[result.code]
        for part in (sentence.what, sentence.why, sentence.then):
            part % dataclasses.asdict(result)
