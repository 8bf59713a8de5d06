"""Count, import, people and self-check as people use them: every role, both languages, blind, nothing lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from inventory.core.errors import Name
from inventory.core.work import SYSTEM, Store
from inventory.ledger.commands import GoodsLine, receive_goods
from inventory.ledger.rules import Line, NewHold
from inventory.models import Account, Count, CountReading, Setting
from inventory.people.commands import grant_role, open_account
from inventory.people.passwords import verify_password
from inventory.people.queries import held_roles
from inventory.people.sessions import Person
from inventory.people.stories import newest_entries
from inventory.stocktaking.commands import cancel_count
from inventory.stocktaking.queries import count_sheet
from tests.stocktaking.steps import line_of, opened, read_all, to_approved
from tests.support import small_district
from tests.support.small_district import District
from ui.parts.counting import add, choose_line, lines_of_code, reading_id, split_scan
from ui.parts.opening import close_stores
from ui.parts.opening import store as store_of_screens

SCREENS = Path(__file__).resolve().parents[2] / "ui" / "screens"
ADMINISTRATORS = {"secadmin": "security_admin", "sysadmin": "system_admin"}
BOOK = 98_765
"""A quantity that stands nowhere but in the book."""


def build(url: str) -> None:
    """Fill the small district, with its administrators and a lot of a quantity that nothing else has."""
    small_district.build(url)
    from inventory.core.env import Env

    store = Store(url, Env.real(Path(".")))
    district = District(store)
    for login, role in ADMINISTRATORS.items():
        opened_as = store.write(
            SYSTEM,
            lambda work, login=login: open_account(
                work, id=uuid4(), login=login, name_zh=login, organisation_id=district.organisation,
                password_hash="not a hash", must_change_password=False,
            ),
        )  # fmt: skip
        account = UUID(opened_as.outcome["account"])
        store.write(SYSTEM, lambda work, a=account, r=role: grant_role(work, id=uuid4(), account_id=a, role=r))
    lines = [GoodsLine(district.item("tent"), district.bins()["A-03"], BOOK, unit_price_fen=12_300, batch="T9")]
    facts = {"owner_id": district.organisation, "source": "purchase", "lines": lines}
    district.do("manager", receive_goods, site_id=district.site, **facts)
    store.close()


@pytest.fixture
def district(make_database: Callable[..., str], home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    """The small district in the store that the screens open by themselves."""
    monkeypatch.setenv("INVENTORY_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", make_database("ui-keeping", build))
    yield District(store_of_screens())
    close_stores()


def person(store: Store, login: str) -> Person:
    """Return somebody as the door would."""
    with store.reading(SYSTEM) as work:
        row = work.session.execute(select(Account).where(Account.login == login)).scalar_one()
        roles = held_roles(work, row.id).get(row.id, ())
        return Person(row.id, login, Name(row.name_zh), row.organisation_id, Name("WS"), roles, False, None, False)


def page(district: District, screen: str, login: str, language: str = "en", **query: str) -> AppTest:
    """Open a screen as somebody."""
    app = AppTest.from_file(str(SCREENS / f"{screen}.py"), default_timeout=60)
    app.session_state["person"], app.session_state["language"] = person(district.store, login), language
    for key, value in query.items():
        app.query_params[key] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """Refuse a page that failed."""
    assert not app.exception, app.exception[0].stack_trace
    return app


def told(app: AppTest) -> str:
    """Return all HTML that the page drew."""
    return "\n".join(part.proto.body for part in app.get("html"))


def sent(app: AppTest) -> str:
    """Return everything the browser would receive, element by element."""
    parts: list[str] = []

    def walk(block: Any) -> None:
        parts.append(str(getattr(block, "proto", "")))
        for child in getattr(block, "children", {}).values():
            walk(child)

    walk(app._tree)
    return "\n".join(parts)


def press(app: AppTest, *keys: str) -> AppTest:
    """Press a button by the beginning of its key; with more keys also one in the dialog that the first one opens.

    A browser runs a dialog as a fragment; AppTest runs the whole page, so the opening button is pressed once more.
    """
    for key in keys:
        next(one for one in app.button if (one.key or "").startswith(key)).click()
    return checked(app.run())


def quantities(district: District, count_id: UUID) -> dict[str, int]:
    """Return the last reading of each line by batch and bin."""
    with district.store.reading(SYSTEM) as work:
        lines = {one.id: f"{one.batch} {one.place}" for one in _sheet(district, count_id).lines}
        rows = work.connection.execute(
            select(CountReading.line_id, CountReading.quantity).order_by(CountReading.saved_at, CountReading.id)
        )
        return {lines[row.line_id]: row.quantity for row in rows}


def _hash(district: District, login: str) -> str | None:
    query = select(Account.password_hash).where(Account.login == login)
    return district.read(lambda work: work.session.scalars(query).one())


def _sheet(district: District, count_id: UUID) -> Any:
    return district.see("wang", count_sheet, count_id=count_id)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_role_gets_its_pages(district: District, language: str) -> None:
    """No page fails for anybody; what a role may not see is refused in words."""
    count_id = opened(district)
    read_all(district, count_id, {"T1": 100, "W1": 239, "R1": 1, "T2": 60, "T9": 5})
    for login in ("wang", "keeper", "manager", "commander", "auditor", "secadmin", "sysadmin"):
        for screen, query in (
            ("count", {}),
            ("count", {"count": str(count_id)}),
            ("count", {"count": "nonsense"}),
            ("import", {}),
            ("people", {}),
            ("people", {"view": "settings"}),
            ("check", {}),
        ):
            app = page(district, screen, login, language, **query)
            refused = 'role="alert"' in told(app)
            closed = screen == "check" and login not in ("manager", "auditor", "sysadmin")
            shut = screen == "count" and query.get("count") == str(count_id)
            blind = shut and login not in ("wang", "keeper", "manager")
            assert refused == (closed or blind), (screen, login, query)


def test_what_counters_receive_does_not_tell_the_book(district: District) -> None:
    """The quantity of the book is in no element that those who count, or recount, receive; the review has it."""
    count_id = opened(district)
    for line in _sheet(district, count_id).lines:
        app = page(district, "count", "wang", count=str(count_id), line=line.label)
        assert str(BOOK) not in sent(app)
        assert f"{BOOK:,}" not in sent(app)
    read_all(district, count_id, {"T1": 100, "W1": 240, "R1": 1, "T2": 60, "T9": 4})
    app = press(page(district, "count", "wang", count=str(count_id)), "submit")
    press(app, "submit", "confirm.Hand the count in.go")
    app = page(district, "count", "li", count=str(count_id))
    assert "wait for your recount" in told(app)
    assert str(BOOK) not in sent(app)
    assert f"{BOOK:,}" not in sent(app)
    assert f"{BOOK:,}" in told(page(district, "count", "keeper", count=str(count_id), view="review"))


def test_presses_and_typing_are_saved_at_once(district: District) -> None:
    """Packs, loose units, exactly 0 and the way back: the database has each number before the next press."""
    count_id = opened(district)
    water = line_of(district, count_id, "W1", "A-02")
    app = page(district, "count", "wang", count=str(count_id), line=water.label)
    assert "Blank means not counted yet" in told(app)
    app = press(press(app, "step.1.0"), "step.5.0")
    assert quantities(district, count_id) == {"W1 A-02": 144}
    loose = next(one for one in app.number_input if one.key.startswith("loose."))
    app = checked(loose.set_value(7).run())
    assert quantities(district, count_id) == {"W1 A-02": 151}
    assert "= 6 × 24 + 7" in told(app)
    assert "Saved" in told(app)
    app = press(app, "zero")
    assert quantities(district, count_id) == {"W1 A-02": 0}
    app = press(press(app, "undo"), "undo")
    assert quantities(district, count_id) == {"W1 A-02": 144}
    app = press(app, "next")
    assert app.query_params["line"] != [water.label]


def test_a_refused_number_turns_red_and_the_page_goes_on(district: District) -> None:
    """When the count was given up meanwhile, the press is refused in words and nothing is saved."""
    count_id = opened(district)
    app = page(district, "count", "wang", count=str(count_id))
    district.do("keeper", cancel_count, count_id=count_id, why="wrong site")
    app = press(app, "zero")
    assert "t-save red" in told(app)
    assert "Cancelled" in told(app)
    assert quantities(district, count_id) == {}


def test_blank_lines_stop_the_hand_in_until_somebody_says_what_they_are(district: District) -> None:
    """An empty line is not zero: the hand-in is refused, with the lines, until they are left out by name."""
    count_id = opened(district)
    tents = line_of(district, count_id, "T1", "A-01")
    app = page(district, "count", "wang", count=str(count_id), line=tents.label)
    app = press(press(app, "step.0.1"), "submit")
    app = press(app, "submit", "confirm.Hand the count in.go")
    assert "An empty field is not zero" in told(app)
    next(one for one in app.checkbox if one.key.startswith("leave.")).check()
    press(app, "submit", "confirm.Hand the count in.go")
    with district.store.reading(SYSTEM) as work:
        assert work.session.get_one(Count, count_id).state == "review"


def test_the_count_is_recounted_approved_and_posted_on_its_pages(district: District) -> None:
    """Three people: one counts, another recounts blind, a third approves and posts; who counted may not approve."""
    count_id = opened(district, "keeper")
    read_all(district, count_id, {"T1": 98, "W1": 240, "R1": 1, "T2": 60, "T9": BOOK}, login="keeper")
    app = press(page(district, "count", "keeper", count=str(count_id)), "submit")
    press(app, "submit", "confirm.Hand the count in.go")
    review = page(district, "count", "manager", count=str(count_id), view="review")
    assert next(one for one in review.button if one.key == "approve").disabled
    app = page(district, "count", "li", count=str(count_id))
    loose = next(one for one in app.number_input if "loose" in one.key)
    press(checked(loose.set_value(98).run()), f"recount.{line_of(district, count_id, 'T1', 'A-01').id}.save")
    own = page(district, "count", "keeper", count=str(count_id), view="review")
    assert next(one for one in own.button if one.key == "approve").disabled
    assert "You counted here yourself" in told(own)
    app = press(page(district, "count", "manager", count=str(count_id), view="review"), "approve")
    app = press(app, "approve", "confirm.Approve the differences.go")
    app = press(page(district, "count", "manager", count=str(count_id), view="review"), "post")
    assert "−2" in told(app)
    assert "−1,000.00" in told(app)
    press(app, "post", "confirm.Post the differences.go")
    lots, bins = district.lots(), district.bins()
    assert district.balance(lots["T1"], bins["A-01"]) == (98, 0)
    assert "Posted" in told(page(district, "count", "auditor", count=str(count_id)))


def test_what_a_count_takes_from_reservations_is_told_before_it_is_posted(district: District) -> None:
    """Below its reservations the review names the orders; the dialog says what is freed, and just that is freed."""
    lot, place = district.lots()["T1"], district.bins()["A-01"]
    line = district.order("DD-7", item=district.item("tent"), quantity=95)
    district.post(holds=[NewHold(uuid4(), lot, place, 95, order_line_id=line)])
    count_id = opened(district)
    to_approved(district, count_id, {"T1": 90, "W1": 240, "R1": 1, "T2": 60, "T9": BOOK})
    app = page(district, "count", "keeper", count=str(count_id), view="review")
    assert "5 short for reservations: DD-7" in told(app)
    app = press(app, "post")
    assert "Reservations of 5 are freed, the youngest first: DD-7" in told(app)
    press(app, "post", "confirm.Post the differences.go")
    assert district.balance(lot, place) == (90, 90)


def test_a_change_after_the_approval_is_confirmed_once_more(district: District) -> None:
    """What came in about the time before the count changes a difference: posting asks, then posts what is true now."""
    count_id = opened(district)
    to_approved(district, count_id, {"T1": 98, "W1": 240, "R1": 1, "T2": 60, "T9": BOOK})
    lot, bins = district.lots()["T1"], district.bins()
    with district.store.reading(SYSTEM) as work:
        counted = work.session.scalars(select(CountReading.counted_at).order_by(CountReading.counted_at)).first()
    assert counted is not None
    late = [Line(lot, bins["A-01"], bins["A-02"], 1, "move")]
    district.post(lines=late, occurred_at=counted - dt.timedelta(milliseconds=1))
    app = press(page(district, "count", "keeper", count=str(count_id), view="review"), "post")
    app = press(app, "post", "confirm.Post the differences.go")
    assert district.balance(lot, bins["A-01"]) == (99, 0)
    app = press(app, "post")
    assert "please confirm" in told(app)
    press(app, "post", "confirm.Post the differences.go")
    assert district.balance(lot, bins["A-01"]) == (98, 0)


def test_a_scan_finds_its_line_and_counts_once(district: District) -> None:
    """Labels of line, lot and item are known; a code of several lines only jumps; the same scan adds once."""
    count_id = opened(district)
    sheet = _sheet(district, count_id)
    water = next(line for line in sheet.lines if line.batch == "W1")
    assert split_scan("3*wt-1 ") == (3, "WT-1")
    assert split_scan("wt-1") == (None, "WT-1")
    assert split_scan("x*wt") == (None, "X*WT")
    assert split_scan("0*wt") == (None, "0*WT")
    for code in (water.label, str(water.lot), "W1", "WATER", "690"):
        [found] = lines_of_code(sheet, code, {"690": water.item_id})
        assert choose_line([found], None) == (water, True)
    tents = lines_of_code(sheet, "TENT", {})
    assert len(tents) == 3
    assert choose_line(tents, None) == (tents[0], False)
    assert choose_line(tents, tents[2].id) == (tents[2], True)
    assert lines_of_code(sheet, "UNKNOWN", {}) == []
    for scan in ("a", "a", "b"):
        district.do("wang", add, id=reading_id(count_id, scan), line_id=water.id, factor=24, packs=3)
    assert quantities(district, count_id) == {"W1 A-02": 144}


PLANTED = "UPDATE balance SET quantity = quantity + 1 WHERE quantity > 0"
GOOD = "Site code,Bin,Item code,Batch,Expires on,Quantity,Unit\nWS-01,A-01,tent,N1,,5,ding\n"
BAD = GOOD + "WS-99,A-01,tent,N2,,5,ding\nWS-01,A-01,tent,N3,,-5,ding\n"


def test_a_list_is_imported_once_or_not_at_all(district: District) -> None:
    """All problems of a file are shown and nothing is stored; a good one is stored once, and told when it was."""
    app = page(district, "import", "wang")
    app.file_uploader[0].upload("bad.csv", BAD.encode(), "text/csv")
    checked(app.run())
    assert re.search(r"2 problems; 1 rows", told(app))
    assert "WS-99" in told(app)
    assert district.read(lambda work: newest_entries(work, kinds=["import_stock"])) == []
    app = page(district, "import", "wang")
    app.file_uploader[0].upload("good.csv", GOOD.encode(), "text/csv")
    app = press(checked(app.run()), "import.go")
    app = press(app, "import.go", "confirm.Import 1 lines.go")
    assert len(district.read(lambda work: newest_entries(work, kinds=["import_stock"]))) == 1
    assert "good.csv" in told(app)
    again = page(district, "import", "keeper")
    again.file_uploader[0].upload("copy.csv", GOOD.encode(), "text/csv")
    assert "Already imported; nothing changes." in told(checked(again.run()))
    assert not [one for one in again.button if one.key == "import.go"]


def test_an_unreadable_file_is_refused_in_words(district: District) -> None:
    """A file that is no table is refused as a whole, and the page goes on."""
    app = page(district, "import", "wang")
    app.file_uploader[0].upload("list.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "application/x")
    assert "The file was not read." in told(checked(app.run()))


def test_an_account_is_opened_with_a_password_shown_once(district: District) -> None:
    """The security administrator hands a temporary password over; it is gone when that is said, others may not."""
    app = press(page(district, "people", "secadmin", "zh_CN"), "people.open")
    for key, value in (("login", "new.one"), ("name", "New One")):
        next(one for one in app.text_input if one.key.startswith(f"open_account.{key}")).set_value(value)
    app.selectbox[0].set_value(district.organisation)
    app = press(press(app, "people.open"), "people.open", "open_account.go")
    password = next(iter(re.findall(r"[2-9A-Za-z]{4}(?:-[2-9A-Za-z]{4}){2}", told(app))))
    assert verify_password(_hash(district, "new.one"), password)
    assert password not in told(press(app, "open_account.handed"))
    auditor = page(district, "people", "auditor")
    assert next(one for one in auditor.button if one.key == "people.open").disabled
    assert "Accounts" not in str(page(district, "people", "wang").get("button_group")[0].proto)


def test_roles_are_given_and_ended_by_another_person(district: District) -> None:
    """A role is given with its scope and ended after a question; nobody touches the own rights."""
    app = page(district, "people", "secadmin", "zh_CN", account="li")
    checked(next(one for one in app.selectbox if one.key.startswith("grant.li.role")).set_value("keeper").run())
    app = press(app, "grant.li.go")
    assert [held.role for held in person(district.store, "li").roles] == ["clerk", "keeper"]
    grant = person(district.store, "li").roles[1].grant_id
    app = press(app, f"end.{grant}")
    act = next(one.key for one in app.button if re.fullmatch(r"confirm\..*\.go", one.key or ""))
    press(app, f"end.{grant}", str(act))
    assert [held.role for held in person(district.store, "li").roles] == ["clerk"]
    own = page(district, "people", "secadmin", account="secadmin")
    assert all(one.disabled for one in own.button if (one.key or "").startswith(("end.", "reset.", "close.")))


def test_a_setting_is_changed_by_those_who_may(district: District) -> None:
    """A figure is changed with its source; for others the button says who can."""
    app = page(district, "people", "sysadmin", "zh_CN", view="settings")
    app = checked(app.selectbox[0].set_value("session_hours").run())
    app = checked(app.number_input[0].set_value(10).run())
    press(app, "setting.go")
    with district.store.reading(SYSTEM) as work:
        assert work.session.scalars(select(Setting.value)).all() == ["10"]
    app = page(district, "people", "wang", "zh_CN", view="settings")
    checked(app.selectbox[0].set_value("session_hours").run())
    assert next(one for one in app.button if one.key.startswith("setting.go")).disabled


def test_the_books_are_proven_and_backed_up_from_the_page(district: District, home: Path) -> None:
    """Verify says what was proven; a planted damage is told; only the system administrator backs up."""
    app = press(page(district, "check", "auditor"), "verify")
    assert "The books are sound: 0 findings." in told(app)
    assert next(one for one in app.button if one.key.startswith("backup.go")).disabled
    newest = district.read(lambda work: newest_entries(work, limit=1))[0]
    story = page(district, "check", "auditor", entry=str(newest.id))
    assert str(newest.id) in told(story)
    assert "no such entry" in told(page(district, "check", "auditor", entry=str(uuid4())))
    if district.store.file is not None:
        app = press(page(district, "check", "sysadmin"), "backup.go")
        assert "Backup written." in told(app)
        assert len(list((home / "backups").glob("by-hand-*.db"))) == 1
        district.store.write(SYSTEM, lambda work: work.connection.exec_driver_sql(PLANTED))
        app = press(page(district, "check", "auditor"), "verify")
        assert "The books do not prove themselves" in told(app)
