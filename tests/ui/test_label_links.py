"""The way to labels and registers on the screens: links carry what was chosen, and each opens a PDF or a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from inventory.core.env import Env
from inventory.core.errors import Name
from inventory.core.work import SYSTEM, Store
from inventory.documents.data.values import BadPaperValue
from inventory.ledger.commands import GoodsLine, receive_goods
from inventory.ledger.queries import StockFilter, stock
from inventory.people.queries import held_roles
from inventory.people.rules import NotPermitted
from inventory.people.sessions import Person
from tests.support.district import District, found, known
from ui.parts.downloads import File, all_offers
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"
NUMBERS = {"size": "24", "start": "1", "copies": "1"}


def build(url: str) -> None:
    """Fill a database with two lots at two stores."""
    store = Store(url, Env.real(Path(".")))
    district = found(store)
    district.stock("TENT", "CENTRAL", 40)
    district.stock("WATER", "WEST", 500, expires_on=dt.date(2020, 1, 1))
    store.close()


@pytest.fixture
def district(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    """The filled district behind the screens, on each kind of database."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("ui-labels", build))
    yield known(store_of_screens())
    close_stores()


def draw(district: District, who: str, app: AppTest, **query: str) -> AppTest:
    """Run a page for somebody."""
    account = district.people[who].account_id
    assert account is not None
    roles = district.store.read(SYSTEM, lambda work: held_roles(work, account)).get(account, ())
    bureau = district.organisations["bureau"]
    app.session_state["person"] = Person(account, who, Name(who), bureau, Name("bureau"), roles, False, None, False)
    app.session_state["language"] = "en"
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def stock_page(district: District, who: str, **query: str) -> AppTest:
    """Draw the stock page."""
    return draw(district, who, AppTest.from_file(str(SCREENS / "stock.py"), default_timeout=60), **query)


def links(app: AppTest) -> dict[str, tuple[str, dict[str, str], bool]]:
    """Return the links to files by kind: key, query, and whether they may be pressed."""
    found_links = {}
    for element in app.get("link_button"):
        parts = urlsplit(element.proto.url)
        _, files, kind, key = parts.path.split("/", 3)
        assert files == "files"
        found_links[kind] = (unquote(key), dict(parse_qsl(parts.query)), not element.proto.disabled)
    return found_links


def fetch(district: District, who: str, kind: str, key: str, query: dict[str, str]) -> File:
    """Fetch a file as the browser of somebody would."""
    offer = all_offers()[kind]
    assert offer.opens
    given = {name: value for name, value in query.items() if name != "show"}
    return offer.make(district.store, district.people[who], key, language="en", **given)


def test_every_link_of_the_stock_page_opens_a_pdf(district: District) -> None:
    """For the site that is chosen: labels of its lots, bins; registers of its stock and devices, and of all teams."""
    found_links = links(stock_page(district, "keeper", site="CENTRAL", find="TENT"))
    assert found_links.keys() >= {"lot-labels", "bin-labels", "stock-register", "device-register", "team-register"}
    assert found_links["lot-labels"] == ("CENTRAL", {"show": "1", "find": "TENT", **NUMBERS}, True)
    assert found_links["team-register"][0] == "all"
    for kind in ("lot-labels", "bin-labels", "stock-register", "device-register", "team-register"):
        key, query, open_to_me = found_links[kind]
        assert open_to_me
        file = fetch(district, "keeper", kind, key, query)
        assert file.body.startswith(b"%PDF"), kind
        assert file.name.endswith(".pdf")


def test_links_are_shut_where_the_role_does_not_reach(district: District) -> None:
    """The clerk of a store has its papers, not those of the district; who types the address is refused below."""
    mine = links(stock_page(district, "clerk_store", site="CENTRAL"))
    assert mine["lot-labels"][2]
    assert not mine["team-register"][2]
    everywhere = links(stock_page(district, "clerk_store"))
    assert everywhere["stock-register"][0] == "all"
    assert not any(open_to_me for _, _, open_to_me in everywhere.values())
    for kind, (key, query, _) in everywhere.items():
        with pytest.raises(NotPermitted):
            fetch(district, "clerk_store", kind, key, query)


def test_numbers_typed_into_an_address_are_refused_in_words(district: District) -> None:
    """What is no number, or none of the sheet, is a refusal and no error."""
    for wrong in ({"start": "25"}, {"start": "x"}, {"copies": "-1"}, {"size": "7"}, {"copies": "999999"}):
        with pytest.raises(BadPaperValue):
            fetch(district, "keeper", "bin-labels", "CENTRAL", {**NUMBERS, **wrong})


def test_new_lots_are_labelled_right_after_they_came(district: District) -> None:
    """The desk of goods in offers the labels of the entry that it has just made."""
    done = district.do(
        "clerk_store",
        receive_goods,
        site_id=district.sites["CENTRAL"],
        owner_id=district.organisations["bureau"],
        source="donation",
        lines=[GoodsLine(district.items["QUILT"], district.bins["CENTRAL"], 75)],
    )
    page = AppTest.from_file(str(SCREENS / "receive.py"), default_timeout=60)
    page.session_state["form.goods_in"] = {"id": district.store.env.new_id(), "turn": 1, "last": done}
    key, query, open_to_me = links(draw(district, "clerk_store", page, desk="goods_in"))["entry-labels"]
    assert (UUID(key), query, open_to_me) == (done.id, {"show": "1", **NUMBERS}, True)
    assert fetch(district, "clerk_store", "entry-labels", key, query).body.startswith(b"%PDF")


DRAWER = """
from uuid import UUID
from ui.parts.stock_drawer import drawer
drawer(UUID("{lot}"), UUID("{place}"))
"""


def test_the_drawer_prints_the_label_of_its_row(district: District) -> None:
    """One lot, one bin, one click."""
    (row,) = district.ask(stock, wanted=StockFilter(search="TENT"))
    page = AppTest.from_string(DRAWER.format(lot=row.lot_id, place=row.place_id), default_timeout=60)
    key, query, open_to_me = links(draw(district, "clerk_store", page))["lot-label"]
    assert (UUID(key), UUID(query["place"]), open_to_me) == (row.lot_id, row.place_id, True)
    assert fetch(district, "clerk_store", "lot-label", key, query).body.startswith(b"%PDF")
    with pytest.raises(NotPermitted):
        fetch(district, "clerk_east", "lot-label", key, query)
