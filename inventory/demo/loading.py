"""Loading the demo district into an empty database, stage by stage, on a clock that is set back and walks to now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from inventory.core.env import Env, SteppedClock
from inventory.core.errors import BrokenInvariant
from inventory.core.work import SYSTEM, Store, Work
from inventory.demo import equipment, ground, stock
from inventory.demo.ground import Ground
from inventory.demo.history import Event, History, stories
from inventory.demo.words import demo_words
from inventory.models import Node
from inventory.people.journal import Deed, Done, begin, finish
from inventory.people.rules import DISTRICT
from inventory.upkeep.founding import found_district
from inventory.upkeep.rules import AlreadyFounded

SEED = 20261123
FOUNDED_DAYS_AGO = 400
EQUIPMENT_HOURS_AGO = 7000
"""Devices, teams and vehicles come between the two waves of goods."""
SET_ASIDE_HOURS_AGO = 300
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class DemoReport:
    """What was loaded: how many of what, and the head of the chain after it (32 bytes, as hex)."""

    counts: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    head: str = ""


def load_demo(store: Store, *, seed: int = SEED, now: dt.datetime | None = None) -> DemoReport:
    """Load the demo district into an empty database.

    Parameters
    ----------
    seed
        The same seed and `now` give the same database, entry by entry, on SQLite and PostgreSQL.
    now
        The moment to which the history leads, by default this one: what expires soon is then really about to.

    Raises
    ------
    AlreadyFounded
    """
    moment = (now or store.env.now()).replace(microsecond=0)
    start = moment - dt.timedelta(days=FOUNDED_DAYS_AGO)
    env = Env.seeded(store.env.home, seed=seed, start=start, step_seconds=1)
    with closing(Store(store.url, env, lock_seconds=store.lock_seconds)) as past:
        loading = _Loading(past, env, moment, seed)
        loading.run()
        return loading.report()


class _Loading:
    """The stages in their order; what one makes, the next stands on."""

    def __init__(self, store: Store, env: Env, moment: dt.datetime, seed: int) -> None:
        if not isinstance(env.now, SteppedClock):
            raise BrokenInvariant("the demo district needs a clock that can be set")
        self.store, self.env, self.moment, self.seed = store, env, moment, seed
        self.clock: SteppedClock = env.now
        self.today = stock.home_day(moment)
        self.counts: dict[str, int] = {}

    def run(self) -> None:
        """Found, lay the ground, take in stock and equipment."""
        self.ground = Ground(district_id=self.found())
        self.stage("catalogue", lambda work, deed: self.counts.update(ground.lay_catalogue(work, deed, self.ground)))
        self.stage("divisions", lambda work, deed: ground.lay_divisions(work, deed, self.ground))
        self.stage("organisations", lambda work, deed: ground.lay_organisations(work, deed, self.ground))
        self.stage("sites", lambda work, deed: ground.lay_sites(work, deed, self.ground))
        self.count("accounts", self.stage("accounts", lambda work, deed: ground.open_accounts(work, deed, self.ground)))
        self.count("targets", self.stage("targets", lambda work, deed: stock.set_targets(work, deed, self.ground)))
        history = History(self.store, self.ground, self.go_to, self.moment)
        events = [
            *self.arrivals(),
            Event(EQUIPMENT_HOURS_AGO, self.equip),
            Event(SET_ASIDE_HOURS_AGO, self.set_aside),
            *history.events(),
        ]
        for event in sorted(events, key=lambda event: -event.hours_ago):
            self.go_to(event.hours_ago)
            event.happen()
        self.counts |= {"incidents": len(stories()["incident"]), "counts": 1}
        self.count("divisions", len(self.ground.divisions))
        self.count("organisations", len(self.ground.organisations))
        self.count("sites", len(self.ground.sites))
        self.count("stockpiles", sum(bool(bins) for code, bins in self.ground.bins.items() if code[0] != "V"))
        self.mark_whole()

    def found(self) -> UUID:
        """Make the node with its organisation and division; return the division."""
        words = demo_words()["district"]
        done = self.store.write(
            SYSTEM,
            lambda work: found_district(
                work,
                id=work.env.new_id(),
                node_code=words["node_code"],
                name_zh=words["node_zh"],
                name_en=words["node_en"],
                division_code=words["division_code"],
                division_name_zh=words["division_zh"],
                division_name_en=words["division_en"],
                demo=True,
            ),
        )
        if done.again:
            # The ids are the same for the same seed and moment: what looks like a resend is a second load.
            raise AlreadyFounded(name=words["node_zh"])
        self.root_id = UUID(done.outcome["organisation"])
        return UUID(done.outcome["division"])

    def stage(self, name: str, job: Callable[[Work, Deed], Answer]) -> Answer:
        """Run a stage as one entry of the program itself."""

        def run(work: Work) -> tuple[Done, Answer]:
            asked: dict[str, Any] = {"stage": name, "seed": self.seed}
            deed = begin(work, id=work.env.new_id(), kind="load_demo", asked=asked, at=DISTRICT)
            self.ground.organisations.setdefault(demo_words()["district"]["node_code"], self.root_id)
            answer = job(work, deed)
            return finish(work, deed, outcome={"stage": name}), answer

        return self.store.write(SYSTEM, run)[1]

    def mark_whole(self) -> None:
        """Say in the journal, as the last entry, that nothing is missing: `check_start` refuses half a district."""

        def run(work: Work) -> Done:
            asked = {"stage": "whole", "seed": self.seed}
            deed = begin(work, id=work.env.new_id(), kind="load_demo", asked=asked, at=DISTRICT)
            node_id = work.connection.execute(select(Node.id).where(Node.here)).scalar_one()
            return finish(work, deed, outcome={"stage": "whole"}, subject_id=node_id)

        self.store.write(SYSTEM, run)

    def arrivals(self) -> list[Event]:
        """Return the receipts of goods, each on its day."""
        keeper = self.ground.actor("keeper")

        def receive(arrival: stock.Arrival) -> None:
            self.count("lots", self.store.write(keeper, partial(stock.receive, ground=self.ground, arrival=arrival)))

        found = stock.arrivals(self.env, self.ground, today=self.today)
        return [Event(arrival.days_ago * 24, partial(receive, arrival)) for arrival in found]

    def equip(self) -> None:
        """Take in the devices, teams and vehicles."""
        for name, bring in (
            ("devices", partial(equipment.bring_devices, today=self.today)),
            ("teams", equipment.raise_teams),
            ("vehicles", equipment.bring_vehicles),
        ):
            self.count(name, self.stage(name, partial(bring, ground=self.ground)))

    def set_aside(self) -> None:
        """Block a few lots and put a few things into quarantine."""
        keeper = self.ground.actor("keeper")
        for blocked in demo_words()["blocked"]:
            self.store.write(keeper, partial(stock.block, ground=self.ground, **blocked))
        for quarantined in demo_words()["quarantined"]:
            self.store.write(keeper, partial(stock.set_aside, ground=self.ground, **quarantined))

    def go_to(self, hours_ago: float) -> None:
        """Set the clock to so long before the moment of loading; it never steps back."""
        self.clock.instant = max(self.clock.instant, self.moment - dt.timedelta(hours=hours_ago))

    def count(self, name: str, number: int) -> None:
        """Add to a count of the report."""
        self.counts[name] = self.counts.get(name, 0) + number

    def report(self) -> DemoReport:
        """Return what was loaded."""
        node = self.store.read(
            SYSTEM, lambda work: work.connection.execute(select(Node.last_sequence, Node.head).where(Node.here)).one()
        )
        return DemoReport(counts=dict(sorted(self.counts.items())), entries=node.last_sequence, head=node.head.hex())
