"""A district small enough to think about: one store with three bins, another store, three items, eight people.

`build` fills a migrated database once per run (a template); `District` then gives commands by the login of who acts.
Stock at the start, all received two hours before START: 100 tents (lot tents) in A-01, 240 bottles of water in A-02,
one radio (serial) in A-03, 60 tents of another lot in A-02.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert, select

from inventory.core.env import Env
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.ledger.commands import GoodsLine, open_bin, receive_goods
from inventory.ledger.posting import post
from inventory.ledger.rules import Free, Line, NewHold
from inventory.models import (
    Account,
    Balance,
    DispatchOrder,
    Division,
    Item,
    ItemPack,
    Journal,
    Lot,
    Node,
    OrderLine,
    Organisation,
    Place,
    Site,
)
from inventory.people.commands import grant_role, open_account
from inventory.people.journal import begin, finish
from inventory.people.rules import At
from inventory.upkeep import found_district

START = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
PEOPLE = {
    "wang": "clerk",
    "li": "clerk",
    "zhao": "clerk",
    "keeper": "keeper",
    "manager": "manager",
    "commander": "commander",
    "auditor": "auditor",
    "duty": "duty",
}
ITEMS = {"tent": ("lot", "ding"), "water": ("expiry", "ping"), "radio": ("serial", "bu")}
BINS = ("A-01", "A-02", "A-03")
T = TypeVar("T")


def build(url: str) -> None:
    """Fill a migrated database with the district and its stock."""
    env = Env.seeded(Path("."), seed=11, start=START - dt.timedelta(hours=3), step_seconds=1)
    store = Store(url, env)
    try:
        founded = store.write(
            SYSTEM,
            lambda work: found_district(
                work, id=env.new_id(), node_code="WS", name_zh="万盛", name_en="Wansheng", division_code="500110"
            ),
        )
        organisation = UUID(founded.outcome["organisation"])
        for login, role in PEOPLE.items():
            _person(store, login, role, organisation)
        store.write(SYSTEM, lambda work: _sites_and_items(work, founded.outcome))
        district = District(store)
        for code in BINS:
            district.do("manager", open_bin, site_id=district.site, code=code)
        district.do("manager", open_bin, site_id=district.site, code="STAGING", kind="staging")
        district.do("manager", open_bin, site_id=district.other_site, code="B-01")
        env.now.instant = START - dt.timedelta(hours=2)  # type: ignore[attr-defined]
        bins = district.bins()
        district.do(
            "manager",
            receive_goods,
            site_id=district.site,
            owner_id=organisation,
            source="purchase",
            lines=[
                GoodsLine(district.item("tent"), bins["A-01"], 100, unit_price_fen=50_000, batch="T1"),
                GoodsLine(district.item("water"), bins["A-02"], 240, expires_on=dt.date(2027, 1, 1), batch="W1"),
                GoodsLine(district.item("radio"), bins["A-03"], 1, batch="R1"),
                GoodsLine(district.item("tent"), bins["A-02"], 60, batch="T2"),
            ],
        )
    finally:
        store.close()


def _person(store: Store, login: str, role: str, organisation: UUID) -> None:
    env = store.env
    opened = store.write(
        SYSTEM,
        lambda work: open_account(
            work,
            id=env.new_id(),
            login=login,
            name_zh=login,
            organisation_id=organisation,
            password_hash="not a hash",
            must_change_password=False,
        ),
    )
    account = UUID(opened.outcome["account"])
    store.write(SYSTEM, lambda work: grant_role(work, id=env.new_id(), account_id=account, role=role))


def _sites_and_items(work: Work, founded: dict[str, Any]) -> None:
    deed = begin(work, id=work.env.new_id(), kind="save_site", asked={"sites": "small district"}, at=At())
    entry = {"changed_by_id": deed.id}
    for code in ("WS-01", "WS-02"):
        work.session.add(
            Site(
                id=work.env.new_id(),
                code=code,
                name_zh=f"{code} 库",
                name_en=f"Store {code}",
                kind="store",
                division_id=UUID(founded["division"]),
                organisation_id=UUID(founded["organisation"]),
                node_id=UUID(founded["node"]),
                **entry,
            )
        )
    for code, (tracking, unit) in ITEMS.items():
        item = Item(
            id=work.env.new_id(),
            code=code,
            name_zh={"tent": "帐篷", "water": "饮用水", "radio": "对讲机"}[code],
            name_en=code.title(),
            unit=unit,
            tracking=tracking,
            major_class=1,
            domain="A",
            return_class="return",
            **entry,
        )
        work.session.add(item)
        work.session.flush()
        if code == "water":
            work.session.add(
                ItemPack(id=work.env.new_id(), item_id=item.id, factor=24, name_zh="箱", name_en="case", **entry)
            )
    finish(work, deed, outcome={})


class District:
    """The small district behind an open store, with its ids by name and its people by login."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.reading(SYSTEM) as work:
            rows = work.connection.execute
            self.sites = {row.code: row.id for row in rows(select(Site.code, Site.id))}
            self.items = {row.code: row.id for row in rows(select(Item.code, Item.id))}
            self.people = {row.login: row.id for row in rows(select(Account.login, Account.id))}
            self.organisation = rows(select(Organisation.id)).scalar_one()
            self.division = rows(select(Division.id)).scalar_one()
            self.virtual = {
                row.kind: row.id for row in rows(select(Place.kind, Place.id).where(Place.site_id.is_(None)))
            }
        self.site, self.other_site = self.sites["WS-01"], self.sites["WS-02"]

    def item(self, code: str) -> UUID:
        """Return the id of an item."""
        return self.items[code]

    def bins(self) -> dict[str, UUID]:
        """Return the real places by code."""
        query = select(Place.code, Place.id).where(Place.site_id.is_not(None))
        return self.read(lambda work: {row.code: row.id for row in work.connection.execute(query)})

    def lots(self) -> dict[str, UUID]:
        """Return the lots by batch."""
        query = select(Lot.batch, Lot.id)
        return self.read(lambda work: {row.batch: row.id for row in work.connection.execute(query)})

    def actor(self, login: str) -> Actor:
        """Return a person as an actor; "system" is the program."""
        return SYSTEM if login == "system" else Actor(self.people[login], login)

    def do(self, login: str, command: Callable[..., T], *, id: UUID | None = None, **asked: Any) -> T:
        """Give a command in a transaction of its own."""
        key = id or self.store.env.new_id()
        return self.store.write(self.actor(login), lambda work: command(work, id=key, **asked))

    def see(self, login: str, query: Callable[..., T], **asked: Any) -> T:
        """Ask a query as a person."""
        return self.store.read(self.actor(login), lambda work: query(work, **asked))

    def read(self, job: Callable[[Work], T]) -> T:
        """Read as the program."""
        return self.store.read(SYSTEM, job)

    def travel(self, moment: dt.datetime) -> None:
        """Set the clock."""
        self.store.env.now.instant = moment  # type: ignore[attr-defined]

    def balance(self, lot: UUID, place: UUID) -> tuple[int, int]:
        """Return what stands there and what of it is held, (0, 0) where there is no balance."""
        query = select(Balance.quantity, Balance.held).where(Balance.lot_id == lot, Balance.place_id == place)
        row = self.read(lambda work: work.connection.execute(query).one_or_none())
        return (row.quantity, row.held) if row else (0, 0)

    def post(
        self,
        *,
        lines: Iterable[Line] = (),
        holds: Iterable[NewHold] = (),
        frees: Iterable[Free] = (),
        id: UUID | None = None,
        occurred_at: dt.datetime | None = None,
        confirmed: frozenset[str] = frozenset(),
        login: str = "manager",
        kind: str = "move_stock",
    ) -> UUID:
        """Post an entry of these lines, holds and frees straight through the ledger; return its id."""
        key = id or self.store.env.new_id()
        given = (list(lines), list(holds), list(frees))

        def job(work: Work) -> UUID:
            deed = begin(
                work,
                id=key,
                kind=kind,
                asked={"lines": [str(one) for one in given]},
                at=At(self.site),
                occurred_at=occurred_at,
                confirmed=confirmed,
            )
            if not deed.done:
                post(work, deed=deed, lines=given[0], holds=given[1], frees=given[2])
                finish(work, deed, outcome={})
            return key

        return self.store.write(self.actor(login), job)

    def order(self, number: str, *, item: UUID, quantity: int) -> UUID:
        """Issue an order of one line out of thin air; return the id of the line."""
        order_id, line_id = self.store.env.new_id(), self.store.env.new_id()

        def job(work: Work) -> UUID:
            deed = begin(work, id=work.env.new_id(), kind="approve_plan", asked={"number": number}, at=At())
            work.connection.execute(
                insert(DispatchOrder).values(
                    id=order_id,
                    number=number,
                    decider_id=self.organisation,
                    from_site_id=self.site,
                    to_site_id=self.other_site,
                    receiver_id=self.organisation,
                    state="issued",
                    issued_at=work.now,
                    changed_by_id=deed.id,
                )
            )
            work.connection.execute(
                insert(OrderLine).values(id=line_id, order_id=order_id, position=1, item_id=item, quantity=quantity)
            )
            finish(work, deed, outcome={})
            return line_id

        return self.store.write(self.actor("commander"), job)

    def facts(self, entry_id: UUID) -> dict[str, Any]:
        """Return the facts of an entry."""
        query = select(Journal.facts).where(Journal.id == entry_id)
        facts: dict[str, Any] = json.loads(self.read(lambda work: work.connection.execute(query).scalar_one()))
        return facts

    def entries(self) -> int:
        """Return how many entries the node has written."""
        return self.read(lambda work: work.connection.execute(select(Node.last_sequence)).scalar_one())
