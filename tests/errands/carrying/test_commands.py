"""The same from a terminal: two data folders, two databases, and only texts between them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.cli import main
from inventory.core.work import SYSTEM
from inventory.errands.carried_facts import data_page_paper
from tests.errands.carrying.nodes import Node, altered, sent

Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return `run(node, *words)`: exit code, JSON object and words of one command at a node."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def command(node: Node, *words: str) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setenv("INVENTORY_HOME", str(node.home))
        monkeypatch.setenv("DATABASE_URL", node.url)
        capfd.readouterr()
        code = main([*words, "--json"])
        told = capfd.readouterr()
        return code, json.loads(told.out), told.err

    return command


def test_the_journey_by_commands(run: Run, district: Node, town: Node, tmp_path: Path) -> None:
    """Print, look, take with a loss, take again, hand back, take back, and both books prove themselves."""
    sent(district, {"TENT": 40, "WATER": 60})
    codes, back = tmp_path / "codes.txt", tmp_path / "back.txt"
    pdf = tmp_path / "page.pdf"
    code, page, said = run(
        district, "data-page", "\u8fd0-TS-2026-000001", "--pdf", str(pdf), "--codes", str(codes), "--as", "clerk"
    )
    assert code == 0, said
    assert page["codes"] == len(codes.read_text("utf-8").splitlines())
    assert pdf.read_bytes().startswith(b"%PDF")

    code, looked, _ = run(town, "take-paper", str(codes), "--dry-run", "--as", "clerk_east")
    assert code == 0
    assert (looked["known_site"], looked["taken"], len(looked["lines"])) == (True, None, 2)

    words = ("take-paper", str(codes), "--line", "TENT=36,2", "--as", "clerk_east")
    code, taken, _ = run(town, *words)
    assert (code, taken["received"], taken["short"], taken["again"]) == (0, 98, 2, False)
    assert run(town, *words)[1]["again"] is True

    code, refused, said = run(town, "take-paper", str(codes), "--as", "receiver")
    assert (code, refused["refused"]) == (1, "taken_otherwise")
    assert taken["receipt"] in said

    assert run(town, "hand-back", taken["receipt"], "--codes", str(back), "--as", "clerk_east")[0] == 0
    code, booked, _ = run(district, "take-paper", str(back), "--as", "receiver")
    assert (code, booked["received"], booked["short"], booked["again"]) == (0, 98, 2, False)
    assert run(district, "take-paper", str(back), "--as", "receiver")[1]["again"] is True
    for node in (district, town):
        assert run(node, "verify")[1]["sound"] is True


def test_a_typed_page_needs_a_yes(run: Run, district: Node, town: Node, tmp_path: Path) -> None:
    """A page typed into a file: a slip is told with its line, and without a signature a person says yes."""
    shipment_id = sent(district, {"TENT": 40})
    paper = district.store.read(SYSTEM, lambda work: data_page_paper(work, shipment_id))
    goods = [f"{one.code} {one.label} {one.quantity} {one.expires_on or '-'} {one.check}" for one in paper.lines]
    typed = tmp_path / "typed.txt"
    words = ("take-paper", str(typed), "--typed", "--site", "SHELTER", "--as", "clerk_east")
    typed.write_text("\n".join([paper.number, paper.typing, "Depot", goods[0].replace(" 40 ", " 41 ")]), "utf-8")
    code, facts, _ = run(town, *words)
    assert (code, facts["refused"], facts["facts"]["line"]) == (1, "typed_wrong", 1)
    typed.write_text("\n".join([paper.number, paper.typing, "Depot", *goods]), "utf-8")
    assert run(town, *words)[1]["refused"] == "typed_unsigned"
    code, facts, said = run(town, *words, "--confirm", "typed_unsigned")
    assert code == 0, said
    assert facts["received"] == 40


def test_bad_input_is_told_in_one_line_each(run: Run, district: Node, town: Node, tmp_path: Path) -> None:
    """An altered sign, a line that the paper has not, a consignment and a receipt that are not there, no code."""
    sent(district, {"TENT": 40})
    codes = tmp_path / "codes.txt"
    run(district, "data-page", "\u8fd0-TS-2026-000001", "--codes", str(codes), "--as", "clerk")
    texts = codes.read_text("utf-8").splitlines()
    bad = tmp_path / "bad.txt"
    bad.write_text("\n".join([altered(texts[0]), *texts[1:]]), "utf-8")
    nothing = tmp_path / "nothing.txt"
    nothing.write_bytes(b"\xff\xfe\x00 what is this\n")
    for node, words, wanted in (
        (town, ("take-paper", str(bad), "--as", "clerk_east"), "part_altered"),
        (town, ("take-paper", str(nothing), "--as", "clerk_east"), "not_a_part"),
        (town, ("take-paper", str(codes), "--line", "COT=1", "--as", "clerk_east"), "not_carried"),
        (town, ("take-paper", str(codes), "--site", "VILLAGE", "--as", "clerk_east"), "not_addressed_here"),
        (town, ("take-paper", str(codes), "--as", "clerk_store"), "not_permitted"),
        (town, ("hand-back", "\u6536-HS-2026-000009", "--as", "clerk_east"), "not_found"),
        (district, ("data-page", "\u8fd0-TS-2026-000009", "--as", "clerk"), "not_found"),
        (district, ("take-paper", str(codes), "--as", "receiver"), "own_paper"),
    ):
        code, facts, said = run(node, *words)
        assert (code, facts.get("refused")) == (1, wanted), words
        assert said.strip()
