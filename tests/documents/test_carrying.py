"""Data on paper: any order of codes, nothing lost; whatever is missing, mixed, altered or foreign is told by name."""

from __future__ import annotations

import hashlib
import random
import string
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from inventory.core.canonical import canonical
from inventory.core.errors import Refusal
from inventory.documents import carrying
from inventory.documents.carrying import (
    ALPHABET,
    CODE_LENGTH_MAX,
    PARTS_MAX,
    CarriedAltered,
    CarriedNewer,
    CarriedUnknownKey,
    NotAPart,
    OtherPaper,
    PartAltered,
    PartsMissing,
    TooMuchToCarry,
    codes_of,
    gathered_from,
    opened,
    read_part,
)
from inventory.documents.drawing.engine import modules
from inventory.documents.sign import PaperKey

KEY, OTHER = PaperKey(bytes(range(1, 33))), PaperKey(bytes(range(2, 34)))
NUMBER = "\u8fd0-WS-2026-000123"
DICTIONARY_SHA256 = "dfa18f1b6bbdebb96e7c0585be0d9641b2f81eac142c5312f9783e632a673491"


def facts_of(lines: int, *, seed: int = 1) -> list[Any]:
    """Return facts that hardly compress: a UUID, a label and a batch each line."""
    source = random.Random(seed)
    return [
        1,
        [[str(UUID(int=source.getrandbits(128))), f"1{source.randrange(10**7):07d}", line] for line in range(lines)],
    ]


def codes(lines: int = 40, *, number: str = NUMBER, key: PaperKey = KEY, seed: int = 1) -> list[str]:
    """Return the codes of a paper with so many lines."""
    return list(codes_of("C", number, facts_of(lines, seed=seed), key))


def refusal_of(texts: list[str], keys: tuple[bytes, ...] = (KEY.public,)) -> Refusal:
    """Return how texts are refused."""
    with pytest.raises(Refusal) as caught:
        opened(gathered_from(texts), keys)
    return caught.value


texts = some.text(max_size=40)
values = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**12), 10**12) | texts | some.uuids().map(str),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(texts, inner, max_size=4),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(facts=values, order=some.randoms(use_true_random=False), kind=some.sampled_from("CB"))
def test_whatever_is_carried_comes_back(facts: Any, order: random.Random, kind: str) -> None:
    """Facts of any shape survive, in any order of scanning, with duplicates, in small letters, with blanks around."""
    try:
        canonical(facts)
    except UnicodeEncodeError:
        return
    made = list(codes_of(kind, NUMBER, facts, KEY))
    scanned = [*made, made[0]]
    order.shuffle(scanned)
    found = opened(gathered_from([f"  {text.lower()} \n" for text in scanned] + [""]), [OTHER.public, KEY.public])
    assert (found.kind, found.number, found.fingerprint) == (kind, NUMBER, KEY.fingerprint)
    assert canonical(found.facts) == canonical(facts)


def test_codes_are_plain_signs_of_one_size() -> None:
    """Every code is within version 15 of QR, of the alphabet that no scanner trims, and the last is hardly shorter."""
    made = codes(200)
    assert len(made) > 3
    chunks = [len(read_part(text).chunk) for text in made]
    assert set(chunks[:-1]) == {chunks[0]}
    assert chunks[-1] > chunks[0] - len(made)
    assert max(map(len, made)) <= CODE_LENGTH_MAX
    assert set("".join(made)) <= set(ALPHABET + "%")
    assert not set("".join(made)) & set(string.whitespace)
    assert all(len(modules(text, "qr")) <= 77 for text in made)


def test_missing_codes_are_named() -> None:
    """Which ones were not read yet, by their place on the paper."""
    made = codes(60)
    refusal = refusal_of([made[2], made[0]])
    assert isinstance(refusal, PartsMissing)
    assert refusal.missing == ("2", *(str(part) for part in range(4, len(made) + 1)))
    assert refusal.number == NUMBER


def test_a_code_of_another_paper_is_refused_by_its_name() -> None:
    """Both numbers are told; another print of the same paper is refused too."""
    made, other = codes(60), codes(60, number="\u8fd0-WS-2026-000124")
    refusal = refusal_of([made[0], other[1]])
    assert isinstance(refusal, OtherPaper)
    assert (refusal.number, refusal.other) == (NUMBER, "\u8fd0-WS-2026-000124")
    assert isinstance(refusal_of([made[0], codes(60, seed=2)[1]]), OtherPaper)


def test_every_altered_sign_is_noticed() -> None:
    """Each sign of a code changed in turn, and two neighbours swapped: refused, and mostly with the code's place."""
    made = codes(8)
    text, named = made[0], 0
    for at in range(len(text)):
        wrong = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
        refusal = refusal_of([wrong, *made[1:]])
        assert isinstance(refusal, (PartAltered, NotAPart, CarriedNewer, OtherPaper)), (at, refusal)
        named += isinstance(refusal, PartAltered)
    assert named > len(text) * 0.95
    for at in range(60, len(text) - 1):
        if text[at] != text[at + 1]:
            swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            assert isinstance(refusal_of([swapped, *made[1:]]), PartAltered)


def test_who_mends_the_check_still_fails_the_signature() -> None:
    """A forger who knows the form can fit the checks of the codes, not the signature."""
    made = codes(8)
    part = read_part(made[0])
    blob = bytearray(carrying._read("".join(read_part(text).chunk for text in made)) or b"")
    for at in (0, 3, 20, 80, len(blob) - 1):
        forged = bytearray(blob)
        forged[at] ^= 1
        identity = carrying._short(bytes(forged), 8)
        text = carrying._written(bytes(forged))
        name = made[0].split(":")[1]
        check = carrying._check(name, identity, 1, 1, text)
        with pytest.raises((CarriedAltered, CarriedUnknownKey)):
            opened(gathered_from_one(f"TDC1:{name}:{identity}:1/1:{check}:{text}", part.number), [KEY.public])


def gathered_from_one(text: str, number: str) -> carrying.Gathered:
    """Return one code of whatever length as a whole paper."""
    _, _, identity, _, _, chunk = text.split(":", 5)
    return carrying.Gathered(number, identity, 1, {1: chunk})


def test_another_number_on_the_codes_fails() -> None:
    """The number on the codes is signed with the facts: nobody moves the goods to another consignment."""
    made = codes(3)
    parts = [read_part(text) for text in made]
    moved = carrying.Gathered(
        "\u8fd0-WS-2026-000999", parts[0].id, parts[0].parts, {part.part: part.chunk for part in parts}
    )
    with pytest.raises(CarriedAltered):
        opened(moved, [KEY.public])


def test_another_districts_key_is_said() -> None:
    """Whose key is not known is told with its fingerprint, to be compared by telephone."""
    refusal = refusal_of(codes(5, key=OTHER))
    assert isinstance(refusal, CarriedUnknownKey)
    assert (refusal.number, refusal.fingerprint) == (NUMBER, OTHER.fingerprint)


def test_what_is_no_code_is_refused() -> None:
    """Other texts, a seal, a truncated code, a code of a coming version, nothing at all."""
    made = codes(40)
    for text in ("hello", "TD1:O:123", "TDC1:::", "", "\u8fd0-WS", made[0] * 3, "TDC1:A:AAAAAAAA:0/0:AAAA:A"):
        assert isinstance(refusal_of([text]), NotAPart), text
    assert isinstance(refusal_of([made[0][:-1]]), PartAltered)
    assert isinstance(refusal_of([made[0][:30]]), NotAPart)
    newer = refusal_of([made[0].replace("TDC1", "TDC2")])
    assert isinstance(newer, CarriedNewer)
    assert newer.version == "2"


def test_ten_thousand_lines_are_refused_in_numbers() -> None:
    """Nobody scans that many codes: how many they would be, and how many may be."""
    with pytest.raises(TooMuchToCarry) as caught:
        codes(10_000)
    assert caught.value.codes > caught.value.codes_max == PARTS_MAX


@settings(max_examples=300, deadline=None)
@given(text=some.text(max_size=700) | some.text(alphabet=ALPHABET + "%", max_size=700))
def test_whatever_is_typed_ends_in_a_refusal(text: str) -> None:
    """No text raises anything but a refusal."""
    for wanted in (text, f"TDC1:{text}", f"TDC1:A:AAAAAAAA:1/1:AAAA:{text}"):
        with pytest.raises(Refusal):
            opened(gathered_from([wanted]), [KEY.public])


@settings(max_examples=300, deadline=None)
@given(blob=some.binary(max_size=400))
def test_bytes_survive_their_signs(blob: bytes) -> None:
    """Base 41 gives every byte string back, whole."""
    assert carrying._read(carrying._written(blob)) == blob


def test_a_bomb_is_not_unpacked() -> None:
    """Data that would unpack to more than any paper holds are altered data, and take no memory."""
    packed = carrying._packed(b'["' + b"0" * (carrying.PLAIN_BYTES_MAX + 1) + b'"]')
    assert len(packed) < 4096
    assert carrying._unpacked(packed) is None


def test_the_dictionary_never_changes() -> None:
    """Papers that were printed with it could not be read any more: a better one is another version."""
    path = Path(carrying.__file__).with_name("carrying-1.dictionary.txt")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == DICTIONARY_SHA256
