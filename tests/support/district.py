"""A district small enough to hold in the head, for stories: two towns, two stores, one shelter, four items, ten people.

`found(store)` fills an empty database and returns a `District` with everybody and everything by name. Stock is taken in
by the clerk through the public command, so that the ledger begins as it would in life.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.errors import Refusal
from inventory.core.work import SYSTEM, Actor, Store, Work
from inventory.ledger.commands import GoodsLine, receive_goods
from inventory.models import Account, Division, Item, Norm, Organisation, Place, RoleGrant, Site, Target
from inventory.people.journal import Done, begin, finish
from inventory.people.queries import here
from inventory.people.rules import DISTRICT
from inventory.upkeep.founding import found_district

Result = TypeVar("Result")

PEOPLE: dict[str, tuple[str, str]] = {
    "clerk": ("clerk", ""),
    "clerk2": ("clerk", ""),
    "keeper": ("keeper", ""),
    "manager": ("manager", ""),
    "duty": ("duty", ""),
    "commander": ("commander", ""),
    "auditor": ("auditor", ""),
    "system": ("system_admin", ""),
    "security": ("security_admin", ""),
    "receiver": ("requester", "east"),
    "clerk_east": ("clerk", "east"),
    "clerk_store": ("clerk", "store:CENTRAL"),
}
"""Login -> role and scope: "" the district, a town's code, or "store:" and a site's code."""


@dataclass
class District:
    """Names to ids, and how to do something as somebody."""

    store: Store
    people: dict[str, Actor] = field(default_factory=dict)
    sites: dict[str, UUID] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    bins: dict[str, UUID] = field(default_factory=dict)
    divisions: dict[str, UUID] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)

    def do(self, who: str, command: Callable[..., Result], **facts: Any) -> Result:
        """Run a command as somebody, with a fresh id unless one is given."""
        facts.setdefault("id", self.store.env.new_id())
        return self.store.write(self.people[who], lambda work: command(work, **facts))

    def ask(self, query: Callable[..., Result], *, who: str = "auditor", **facts: Any) -> Result:
        """Run a query as somebody."""
        return self.store.read(self.people[who], lambda work: query(work, **facts))

    def refused(self, who: str, command: Callable[..., Any], **facts: Any) -> Refusal:
        """Run a command that must be refused; return the refusal."""
        try:
            self.do(who, command, **facts)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"{command.__name__} should have been refused")

    def stock(self, item: str, site: str, quantity: int, *, expires_on: dt.date | None = None) -> UUID:
        """Take goods into the first bin of a site; return the new lot."""
        done = self.do(
            "clerk",
            receive_goods,
            site_id=self.sites[site],
            owner_id=self.organisations["bureau"],
            source="purchase",
            lines=[GoodsLine(self.items[item], self.bins[site], quantity, expires_on=expires_on)],
        )
        return UUID(done.outcome["lots"][0])


def found(store: Store, *, code: str = "TS", demo: bool = True) -> District:
    """Found the district in an empty, migrated database, on a node of that code, a demo one or a real one."""
    district = District(store)
    store.write(
        SYSTEM, lambda work: found_district(work, id=work.env.new_id(), node_code=code, name_zh="Test", demo=demo)
    )
    store.write(SYSTEM, lambda work: _fill(work, district))
    return district


def known(store: Store) -> District:
    """Return the district of a database that `found` filled before (a copy of a template)."""
    district = District(store)

    def look(work: Work) -> None:
        for row in work.connection.execute(select(Account.id, Account.login)):
            district.people[row.login] = Actor(row.id, row.login, "cli")
        for table, names in ((Site, district.sites), (Item, district.items), (Division, district.divisions)):
            names.update({row.code: row.id for row in work.connection.execute(select(table.id, table.code))})
        for row in work.connection.execute(select(Organisation.id, Organisation.code)):
            district.organisations[{"TS": "bureau"}.get(row.code, row.code)] = row.id
        sites = {key: code for code, key in district.sites.items()}
        for row in work.connection.execute(select(Place.id, Place.site_id).where(Place.kind == "bin")):
            district.bins.setdefault(sites[row.site_id], row.id)

    store.read(SYSTEM, look)
    return district


def _fill(work: Work, district: District) -> Done:
    deed = begin(work, id=work.env.new_id(), kind="load_demo", asked={}, at=DISTRICT)
    entry = {"changed_by_id": deed.id}
    new = work.env.new_id
    bureau = work.session.scalar(select(Organisation.id))
    assert bureau is not None
    district.organisations["bureau"] = bureau
    for code, parent, level in (("root", None, "district"), ("east", "root", "town"), ("west", "root", "town")):
        key = district.divisions[code] = new()
        above = district.divisions[parent] if parent else None
        work.session.add(Division(id=key, code=code, name_zh=code, level=level, parent_id=above, **entry))
        work.session.flush()
    for code in ("east", "west"):
        key = district.organisations[code] = new()
        work.session.add(
            Organisation(
                id=key,
                code=code,
                name_zh=code,
                kind="government",
                level="town",
                parent_id=bureau,
                division_id=district.divisions[code],
                **entry,
            )
        )
    work.session.flush()
    _sites(work, district, entry)
    _items(work, district, entry)
    _people(work, district, entry)
    return finish(work, deed, outcome={})


def _sites(work: Work, district: District, entry: dict[str, UUID]) -> None:

    for code, kind, division, organisation, lat, lon in (
        ("CENTRAL", "store", "root", "bureau", 289629000, 1069284400),
        ("WEST", "store", "west", "west", 289438600, 1068819400),
        ("SHELTER", "shelter", "east", "east", 289800000, 1069900000),
        ("VILLAGE", "village", "east", "east", 290100000, 1070100000),
    ):
        key = district.sites[code] = work.env.new_id()
        work.session.add(
            Site(
                id=key,
                code=code,
                name_zh=code,
                name_en=code.title(),
                kind=kind,
                division_id=district.divisions[division],
                organisation_id=district.organisations[organisation],
                node_id=here(work).id,
                latitude=lat,
                longitude=lon,
                ready_minutes=10 if kind == "store" else 0,
                **entry,
            )
        )
        work.session.flush()
        if kind == "store":
            for at, code_of_bin in enumerate(("A-01", "A-02")):
                bin_id = work.env.new_id()
                work.session.add(
                    Place(
                        id=bin_id,
                        kind="bin",
                        code=code_of_bin,
                        site_id=key,
                        floor=0,
                        open=True,
                        made_by_id=entry["changed_by_id"],
                    )
                )
                if at == 0:
                    district.bins[code] = bin_id
    work.session.flush()


def _items(work: Work, district: District, entry: dict[str, UUID]) -> None:
    for code, tracking, milli, period in (
        ("TENT", "lot", 250, "once"),
        ("QUILT", "lot", 1000, "once"),
        ("WATER", "expiry", 3000, "day"),
        ("COT", "lot", 1000, "once"),
    ):
        key = district.items[code] = work.env.new_id()
        work.session.add(
            Item(
                id=key,
                code=code,
                name_zh=code,
                name_en=code.title(),
                unit="piece",
                tracking=tracking,
                major_class=1,
                domain="R",
                return_class="recoverable",
                weight_g=1000,
                **entry,
            )
        )
        work.session.flush()
        work.session.add(
            Norm(
                id=work.env.new_id(),
                code=f"N-{code}",
                item_id=key,
                quantity_milli=milli,
                per_persons=1,
                period=period,
                basis_zh="test",
                basis_en="test",
                source="test",
                confidence="estimate",
                **entry,
            )
        )
    work.session.add(
        Target(
            id=work.env.new_id(),
            item_id=district.items["TENT"],
            site_id=district.sites["WEST"],
            kind="reserve",
            quantity=5,
            source="test",
            confidence="own",
            **entry,
        )
    )


def _people(work: Work, district: District, entry: dict[str, UUID]) -> None:
    for login, (role, scope) in PEOPLE.items():
        key = work.env.new_id()
        district.people[login] = Actor(key, login, "cli")
        organisation = district.organisations["east" if scope == "east" else "bureau"]
        work.session.add(Account(id=key, login=login, name_zh=login, organisation_id=organisation, **entry))
        work.session.flush()
        site = district.sites[scope.removeprefix("store:")] if scope.startswith("store:") else None
        division = district.divisions[scope] if scope and site is None else None
        work.session.add(
            RoleGrant(
                id=work.env.new_id(),
                account_id=key,
                role=role,
                site_id=site,
                division_id=division,
                from_at=work.now,
                **entry,
            )
        )
