"""The data pages as they are printed: every code reads from a picture, and what stands beneath is what it carries."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zxingcpp
from PIL import ImageFilter

import inventory
from inventory.core.canonical import canonical
from inventory.core.errors import Name
from inventory.dispatch.carried import Carried, CarriedItem, CarriedLine, CarriedOwner, carried_facts, carried_of
from inventory.documents.carrying import TooMuchToCarry, codes_of, gathered_from, opened
from inventory.documents.data.carrying import DataLinePaper, DataPagePaper
from inventory.documents.data.values import EmptyPaper, Party
from inventory.documents.drawing.engine import Printed
from inventory.documents.press import printed
from inventory.documents.sign import PaperKey
from tests.documents import reading

KEY = PaperKey(bytes(range(1, 33)))
CATALOGUE = Path(inventory.__file__).parent / "tables" / "items.csv"


def consignment(lines: int, *, seed: int = 1) -> Carried:
    """Return a consignment of that many lots of the starter catalogue: random ids, labels, batches and expiries."""
    source = random.Random(seed)
    with CATALOGUE.open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))[: min(lines, 100)]
    items = tuple(
        CarriedItem(
            code=row["code"],
            name=Name(row["name_zh"], row["name_en"]),
            unit=row["unit"],
            unit_name=Name("\u9876", "piece"),
            tracking=row["tracking"],
            major_class=int(row["major_class"]),
            domain=row["domain"],
            return_class=row["return_class"],
            weight_grams=int(row["weight_g"] or 0),
        )
        for row in rows
    )
    owner = CarriedOwner("WSEMB", Name("\u5e94\u6025\u7ba1\u7406\u5c40", "Bureau"), "bureau", "district")
    return Carried(
        id=UUID(int=source.getrandbits(128)),
        number="\u8fd0-WS-2026-000123",
        order="\u8c03-WS-2026-000123",
        revision=1,
        node="WS",
        node_name=Name("\u533a\u5e94\u6025\u7ba1\u7406\u5c40", "District Emergency Management Bureau"),
        demo=False,
        shipped_at=dt.datetime(2026, 6, 28, 10, 42, tzinfo=dt.UTC),
        from_unit=Name("\u533a\u9632\u6c5b\u6297\u65f1\u7269\u8d44\u5e93", "District flood supplies depot"),
        from_place=Name("\u4e07\u4e1c\u9547\u5efa\u8bbe\u67512\u53f7", "2 Jianshe, Wandong"),
        to_unit=Name("\u9ed1\u5c71\u9547\u4eba\u6c11\u653f\u5e9c", "Heishan Town"),
        to_place=Name("\u9ed1\u5c71\u9547\u5c0f\u5b66", "Heishan primary school"),
        to_site="HS-SCHOOL",
        contact="\u7f57\u9547\u5e72 023-4800 0007",
        vehicle="\u6e1dA-D5821",
        driver="\u738b\u5e08\u5085 138 0000 0021",
        incident=Name("\u66b4\u96e8\u5c71\u6d2a", "Rainstorm and flash flood"),
        incident_number="\u4e8b-WS-2026-000004",
        items=items,
        owners=(owner,),
        lines=tuple(
            CarriedLine(
                order_position=at + 1,
                item=at % len(items),
                owner=0,
                lot_id=UUID(int=source.getrandbits(128)),
                label=f"1{source.randrange(10**5):07d}",
                quantity=1 if items[at % len(items)].tracking == "serial" else source.randrange(1, 3000),
                batch=f"B{source.randrange(10**6)}" if at % 2 else "",
                expires_on=dt.date(2027, 1, 1) + dt.timedelta(source.randrange(900)) if at % 3 == 0 else None,
            )
            for at in range(lines)
        ),
    )


def page_of(carried: Carried) -> DataPagePaper:
    """Return the data page of a consignment."""
    return DataPagePaper(
        number=carried.number,
        revision=1,
        order_number=carried.order,
        sender=Party(carried.from_unit, carried.from_place),
        receiver=Party(carried.to_unit, carried.to_place),
        lines=tuple(
            DataLinePaper(
                carried.items[line.item].code,
                carried.items[line.item].name,
                carried.items[line.item].unit_name,
                line.quantity,
                line.label,
                lot=line.batch,
                expires_on=line.expires_on,
            )
            for line in carried.lines
        ),
        issued_at=carried.shipped_at,
        facts=canonical(carried_facts(carried)).decode(),
        incident=carried.incident,
    )


def scanned(paper: Printed, *, dots_per_inch: int, turned: int = 0, blurred: float = 0.0) -> list[str]:
    """Return the texts of the data codes on all pages, as a picture of them would give."""
    texts: list[str] = []
    for picture in reading.pictures(paper, dots_per_inch=dots_per_inch):
        seen: Any = picture.rotate(turned, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(blurred))
        found = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormat.QRCode)
        texts += [code.text for code in found if code.text.startswith("TDC1")]
    return texts


@pytest.mark.parametrize(("lines", "codes_max"), [(1, 2), (20, 4), (60, 9), (200, 22)])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_code_reads_from_a_page_at_100_dots_per_inch(lines: int, codes_max: int, language: str) -> None:
    """A consignment is whole again from the pictures of its pages; 20 lines need at most four codes."""
    carried = consignment(lines)
    paper = printed(page_of(carried), key=KEY, language=language)
    texts = scanned(paper, dots_per_inch=100)
    assert len(set(texts)) == len(texts) <= codes_max
    found = opened(gathered_from(texts), [KEY.public])
    assert carried_of(found.facts, number=found.number) == carried
    written = reading.joined_text(paper)
    assert all(line.label in written and f"{line.quantity:,}" in written for line in carried.lines)


@pytest.mark.parametrize(("turned", "blurred"), [(3, 0.0), (90, 0.0), (180, 0.6), (7, 0.8)])
def test_codes_read_from_a_page_held_askew(turned: int, blurred: float) -> None:
    """At 150 dots per inch turned, upside down and out of focus."""
    carried = consignment(20)
    texts = scanned(printed(page_of(carried), key=KEY), dots_per_inch=150, turned=turned, blurred=blurred)
    assert carried_of(opened(gathered_from(texts), [KEY.public]).facts, number=carried.number) == carried


def test_names_of_two_thousand_signs_are_carried_or_refused_in_numbers() -> None:
    """A long name that does not compress takes codes of its own; ten thousand lines are refused, and so are none."""
    source = random.Random(3)
    carried = consignment(2)
    name = Name("".join(chr(source.randrange(0x4E00, 0x9FA5)) for _ in range(2000)))
    facts = json.loads(canonical(carried_facts(carried)))
    facts[7][0][1] = name.zh
    codes = codes_of("C", carried.number, facts, KEY)
    assert opened(gathered_from(codes), [KEY.public]).facts == facts
    with pytest.raises(TooMuchToCarry):
        printed(page_of(consignment(10_000)), key=KEY)
    with pytest.raises(EmptyPaper):
        DataPagePaper("A-1", 1, "B-1", Party(name, name), Party(name, name), (), carried.shipped_at, "[]")
