"""The papers of the warehouse from the screens where they are needed: the links are there, and each opens its PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from inventory.core.errors import NotFound
from inventory.core.words import speaker
from inventory.core.work import Actor, Store
from inventory.dispatch import tracking
from inventory.ledger.queries import stock
from inventory.people.rules import NotPermitted
from inventory.stocktaking.commands import submit_count
from tests.stocktaking.steps import opened, read_all
from tests.support import small_district
from tests.support.district import known
from tests.support.small_district import District as SmallDistrict
from tests.ui.test_keeping_screens import page, told
from tests.ui.test_warehouse_screens import Screens, build
from ui.parts.downloads import File, all_offers
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens


@pytest.fixture
def screens(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """A copy of the filled district behind the screens, on each kind of database."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("ui-warehouse", build))
    yield Screens(known(store_of_screens()))
    close_stores()


@pytest.fixture
def counted(
    make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SmallDistrict, UUID]]:
    """A small district with a count that was handed in; 5 tents are missing."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("small-district", small_district.build))
    district = SmallDistrict(store_of_screens())
    count_id = opened(district)
    read_all(district, count_id, {"T1": 95, "W1": 240, "R1": 1, "T2": 60})
    district.do("wang", submit_count, count_id=count_id)
    yield district, count_id
    close_stores()


def links(app: AppTest) -> list[tuple[str, str]]:
    """Return kind and key of every file that a page leads to, in its HTML and its link buttons."""
    addresses = re.findall(r'href="(/files/[^"]+)"', told(app))
    addresses += [button.proto.url for button in app.get("link_button") if not button.proto.disabled]
    found = [re.fullmatch(r"/files/([^/]+)/([^?]+)(?:\?.*)?", address) for address in addresses]
    return [(match[1], unquote(match[2])) for match in found if match]


def fetch(store: Store, actor: Actor, kind: str, key: str) -> File:
    """Fetch a file as the server does."""
    return all_offers()[kind].make(store, actor, key, language="zh_CN")


def test_a_consignment_leads_to_its_papers(screens: Screens) -> None:
    """From the order, the consignment and the lot that left; a town's people see no such link and get no such file."""
    store, people, order = screens.district.store, screens.district.people, screens.order("shipped")
    (consignment,) = screens.district.ask(tracking.shipments)
    wanted = [("waybill", consignment.number), ("issue_note", consignment.number)]
    assert set(wanted) <= set(links(screens.draw("orders", "clerk", order=order.number)))
    assert wanted[0] in links(screens.draw("receive", "clerk", shipment=str(consignment.id)))
    lot = next(row.lot for row in screens.district.ask(stock) if row.place_kind == "bin" and not row.reasons)
    told_of_lot = links(screens.draw("lot", "auditor", lot=lot))
    assert set(wanted) <= set(told_of_lot)
    assert not set(wanted) & set(links(screens.draw("orders", "receiver", order=order.number)))
    [note] = {key for kind, key in told_of_lot if kind == "receipt_note"}
    for kind, key in (*wanted, ("receipt_note", note)):
        file = fetch(store, people["clerk"], kind, key)
        assert file.body.startswith(b"%PDF")
        assert file.name.endswith(f"-{kind.replace('_', '-')}.pdf")
        assert fetch(store, people["keeper"], kind, key) == file
        with pytest.raises(NotPermitted):
            fetch(store, people["clerk_east"], kind, key)
    assert screens.entries("issue_paper") == 3
    story = told(screens.draw("orders", "clerk", order=order.number))
    assert f"waybill {consignment.number}" in story
    assert re.search("issue note \u51fa-TS-20\\d\\d-000001", story)
    with pytest.raises(NotFound):
        fetch(store, people["clerk"], "receipt_note", "x")


def test_goods_in_leads_to_the_receipt_note(screens: Screens) -> None:
    """Right after the posting, one click away."""
    app = screens.draw("receive", "clerk_store", "zh_CN", desk="goods_in")
    app.selectbox(key="goods_in.item.0.0").select_index(2)
    app.number_input(key="goods_in.quantity.0.0").set_value(24).run()
    button = next(one for one in app.button if (one.key or "").startswith("goods_in.go"))
    button.click().run()
    next(one for one in app.button if (one.key or "").startswith("goods_in.go")).click()
    title = speaker("zh_CN")("Take goods in")
    app.button(key=f"confirm.{title}.go").click().run()
    assert not app.exception
    [key] = [key for kind, key in links(app) if kind == "receipt_note"]
    file = fetch(screens.district.store, screens.district.people["clerk_store"], "receipt_note", key)
    assert re.fullmatch(r"\u5165-TS-20\d\d-000001-receipt-note.pdf", file.name)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_review_leads_to_the_variance_report(counted: tuple[SmallDistrict, UUID], language: str) -> None:
    """For who approves, not for who counts: neither the link nor the file."""
    district, count_id = counted
    wanted = ("variance_report", str(count_id))
    assert wanted in links(page(district, "count", "keeper", language, count=str(count_id), view="review"))
    assert wanted not in links(page(district, "count", "li", language, count=str(count_id)))
    assert fetch(district.store, district.actor("keeper"), *wanted).body.startswith(b"%PDF")
    for login in ("wang", "li"):
        with pytest.raises(NotPermitted):
            fetch(district.store, district.actor(login), *wanted)
