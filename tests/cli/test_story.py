"""The whole main job from a terminal, on both databases: the same story that the browser tests tell."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
from sqlalchemy import select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store
from inventory.models import Paper
from tests.cli.conftest import Cli

Done = Callable[..., dict[str, Any]]


def _rows(done: Done, kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = done("export", kind, "-")["rows"]
    return rows


def _requested(done: Done) -> str:
    opened = done(
        "incident", "open", "--name", "Flood", "--hazard", "flood", "--level", "2", "--division", "500110107",
        "--at", "H107=60/20:network,power", "--as", "duty",
    )  # fmt: skip
    asked = done("request", "--incident", opened["number"], "--norms", "--hours", "12", "--as", "duty")
    assert asked["lines"] > 5
    return str(asked["number"])


def test_from_the_first_report_to_the_last_tent(cli: Cli, done: Done, tmp_path: Path) -> None:
    """Incident, request by norms, plans, approval, PDF, pick, check, ship, receive short and damaged, settle, use."""
    request = _requested(done)
    plans = done("propose", request, "--as", "duty")["plans"]
    assert [plan["alternative"] for plan in plans] == ["fastest", "fewest", "reserves"]
    assert all(plan["certified"] for plan in plans)
    approved = done("approve", request, "--alternative", "fastest", "--as", "commander")
    number = approved["orders"][0]["number"]
    assert number in {row["number"] for row in _rows(done, "orders")}
    printed = tmp_path / "order.pdf"
    for _ in range(2):
        before = printed.read_bytes() if printed.exists() else None
        done("order", number, "--pdf", str(printed), "--as", "keeper")
        assert printed.read_bytes().startswith(b"%PDF")
        assert before in (None, printed.read_bytes()), "a re-issued paper is byte-identical"
    assert [row["revision"] for row in _rows(done, "papers") if row["number"] == number] == [1]
    assert done("pick", number, "--as", "clerk")["order_state"] == "picked"
    refused = cli("check-goods", number, "--as", "clerk", "--json")
    assert (refused.code, refused.facts["refused"]) == (1, "four_eyes")
    done("check-goods", number, "--as", "keeper")
    shipped = done("ship", number, "--plate", "B-10001", "--driver", "Li", "--phone", "138", "--as", "clerk2")
    carried = shipped["shipped"]
    line = done("order", number)["lines"][0]
    lot, sent = line["sources"][0]["lot"], line["sources"][0]["quantity"]
    id = str(uuid4())
    words = ("receive", number, "--line", f"{lot}={sent - 2},1", "--as", "receiver", "--id", id)
    received = done(*words)
    assert (received["received"], received["short"]) == (carried - 1, 1)
    assert done(*words)["again"] is True
    short = next(row for row in _rows(done, "discrepancies") if row["kind"] == "short" and not row["resolved"])
    done("settle", short["id"], "--how", "lost", "--note", "fell off", "--as", "manager")
    if sent > 3:
        done("use", lot, "1", "--as", "receiver")
        done("return", lot, "1", "--to", "D01", "--as", "clerk")
    assert done("verify")["sound"] is True


def test_a_blind_count_by_spreadsheet(cli: Cli, done: Done, tmp_path: Path) -> None:
    """Open, export a sheet without any expected quantity, fill it in, import twice, recount, approve, post."""
    stock = [row for row in _rows(done, "stock") if row["site"]["zh"].startswith("\u533a\u9632\u6c5b")]
    opened = done("count", "open", "D02", "--as", "clerk")
    number, sheet = opened["number"], tmp_path / "sheet.xlsx"
    done("count", "export", number, str(sheet))
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    assert "Counted" in heads
    counted = heads.index("Counted")
    assert all(row[counted].value is None for row in page.iter_rows(min_row=2))
    shelves = {(row["place"], row["batch"] or "", row["item_code"]): row["on_hand"] for row in stock}
    told = 0
    for row in page.iter_rows(min_row=2):
        key = (
            row[heads.index("Bin")].value,
            row[heads.index("Batch")].value or "",
            row[heads.index("Item code")].value,
        )
        told += 1
        row[counted].value = shelves.get(key, 0) - (3 if told == 1 else 0)
    book.save(sheet)
    taken = done("count", "import", number, str(sheet), "--as", "clerk")
    assert taken["lines"] == told
    assert done("count", "import", number, str(sheet), "--as", "clerk")["again"] == told
    submitted = done("count", "submit", number, "--as", "clerk")
    assert submitted["recount"] >= 1
    review = done("count", "show", number)["lines"]
    for line in review:
        if line["waits_for_recount"]:
            refused = cli("count", "read", line["label"], str(line["counted"]), "--as", "clerk", "--json")
            assert refused.code == 1
            done("count", "read", line["label"], str(line["counted"]), "--as", "clerk2")
    assert cli("count", "approve", number, "--as", "clerk2").code == 1
    done("count", "approve", number, "--as", "keeper")
    posted = done("count", "post", number, "--free-holds", "--as", "keeper")
    assert posted["lost"] >= 3
    assert done("verify")["sound"] is True
    assert next(row for row in _rows(done, "counts") if row["number"] == number)["state"] == "posted"


def test_a_stock_list_comes_in_once(cli: Cli, done: Done, tmp_path: Path) -> None:
    """All faults of a file at once and nothing of it; corrected it comes in; the same file again changes nothing."""
    item = next(row for row in _rows(done, "items") if row["tracking"] != "serial")
    head = "Site code,Bin,Item code,Quantity,Unit,Batch,Open new bin\n"
    unit = item["unit"]["en"]
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text(head + f"D01,X-1,NOPE,5,{unit},B1,yes\nD01,X-1,{item['code']},-5,{unit},B1,yes\n", "utf-8")
    ran = cli("import", "stock", str(wrong), "--as", "keeper", "--json")
    assert (ran.code, ran.facts["refused"]) == (1, "file_refused")
    assert {fault["row"] for fault in ran.facts["facts"]["faults"]} == {2, 3}
    assert all(fault["said"] in ran.err for fault in ran.facts["facts"]["faults"])
    right.write_text(head + f"D01,X-1,{item['code']},5,{unit},B1,yes\n", "utf-8")
    before = len(_rows(done, "lots"))
    assert done("import", "stock", str(right), "--dry-run", "--as", "keeper")["lines"] == 1
    assert len(_rows(done, "lots")) == before
    assert done("import", "stock", str(right), "--as", "keeper")["lots"] == 1
    assert done("import", "stock", str(right), "--as", "keeper")["again"] is True
    assert len(_rows(done, "lots")) == before + 1


def test_the_same_id_is_done_once(cli: Cli, done: Done) -> None:
    """A repeated deed answers what was done; the same id with other facts is refused."""
    incident = _rows(done, "incidents")[0]["number"]
    item = _rows(done, "items")[0]["code"]
    id = str(uuid4())
    words = ["request", "--incident", incident, "--line", f"{item}=3:0", "--hours", "6", "--as", "duty", "--id", id]
    first, again = done(*words), done(*words)
    assert first["number"] == again["number"]
    assert (first["again"], again["again"]) == (False, True)
    words[4] = f"{item}=4:0"
    ran = cli(*words, "--json")
    assert (ran.code, ran.facts["refused"]) == (1, "same_id_other_facts")


def test_who_may_not_is_told_so(cli: Cli) -> None:
    """A wrong role, an unknown login and an unknown number are refusals in words and as facts."""
    for words, code in (
        (("count", "open", "D01", "--as", "duty"), "not_permitted"),
        (("count", "open", "D01", "--as", "nobody"), "not_found"),
        (("approve", "nothing", "--as", "commander"), "not_found"),
        (("pick", "nothing", "--as", "clerk"), "not_found"),
    ):
        ran = cli(*words, "--json")
        assert (ran.code, ran.facts["refused"]) == (1, code)
        assert ran.facts["said"]
        assert ran.err.strip()


def test_papers_are_issued_once_and_proven(cli: Cli, done: Done, demo_url: str, home: Path, tmp_path: Path) -> None:
    """Each paper prints the same bytes again; its seal is genuine, altered it is not; a new revision voids the old."""
    request = _requested(done)
    done("propose", request, "--as", "duty")
    approved = done("approve", request, "--verbal-by", "Director Ma", "--as", "commander")
    number = approved["orders"][0]["number"]
    done("pick", number, "--as", "clerk")
    done("check-goods", number, "--as", "keeper")
    shipped = done("ship", number, "--as", "clerk2")["number"]
    count = done("count", "open", "D02", "--as", "clerk")["number"]
    for what, of in (("pick-list", number), ("receipt", shipped), ("count-sheet", count)):
        files = [tmp_path / f"{what}-{turn}.pdf" for turn in range(2)]
        for file in files:
            done("paper", what, of, "--pdf", str(file), "--as", "keeper")
        assert files[0].read_bytes() == files[1].read_bytes()
    done("receive", number, "--as", "receiver")
    done("paper", "receipt", shipped, "--pdf", str(tmp_path / "received.pdf"), "--as", "keeper")
    told = [(row["revision"], row["voided"]) for row in _rows(done, "papers") if row["number"] == shipped]
    assert sorted(told) == [(1, True), (2, False)]
    with closing(Store(demo_url, Env.real(home))) as store:
        query = select(Paper.signature, Paper.voided_by_id.is_not(None))
        seals = store.read(SYSTEM, lambda work: [tuple(row) for row in work.connection.execute(query)])
    for seal, replaced in seals:
        ran = cli("verify-paper", seal.decode(), "--json")
        assert (ran.code, ran.facts["answer"]) == ((1, "superseded") if replaced else (0, "valid"))
        assert ran.facts["genuine"] is True
        ran = cli("verify-paper", seal.decode().replace(":1:", ":7:").replace(":2:", ":8:"), "--json")
        assert (ran.code, ran.facts["code"]) == (1, "altered")
    assert cli("verify-paper", "nonsense", "--json").facts["code"] == "not_a_seal"
    assert cli("paper", "pick-list", number, "--pdf", "-", "--as", "secadmin", "--json").code == 1
    assert done("verify")["sound"] is True
