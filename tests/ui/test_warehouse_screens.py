"""The warehouse screens alone, by role and language: they draw, respect roles, refuse in words, post once.

A small district with orders in each state: issued, picked by the clerk, checked, in transit. Real ledger, real
commands; only the browser is missing (presses on HTML are proven there).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from inventory.core.env import Env
from inventory.core.errors import Name
from inventory.core.words import speaker
from inventory.core.work import SYSTEM, Store, Work
from inventory.dispatch import queries, tracking
from inventory.dispatch.approving import approve_plan
from inventory.dispatch.picking import check_order, pick_order
from inventory.dispatch.planning import plan_request
from inventory.dispatch.proposals import plans_of
from inventory.dispatch.queries import OrderRow
from inventory.dispatch.rules import Carrier
from inventory.dispatch.shipping import ship_order
from inventory.incidents.commands import open_incident, submit_request
from inventory.incidents.rules import Affected, NeedLine
from inventory.ledger.queries import StockFilter, StockRow, stock
from inventory.ledger.verify import violations
from inventory.models import Journal
from inventory.people.queries import held_roles
from inventory.people.rules import NotPermitted
from inventory.people.sessions import Person
from tests.support.district import District, found, known
from ui.parts import files_papers
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"
LONG_AGO = dt.datetime.fromisoformat("2020-01-01T08:00")
STATES = ("issued", "picked", "checked", "shipped")


def build(url: str) -> None:
    """Fill a database with stock and one order in each state."""
    store = Store(url, Env.real(Path(".")))
    district = found(store)
    district.stock("TENT", "CENTRAL", 40)
    district.stock("WATER", "WEST", 500, expires_on=dt.date(2020, 1, 1))
    incident = district.do(
        "duty",
        open_incident,
        name_zh="Flood",
        hazard="flood",
        level=3,
        division_id=district.divisions["east"],
        affected=[Affected(district.sites["SHELTER"], people=100)],
    )
    for state in STATES:
        _order(district, UUID(incident.outcome["incident"]), state)
    store.close()


def _order(district: District, incident_id: UUID, state: str) -> None:
    done = district.do(
        "duty",
        submit_request,
        incident_id=incident_id,
        asker_id=district.organisations["east"],
        asked_id=district.organisations["bureau"],
        deliver_site_id=district.sites["SHELTER"],
        needed_by=district.store.env.now() + dt.timedelta(hours=6),
        lines=[NeedLine(district.items["TENT"], district.sites["SHELTER"], 5, priority=0)],
    )
    request_id = UUID(done.outcome["request"])
    plan_request(
        district.store,
        district.people["duty"],
        id=district.store.env.new_id(),
        request_id=request_id,
        alternatives=("fastest",),
    )
    plan = district.ask(plans_of, request_id=request_id)[0]
    orders = district.do("commander", approve_plan, plan_id=plan.id, seen=plan.seen).outcome["orders"]
    order_id = UUID(orders[0]["id"])

    def seen() -> UUID:
        return district.ask(queries.order, order_id=order_id).seen

    if state != "issued":
        district.do("clerk", pick_order, order_id=order_id, seen=seen())
    if state in {"checked", "shipped"}:
        district.do("keeper", check_order, order_id=order_id, seen=seen())
    if state == "shipped":
        district.do("clerk2", ship_order, order_id=order_id, seen=seen(), carrier=Carrier("B-1", "Li", "138"))


@dataclass
class Screens:
    """The district, and how to draw one of its screens as somebody."""

    district: District

    def draw(self, screen: str, who: str, language: str = "en", **query: str) -> AppTest:
        """Run a screen alone for a person with what stands in the address."""
        app = AppTest.from_file(str(SCREENS / f"{screen}.py"), default_timeout=60)
        app.session_state["person"], app.session_state["language"] = self.person(who), language
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    def person(self, who: str) -> Person:
        """Return somebody as the door would have looked them up."""
        account = self.district.people[who].account_id
        assert account is not None
        roles = self.district.store.read(SYSTEM, lambda work: held_roles(work, account)).get(account, ())
        bureau = self.district.organisations["bureau"]
        return Person(account, who, Name(who), bureau, Name("bureau"), roles, False, None, False)

    def order(self, state: str) -> OrderRow:
        """Return the order in a state."""
        (row,) = self.district.ask(queries.orders, states=[state])
        return row

    def entries(self, kind: str) -> int:
        """Return how many entries of a kind the journal has."""

        def count(work: Work) -> int:
            return work.connection.scalar(select(func.count()).where(Journal.kind == kind)) or 0

        return self.district.store.read(SYSTEM, count)


@pytest.fixture
def screens(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """A copy of the filled district behind the screens, on each kind of database."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("ui-warehouse", build))
    yield Screens(known(store_of_screens()))
    close_stores()


def _told(app: AppTest) -> str:
    """Return all HTML of a page in one text."""
    return "\n".join(element.proto.body for element in app.get("html"))


def _button(app: AppTest, key: str) -> object:
    return next(button for button in app.button if (button.key or "").startswith(key))


def _confirm(app: AppTest, opener: str, title: str) -> None:
    """Open a dialog and press its button; AppTest runs the whole page, so the opener is pressed with it."""
    _button(app, opener).click().run()  # type: ignore[attr-defined]
    _button(app, opener).click()  # type: ignore[attr-defined]
    app.button(key=f"confirm.{title}.go").click().run()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("who", ["clerk", "keeper", "manager", "commander", "auditor", "receiver", "clerk_east"])
def test_every_screen_draws_for_every_role(screens: Screens, who: str, language: str) -> None:
    """Lists, one order in each state, a consignment, a lot now and then: no screen fails for anybody."""
    for screen in ("orders", "stock"):
        assert _told(screens.draw(screen, who, language))
    for state in STATES:
        order = screens.order(state)
        assert order.number in _told(screens.draw("orders", who, language, order=order.number))
    (shipment,) = screens.district.ask(tracking.shipments)
    assert shipment.number in _told(screens.draw("receive", who, language, shipment=str(shipment.id)))
    lot = screens.district.ask(stock)[0].lot
    if who != "receiver":
        assert lot in _told(screens.draw("lot", who, language, lot=lot))
        for desk in ("sending", "coming", "held", "differences", "goods_in"):
            screens.draw("receive", who, language, desk=desk)


def test_work_lists_follow_the_scope_of_a_role(screens: Screens) -> None:
    """The clerk of the sending store has nothing to receive, the clerk of the receiving town nothing to send."""
    for who, desk, words in (
        ("clerk_store", "coming", "Nothing is on the way to you."),
        ("clerk_east", "sending", "Nothing waits to be sent."),
    ):
        assert words in _told(screens.draw("receive", who, desk=desk))
    for who, desk, words in (
        ("clerk_east", "coming", "On the way 1"),
        ("receiver", "coming", "On the way 1"),
        ("clerk_store", "sending", "To pick and ship 3"),
    ):
        app = screens.draw("receive", who, desk=desk)
        assert words in app.button_group(key="desk").options


def test_picking_less_leaves_the_rest_reserved(screens: Screens) -> None:
    """What is not found is said before posting, stays held, and the page shows the next step."""
    order = screens.order("issued")
    app = screens.draw("orders", "clerk", order=order.number)
    (found_field,) = app.number_input
    assert found_field.value == 5
    found_field.set_value(3).run()
    assert "stay reserved" in _told(app)
    _button(app, f"pick.{order.id}.go").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    after = screens.district.ask(queries.order, order_id=order.id)
    assert after.state == "picked"
    assert [row.remaining for row in screens.district.ask(queries.order_stock, order_id=order.id)] == [2, 3]
    assert screens.district.ask(violations) == []


def test_who_picked_does_not_check_without_a_reason(screens: Screens) -> None:
    """Four eyes: the button is disabled with the reason; an override needs words and is kept in the journal."""
    order = screens.order("picked")
    app = screens.draw("orders", "clerk", order=order.number)
    button = _button(app, f"check.{order.id}.go")
    assert button.disabled  # type: ignore[attr-defined]
    assert "four eyes" in _told(app)
    reason = next(field for field in app.text_input if (field.key or "").startswith(f"check.{order.id}.override"))
    reason.set_value("alone at night").run()
    _button(app, f"check.{order.id}.go").click().run()  # type: ignore[attr-defined]
    assert screens.district.ask(queries.order, order_id=order.id).state == "checked"
    assert "alone at night" in _told(app)


def test_a_step_without_the_role_is_shown_disabled(screens: Screens) -> None:
    """An auditor and a clerk of another town see the step, its reason and who can, and cannot press it."""
    for who in ("auditor", "clerk_east"):
        app = screens.draw("orders", who, order=screens.order("issued").number)
        button = _button(app, "pick.")
        assert button.disabled  # type: ignore[attr-defined]
        assert "stock keeper" in button.help  # type: ignore[attr-defined]


def _receiving(screens: Screens, who: str = "receiver") -> tuple[AppTest, str]:
    (shipment,) = screens.district.ask(tracking.shipments)
    return screens.draw("receive", who, shipment=str(shipment.id)), f"receive.{shipment.id}"


def test_receiving_is_blank_until_somebody_states_it(screens: Screens) -> None:
    """Nothing is filled in by itself; "all good" fills what was sent; a short line stays in transit and visible."""
    app, form = _receiving(screens)
    assert [field.value for field in app.number_input] == [None, None]
    assert _button(app, f"{form}.post").disabled  # type: ignore[attr-defined]
    _button(app, f"{form}.all").click().run()  # type: ignore[attr-defined]
    assert [field.value for field in app.number_input] == [5, 0]
    app.number_input[0].set_value(3)
    app.number_input[1].set_value(1).run()
    assert "1 short" in _told(app)
    _confirm(app, f"{form}.post", "Sign for the consignment")
    assert not app.exception
    (row,) = screens.district.ask(tracking.shipments)
    assert (row.state, row.carried) == ("arrived", 1)
    assert {one.kind for one in screens.district.ask(tracking.discrepancies)} == {"damaged", "short"}
    assert "did not arrive" in _told(app)
    assert screens.district.ask(violations) == []


def test_a_second_tab_finds_nothing_left_to_receive(screens: Screens) -> None:
    """What one tab has signed for, another that was open all the time cannot sign for again."""
    first, form = _receiving(screens)
    second, _same = _receiving(screens)
    _button(first, f"{form}.all").click().run()  # type: ignore[attr-defined]
    _confirm(first, f"{form}.post", "Sign for the consignment")
    _button(second, f"{form}.all").click().run()  # type: ignore[attr-defined]
    assert not second.exception
    assert "accounted for" in _told(second)
    assert screens.entries("receive_shipment") == 1


def test_the_sender_does_not_sign_for_the_goods(screens: Screens) -> None:
    """Who picked, checked or shipped the order is told so and cannot post without a reason."""
    app, form = _receiving(screens, "keeper")
    _button(app, f"{form}.all").click().run()  # type: ignore[attr-defined]
    assert _button(app, f"{form}.post").disabled  # type: ignore[attr-defined]
    assert "four eyes" in _told(app)


def _goods(screens: Screens) -> AppTest:
    """Fill the form of goods in; AppTest tells options in the language of no session, which is Chinese."""
    app = screens.draw("receive", "clerk_store", "zh_CN", desk="goods_in")
    assert app.selectbox(key="goods_in.site.0").options == ["CENTRAL"]
    app.selectbox(key="goods_in.item.0.0").select_index(3)
    app.number_input(key="goods_in.quantity.0.0").set_value(24).run()
    assert app.selectbox(key="goods_in.item.0.0").options[3] == "WATER WATER"
    assert _button(app, "goods_in.go").disabled  # type: ignore[attr-defined]
    app.date_input(key="goods_in.expiry.0.0").set_value(dt.date(2030, 1, 1)).run()
    return app


def test_goods_in_sent_twice_makes_one_lot(screens: Screens) -> None:
    """An item kept by expiry asks for its date; the same form sent from two tabs is one entry and one lot."""
    first, second = _goods(screens), _goods(screens)
    second.session_state["form.goods_in"] = dict(first.session_state["form.goods_in"])
    title = speaker("zh_CN")("Take goods in")
    for app in (first, second):
        _confirm(app, "goods_in.go", title)
        assert not app.exception
    wanted = StockFilter(item_id=screens.district.items["WATER"], site_id=screens.district.sites["CENTRAL"])
    (row,) = screens.district.ask(stock, wanted=wanted)
    assert (row.on_hand, row.expires_on, row.place) == (24, dt.date(2030, 1, 1), "A-01")


# A page that opens the drawer of one row at once: AppTest cannot press a cell of a table.
DRAWER = """
from uuid import UUID
from ui.parts.stock_drawer import drawer
drawer(UUID("{lot}"), UUID("{place}"))
"""


def _drawer(screens: Screens, who: str, row: StockRow) -> AppTest:
    app = AppTest.from_string(DRAWER.format(lot=row.lot_id, place=row.place_id), default_timeout=60)
    app.session_state["person"], app.session_state["language"] = screens.person(who), "en"
    app.run()
    assert not app.exception, app.exception
    return app


def test_the_drawer_says_why_and_moves_once(screens: Screens) -> None:
    """Expired water is not usable and says so; the keeper puts tents on hold with what was seen; a clerk may not."""
    rows = screens.district.ask(stock)
    water = next(row for row in rows if row.item_code == "WATER")
    told = _told(_drawer(screens, "clerk", water))
    assert "Not usable" in told
    assert "2020-01-01" in told
    tents = next(row for row in rows if row.item_code == "TENT" and row.place_kind == "bin")
    form = f"block_lot.{tents.lot_id}.{tents.place_id}"
    app = _drawer(screens, "keeper", tents)
    assert _button(app, f"{form}.go").disabled  # type: ignore[attr-defined]
    note = next(field for field in app.text_input if (field.key or "").startswith(f"{form}.note"))
    note.set_value("wet").run()
    _button(app, f"{form}.go").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    assert screens.entries("block_lot") == 1
    assert screens.district.ask(stock, wanted=StockFilter(blocked=True))[0].lot == tents.lot
    assert "wet" in _told(_drawer(screens, "clerk", tents))


def test_files_ask_for_the_role(screens: Screens) -> None:
    """The ledger of a lot is a table for those who may see it; a town's receiver prints no order."""
    store, people = screens.district.store, screens.district.people
    lot = screens.district.ask(stock)[0].lot
    file = store.read(people["auditor"], lambda work: files_papers.ledger(work, lot, language="en"))
    assert file.body.startswith(b"PK")
    with pytest.raises(NotPermitted):
        store.read(people["receiver"], lambda work: files_papers.ledger(work, lot, language="en"))
    number = screens.order("issued").number
    with pytest.raises(NotPermitted):
        files_papers.order_paper(store, people["receiver"], number, language="en")
    first = files_papers.order_paper(store, people["clerk"], number, language="en")
    assert first.body.startswith(b"%PDF")
    assert files_papers.order_paper(store, people["clerk"], number, language="en") == first
    assert screens.entries("issue_paper") == 1


def test_the_ledger_of_a_lot_at_a_past_moment(screens: Screens) -> None:
    """Before its first entry a lot stood nowhere; now all its places are told, and its story names the order."""
    lot = next(row.lot for row in screens.district.ask(stock) if row.place_kind == "bin" and not row.reasons)
    app = screens.draw("lot", "auditor", lot=lot)
    assert screens.order("shipped").number in _told(app)
    app.datetime_input(key="at").set_value(LONG_AGO).run()
    assert not app.exception
    assert "was not there yet" in _told(app)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_reversal_that_cannot_be_is_refused_in_words(screens: Screens, language: str) -> None:
    """Goods that have left cannot be taken out of the books: the note says what is there, the form keeps its words."""
    lot = next(row.lot for row in screens.district.ask(stock) if row.place_kind == "bin" and not row.reasons)
    app = screens.draw("lot", "keeper", language, lot=lot)
    why = next(field for field in app.text_input if (field.key or "").startswith("reverse."))
    why.set_value("typed twice").run()
    _button(app, "reverse.").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    assert screens.entries("reverse_entry") == 0
    assert 'role="alert"' in _told(app)
    assert next(field for field in app.text_input if (field.key or "").startswith("reverse.")).value == "typed twice"


def test_filters_stand_in_the_address_as_codes(screens: Screens) -> None:
    """A link opens the same list in both languages; a code that does not exist narrows nothing."""
    for language in ("en", "zh_CN"):
        app = screens.draw("stock", "clerk", language, only="expired", site="WEST")
        assert (app.selectbox(key="site").value, len(app.dataframe[0].value)) == ("WEST", 1)
    assert len(screens.draw("stock", "clerk", only="nonsense").dataframe[0].value) > 1
    app = screens.draw("orders", "clerk", state="picked,moving")
    assert len(app.dataframe[0].value) == 2
    assert "No order matches" in _told(screens.draw("orders", "clerk", find="zzz"))
