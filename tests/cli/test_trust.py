"""`verify-paper` and `key` from a terminal: every answer with its exit code, by the database and by the keys alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.documents.sign import PaperKey, load_key, long_fingerprint_of, seal
from inventory.models import DispatchOrder, Paper
from tests.cli.conftest import Cli
from tests.documents import samples

Done = Callable[..., dict[str, Any]]
STRANGER = PaperKey(b"\x07" * 32)


@pytest.fixture
def printed(done: Done, demo_url: str, home: Path, tmp_path: Path) -> tuple[str, str, str]:
    """Print an order; return its number, the text of its QR code and its code."""
    with closing(Store(demo_url, Env.real(home))) as store:
        query = select(DispatchOrder.number).order_by(DispatchOrder.issued_at.desc()).limit(1)
        number = store.read(SYSTEM, lambda work: work.connection.execute(query).scalar_one())
        told = done("order", number, "--pdf", str(tmp_path / "order.pdf"), "--as", "keeper")
        assert (told["as_issued"], told["superseded_by"], told["revision"]) == (True, None, 1)
        row = store.read(SYSTEM, lambda work: work.connection.execute(select(Paper.signature, Paper.code)).one())
    return number, bytes(row.signature).decode(), row.code


def test_every_answer_with_its_exit_code(cli: Cli, printed: tuple[str, str, str], home: Path) -> None:
    """0 for valid, 1 for everything else; the JSON object names the answer, words say it in both languages."""
    number, text, code = printed
    strange = seal(samples.order(1), STRANGER)
    cases = [
        ((text,), 0, "valid", "valid"),
        ((code.lower(),), 0, "valid", "valid"),
        ((code[:4], code[4:8], code[8:]), 0, "valid", "valid"),
        ((number, code), 0, "valid", "valid"),
        ((text.replace(number[-6:], "000999"),), 1, "altered", "altered"),
        ((number, "0000-0000-0000"), 1, "altered", "wrong_code"),
        (("0000-0000-0000",), 1, "unknown", "unknown_code"),
        ((strange.text,), 1, "unknown", "unknown_key"),
        ((seal(samples.order(1), load_key(home)).text,), 1, "unknown", "unknown_paper"),
        (("nonsense",), 1, "unknown", "not_a_seal"),
    ]
    for words, status, answer, verdict in cases:
        ran = cli("verify-paper", *words, "--json")
        assert (ran.code, ran.facts["answer"], ran.facts["code"]) == (status, answer, verdict), words
        assert ran.facts["offline"] is False
        chinese, english = (cli("verify-paper", *words, "--language", language) for language in ("zh_CN", "en"))
        assert chinese.code == english.code == status
        told = [ran.err if status else ran.out for ran in (chinese, english)]
        assert told[0].strip()
        assert told[0] != told[1]
    assert cli("verify-paper").code == 2


def test_the_keys_alone_say_what_they_cannot_know(cli: Cli, printed: tuple[str, str, str], home: Path) -> None:
    """Without the database a genuine text is 0 with a warning; a code, an altered and a strange text are 1."""
    _number, text, code = printed
    for words, status, verdict in (
        ((text,), 0, "genuine"),
        ((text.lower(),), 0, "genuine"),
        ((text[:-1] + ("A" if text[-1] != "A" else "B"),), 1, "altered"),
        ((seal(samples.order(1), STRANGER).text,), 1, "unknown_key"),
        ((code,), 1, "unknown_code"),
        (("nonsense",), 1, "not_a_seal"),
    ):
        ran = cli("verify-paper", *words, "--offline", "--json")
        assert (ran.code, ran.facts["code"], ran.facts["offline"]) == (status, verdict, True), words
    assert "latest revision" in cli("verify-paper", text, "--offline").out
    assert "database" in cli("verify-paper", code, "--offline").err


def test_a_road_block_needs_a_key_and_no_database(
    plain_cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data folder with one public key judges texts; nothing is made in it, no database and no secret key."""
    text = seal(samples.order(2), STRANGER).text
    assert plain_cli("verify-paper", text, "--json").facts["code"] == "unknown_key"
    (home / "keys").mkdir()
    (home / "keys" / "Heishan.pub").write_text(f"# Heishan\n{STRANGER.public.hex()}\n")
    ran = plain_cli("verify-paper", text, "--json")
    assert (ran.code, ran.facts["offline"], ran.facts["number"]) == (0, True, samples.order(2).number)
    assert plain_cli("verify-paper", text.replace("000008", "000009")).code == 1
    listed = plain_cli("key", "list", "--json").facts["keys"]
    assert [(key["office"], key["own"]) for key in listed] == [("Heishan", False)]
    assert sorted(path.name for path in home.rglob("*")) == ["Heishan.pub", "keys"]
    (home / "keys" / "broken.pub").write_text("zz")
    assert plain_cli("verify-paper", text, "--json").facts["refused"] == "key_unusable"


def test_keys_are_handed_out_taken_in_and_given_up(cli: Cli, done: Done, home: Path, tmp_path: Path) -> None:
    """The file that one office exports is what another takes in, by its fingerprint and by whom it is for."""
    own = tmp_path / "own.pub"
    told = done("key", "export", str(own))
    assert told["fingerprint"] == long_fingerprint_of(load_key(home).public)
    assert cli("key", "export", "-").out.encode() == own.read_bytes()
    theirs = tmp_path / "theirs.pub"
    theirs.write_text(own.read_text("utf-8").replace(load_key(home).public.hex(), STRANGER.public.hex()))
    fingerprint = long_fingerprint_of(STRANGER.public)
    words = ("key", "trust", "Heishan", str(theirs), "--fingerprint")
    wrong = cli(*words, told["fingerprint"], "--as", "secadmin", "--json")
    assert (wrong.code, wrong.facts["refused"]) == (1, "other_fingerprint")
    refused = cli(*words, fingerprint, "--as", "keeper", "--json")
    assert (refused.code, refused.facts["refused"]) == (1, "not_permitted")
    assert done(*words, fingerprint, "--as", "secadmin")["office"] == "Heishan"
    strange = seal(samples.order(1), STRANGER).text
    assert cli("verify-paper", strange, "--json").facts["office"] == "Heishan"
    done("key", "forget", "Heishan", "--as", "secadmin")
    assert cli("verify-paper", strange, "--json").facts["code"] == "unknown_key"
    gone = cli("key", "forget", "Heishan", "--as", "secadmin", "--json")
    assert (gone.code, gone.facts["refused"]) == (1, "not_found")


def test_a_revision_is_printed_by_its_number(
    cli: Cli, done: Done, printed: tuple[str, str, str], tmp_path: Path
) -> None:
    """`--revision` gives that one; one that was never issued is not found."""
    number, _text, _code = printed
    file = tmp_path / "again.pdf"
    told = done("order", number, "--revision", "1", "--pdf", str(file), "--as", "keeper")
    assert (told["revision"], told["as_issued"]) == (1, True)
    assert file.read_bytes() == (tmp_path / "order.pdf").read_bytes()
    ran = cli("order", number, "--revision", "2", "--pdf", str(file), "--as", "keeper", "--json")
    assert (ran.code, ran.facts["refused"]) == (1, "not_found")


def test_a_changed_file_of_a_paper_is_found(cli: Cli, printed: tuple[str, str, str], home: Path) -> None:
    """`verify` names the file that no longer holds what was issued; a missing one is drawn again and no finding."""
    [file] = (home / "papers").iterdir()
    assert cli("verify", "--json").facts["found"] == []
    file.write_bytes(file.read_bytes() + b"x")
    ran = cli("verify", "--json")
    assert ran.code == 1
    assert [(one["code"], one["example"]) for one in ran.facts["found"]] == [("paper_file_damaged", file.name)]
    file.unlink()
    assert cli("verify", "--json").code == 0
