"""Two nodes that never meet: a district that sends, a town without a network that receives; papers go between them.

A paper is printed as PDF, rendered at 100 dots per inch and read back from the pictures, as a camera would.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import zxingcpp
from sqlalchemy import func, select

from inventory.catalogue.commands import store_items
from inventory.catalogue.rules import ItemFacts
from inventory.core.env import Env
from inventory.core.work import SYSTEM, Store, Work
from inventory.dispatch.carried import Carried, HandedBack, Taken
from inventory.dispatch.handing_back import receive_handed_back
from inventory.dispatch.taking import take_paper
from inventory.documents.sign import load_key
from inventory.errands.papers import paper_pdf
from inventory.errands.reading_papers import ReadPaper, gathered_codes, read_paper
from inventory.ledger.verify import violations
from inventory.models import Balance, Item, Lot, Place
from inventory.people.journal import Done, begin, finish
from inventory.people.rules import DISTRICT
from tests.dispatch.steps import approved, asked_for, opened, shipped
from tests.support.district import District, found

DOTS_PER_INCH = 100


@dataclass
class Node:
    """One node: its people and places, its data folder and its database."""

    district: District
    store: Store
    url: str

    @property
    def home(self) -> Path:
        """Return the data folder."""
        return self.store.env.home

    def trusts(self, other: Node, *, name: str) -> None:
        """Take in the public key of another node."""
        load_key(self.home)
        (self.home / "keys" / f"{name}.pub").write_text(load_key(other.home).public.hex(), "ascii")

    def printed(self, kind: str, subject_id: UUID, *, who: str = "clerk") -> bytes:
        """Print a paper as somebody."""
        return paper_pdf(self.store, self.district.people[who], kind=kind, subject_id=subject_id)

    def read(self, texts: list[str]) -> ReadPaper:
        """Read what was scanned."""
        return read_paper(self.store, gathered_codes(texts))

    def read_goods(self, texts: list[str]) -> tuple[Carried, str]:
        """Read a consignment; return it with the fingerprint of its key."""
        paper = self.read(texts)
        assert paper.carried is not None
        assert paper.back is None
        return paper.carried, paper.fingerprint

    def read_back(self, texts: list[str]) -> tuple[HandedBack, str]:
        """Read a receipt that came back; return it with the fingerprint of its key."""
        paper = self.read(texts)
        assert paper.back is not None
        assert paper.carried is None
        return paper.back, paper.fingerprint

    def take(
        self, texts: list[str], stated: dict[str, tuple[int, int]], *, who: str = "clerk_east", **facts: Any
    ) -> Done:
        """Take a consignment from its paper: (good, damaged) by item code, everything else whole and good."""
        carried, fingerprint = self.read_goods(texts)
        facts.setdefault("site_id", self.district.sites["SHELTER"])
        lines = stated_lines(carried, stated)
        return self.district.do(who, take_paper, carried=carried, fingerprint=fingerprint, lines=lines, **facts)

    def take_back(self, texts: list[str], *, who: str = "receiver") -> Done:
        """Take the receipt that came back."""
        back, fingerprint = self.read_back(texts)
        return self.district.do(who, receive_handed_back, back=back, fingerprint=fingerprint)

    def on_hand(self) -> dict[tuple[str, str], int]:
        """Return what stands where: quantity by item code and kind of place, the outside world left out."""

        def look(work: Work) -> dict[tuple[str, str], int]:
            rows = work.connection.execute(
                select(Item.code, Place.kind, func.sum(Balance.quantity))
                .join(Lot, Lot.id == Balance.lot_id)
                .join(Item, Item.id == Lot.item_id)
                .join(Place, Place.id == Balance.place_id)
                .where(Balance.quantity != 0, Place.kind.not_in(("supplier", "lost_found")))
                .group_by(Item.code, Place.kind)
            )
            return {(row[0], row[1]): int(row[2]) for row in rows}

        return self.store.read(SYSTEM, look)

    def sound(self) -> None:
        """Assert that the books prove themselves."""
        assert self.district.ask(violations) == []


def stated_lines(carried: Carried, stated: dict[str, tuple[int, int]]) -> list[Taken]:
    """Return what came by item code, everything else whole and good."""
    return [
        Taken(number, *stated.get(carried.items[line.item].code, (line.quantity, 0)))
        for number, line in enumerate(carried.lines, 1)
    ]


def new_node(url: str, home: Path, *, code: str, seed: int) -> Node:
    """Found a node with the small district's people and places."""
    home.mkdir(parents=True, exist_ok=True)
    start = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    store = Store(url, Env.seeded(home, seed=seed, start=start, step_seconds=1))
    return Node(found(store, code=code, demo=False), store, url)


def with_item(node: Node, code: str, *, unit: str, name: str) -> None:
    """Add an item to a node's catalogue."""

    def job(work: Work) -> Done:
        deed = begin(work, id=work.env.new_id(), kind="load_demo", asked={"item": code}, at=DISTRICT)
        store_items(work, deed=deed, items=[ItemFacts(code=code, name_zh=name, unit=unit, domain="R")])
        return finish(work, deed, outcome={})

    node.store.write(SYSTEM, job)
    node.district.items[code] = node.store.read(
        SYSTEM, lambda work: work.connection.execute(select(Item.id).where(Item.code == code)).scalar_one()
    )


def sent(node: Node, quantities: dict[str, int]) -> UUID:
    """Take stock in, order it for the shelter and ship it; return the consignment."""
    district = node.district
    for item, quantity in quantities.items():
        expires = dt.date(2027, 3, 31) if item == "WATER" else None
        district.stock(item, "CENTRAL", quantity + 7, expires_on=expires)
    orders = approved(district, asked_for(district, opened(district), quantities))
    assert len(orders) == 1
    return shipped(district, orders[0])


def scanned(pdf: bytes) -> list[str]:
    """Return the texts of every QR code on the pages, rendered at 100 dots per inch."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    return [
        code.text
        for picture in pictures
        for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    ]


def altered(text: str) -> str:
    """Return a code with one character of its data changed."""
    return text[:-3] + ("1" if text[-3] != "1" else "2") + text[-2:]
