"""Random histories: whatever is done in whatever order, the books prove themselves and agree with a plain model.

The model keeps a list of movements, what each hold still covers and when each shelf was counted; it knows no SQL. On
failure Hypothesis prints the shortest history and the blob that repeats it; `--hypothesis-seed` repeats a whole run.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from inventory.core.env import Env
from inventory.core.errors import Refusal
from inventory.core.work import Store, Work
from inventory.ledger.commands import GoodsLine, move_stock, receive_goods, reverse_entry, write_off
from inventory.ledger.lots import book_at
from inventory.ledger.posting import post
from inventory.ledger.rules import AlreadyReversed, Counted, Free, HoldExhausted, Line, NewHold, NotEnoughStock
from inventory.ledger.verify import violations
from inventory.models import Balance, Hold
from inventory.people.journal import begin, finish
from inventory.people.rules import At
from tests.support import small_district
from tests.support.small_district import START, District

BINS = ("A-01", "A-02", "A-03", "STAGING")
STOCK = (("T1", "A-01", 100), ("W1", "A-02", 240), ("R1", "A-03", 1), ("T2", "A-02", 60))
NEVER = START - dt.timedelta(days=99)
CONFIRMED = frozenset({"after_count"})
Flow = tuple[dt.datetime, UUID, UUID, UUID, int]
"""When, which lot, from where, to where, how many."""

quantities = st.integers(1, 60)
ages = st.integers(0, 900)
picks = st.integers(0, 10**6)
places = st.sampled_from(BINS)


class Histories(RuleBasedStateMachine):
    """Receive, move, hold, use, free, count, write off, reverse, send again: against the model after every step."""

    make: Callable[[], str]
    home: Path

    def __init__(self) -> None:
        super().__init__()
        env = Env.seeded(self.home, seed=5, start=START, step_seconds=1)
        self.store = Store(type(self).make(), env)
        self.district = District(self.store)
        self.bins = self.district.bins()
        self.lost = self.district.virtual["lost_found"]
        self.supplier = self.district.virtual["supplier"]
        received_at, lots = START - dt.timedelta(hours=2), self.district.lots()
        self.flows: list[Flow] = [
            (received_at, lots[batch], self.supplier, self.bins[place], quantity) for batch, place, quantity in STOCK
        ]
        self.lots = [flow[1] for flow in self.flows if flow[4] > 1]
        self.holds: dict[UUID, list[Any]] = {}
        self.fences: dict[tuple[UUID, UUID], dt.datetime] = {}
        self.entries: dict[UUID, list[Flow]] = {}
        self.reversed: set[UUID] = set()
        self.last: tuple[Any, ...] | None = None

    def teardown(self) -> None:
        """The proof of the books at the end of each history."""
        try:
            assert self.district.read(violations) == []
            for (lot, place), fence in self.fences.items():
                told = self.district.read(
                    lambda work, lot=lot, place=place, fence=fence: book_at(
                        work, lot_id=lot, place_id=place, instant=fence
                    )
                )
                assert told == self.stands(until=fence)[lot, place], "the book of a counted moment"
        finally:
            self.store.close()

    # --- the model

    def stands(self, until: dt.datetime | None = None) -> Counter[tuple[UUID, UUID]]:
        """Return what stands where, now or by what had happened until a moment."""
        found: Counter[tuple[UUID, UUID]] = Counter()
        for moment, lot, origin, target, quantity in self.flows:
            if until is None or moment <= until:
                found[lot, origin] -= quantity
                found[lot, target] += quantity
        return found

    def held(self) -> Counter[tuple[UUID, UUID]]:
        """Return what is set aside where."""
        found: Counter[tuple[UUID, UUID]] = Counter()
        for pair, remaining in self.holds.values():
            found[pair] += remaining
        return found

    def with_fences(self, flows: list[Flow]) -> list[Flow]:
        """Return the flows and, for each end that was counted at or after its time, one that undoes it there."""
        counters = []
        for moment, lot, origin, target, quantity in flows:
            if self.fences.get((lot, origin), NEVER) >= moment:
                counters.append((moment, lot, self.lost, origin, quantity))
            if self.fences.get((lot, target), NEVER) >= moment:
                counters.append((moment, lot, target, self.lost, quantity))
        return [*flows, *counters]

    def fits(self, flows: list[Flow], holding: Counter[tuple[UUID, UUID]] | None = None) -> bool:
        """Whether every real place can give what these flows net take, besides what is set aside."""
        change: Counter[tuple[UUID, UUID]] = Counter()
        for _, lot, origin, target, quantity in flows:
            change[lot, origin] -= quantity
            change[lot, target] += quantity
        holding = holding or Counter()
        stands, held = self.stands(), self.held()
        return all(
            (change[pair] - holding[pair] >= 0 or stands[pair] - held[pair] + change[pair] - holding[pair] >= 0)
            and (change[pair] >= 0 or stands[pair] + change[pair] >= 0)
            for pair in {*change, *holding}
            if pair[1] in self.bins.values()
        )

    def attempt(self, fits: bool, *refusals: type[Refusal], job: Callable[[], UUID]) -> UUID | None:
        """Do what the model says will go, or see it refused where the model says it will not."""
        try:
            done = job()
        except refusals:
            assert not fits, "refused what fits"
            return None
        assert fits, "took what does not fit"
        return done

    def past(self, age: int) -> dt.datetime:
        """Return a moment so many seconds ago."""
        instant: dt.datetime = self.store.env.now.instant  # type: ignore[attr-defined]
        return instant - dt.timedelta(seconds=age)

    def again(self, login: str, command: Callable[..., Any], **asked: Any) -> UUID:
        """Give a command and remember it for sending it again."""
        key = self.store.env.new_id()
        done = self.district.do(login, command, id=key, **asked)
        self.last = (login, command, key, asked, done.outcome)
        return key

    # --- what happens

    @rule(quantity=quantities, place=places, age=ages)
    def receive(self, quantity: int, place: str, age: int) -> None:
        """A new lot comes in."""
        moment = self.past(age)
        key = self.again(
            "manager",
            receive_goods,
            site_id=self.district.site,
            owner_id=self.district.organisation,
            source="purchase",
            lines=[GoodsLine(self.district.item("water"), self.bins[place], quantity)],
            occurred_at=moment,
        )
        assert self.last is not None
        lot = UUID(self.last[4]["lots"][0])
        self.lots.append(lot)
        self.entries[key] = [(moment, lot, self.supplier, self.bins[place], quantity)]
        self.flows += self.entries[key]

    @rule(pick=picks, origin=places, goal=places, quantity=quantities, age=ages)
    def move(self, pick: int, origin: str, goal: str, quantity: int, age: int) -> None:
        """Goods go from one place to another, perhaps recorded late."""
        if origin == goal:
            return
        lot, moment = self.lots[pick % len(self.lots)], self.past(age)
        flow = (moment, lot, self.bins[origin], self.bins[goal], quantity)
        flows = self.with_fences([flow])
        key = self.attempt(
            self.fits(flows),
            NotEnoughStock,
            job=lambda: self.again(
                "manager",
                move_stock,
                site_id=self.district.site,
                lot_id=lot,
                from_place_id=flow[2],
                to_place_id=flow[3],
                quantity=quantity,
                occurred_at=moment,
                confirmed=CONFIRMED,
            ),
        )
        if key:
            self.entries[key] = [flow]
            self.flows += flows

    @rule(pick=picks, place=places, quantity=quantities)
    def lose(self, pick: int, place: str, quantity: int) -> None:
        """Goods are written off."""
        lot = self.lots[pick % len(self.lots)]
        flow = (self.past(-1), lot, self.bins[place], self.lost, quantity)
        asked = {"site_id": self.district.site, "lot_id": lot, "from_place_id": flow[2], "quantity": quantity}
        if self.attempt(
            self.fits([flow]), NotEnoughStock, job=lambda: self.again("manager", write_off, why="gone", **asked)
        ):
            self.flows.append(flow)

    @rule(pick=picks, place=places, quantity=quantities)
    def hold(self, pick: int, place: str, quantity: int) -> None:
        """Stock is set aside."""
        pair = (self.lots[pick % len(self.lots)], self.bins[place])
        hold = NewHold(self.store.env.new_id(), *pair, quantity)
        fits = self.fits([], Counter({pair: quantity}))
        if self.attempt(fits, NotEnoughStock, job=lambda: self.district.post(holds=[hold])):
            self.holds[hold.id] = [pair, quantity]

    @precondition(lambda self: self.holds)
    @rule(pick=picks, quantity=quantities)
    def free(self, pick: int, quantity: int) -> None:
        """A hold is set free, in part or more than it has."""
        key = sorted(self.holds)[pick % len(self.holds)]
        fits = quantity <= self.holds[key][1]
        if self.attempt(fits, HoldExhausted, job=lambda: self.district.post(frees=[Free(key, quantity)])):
            self.holds[key][1] -= quantity

    @precondition(lambda self: self.holds)
    @rule(pick=picks, quantity=quantities, goal=st.sampled_from(("STAGING", "supplier")))
    def use(self, pick: int, quantity: int, goal: str) -> None:
        """Held stock leaves under its hold."""
        key = sorted(self.holds)[pick % len(self.holds)]
        (lot, place), remaining = self.holds[key]
        end = self.supplier if goal == "supplier" else self.bins[goal]
        if end == place:
            return
        line = Line(lot, place, end, quantity, "pick", hold_id=key)
        if self.attempt(quantity <= remaining, HoldExhausted, job=lambda: self.district.post(lines=[line])):
            self.holds[key][1] -= quantity
            self.flows.append((self.past(0), lot, place, end, quantity))

    @rule(pick=picks, place=places, off=st.integers(-20, 20), age=ages)
    def count(self, pick: int, place: str, off: int, age: int) -> None:
        """A shelf is counted at some moment and the count is posted now."""
        pair, moment = (self.lots[pick % len(self.lots)], self.bins[place]), self.past(age)
        book = self.stands(until=moment)[pair]
        if self.fences.get(pair, NEVER) >= moment or book + off < 0 or pair not in self.stands():
            return
        ends = (self.lost, pair[1]) if off > 0 else (pair[1], self.lost)
        flows = [(moment, pair[0], *ends, abs(off))] if off else []

        def job(work: Work) -> UUID:
            asked = {"pair": list(pair), "moment": moment}
            deed = begin(work, id=work.env.new_id(), kind="post_count", asked=asked, at=At(self.district.site))
            assert book_at(work, lot_id=pair[0], place_id=pair[1], instant=moment) == book
            lines = [Line(pair[0], *ends, abs(off), "count", occurred_at=moment)] if off else []
            post(work, deed=deed, lines=lines, counted=[Counted(*pair, moment)])
            return finish(work, deed, outcome={}).id

        actor = self.district.actor("manager")
        if self.attempt(self.fits(flows), NotEnoughStock, job=lambda: self.store.write(actor, job)):
            self.flows += flows
            self.fences[pair] = moment

    @precondition(lambda self: self.entries)
    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        """An entry is undone as of its own time; a second time is refused."""
        key = sorted(self.entries)[pick % len(self.entries)]
        back = self.with_fences([(when, lot, target, origin, n) for when, lot, origin, target, n in self.entries[key]])
        fits = key not in self.reversed and self.fits(back)
        refusals = (AlreadyReversed, NotEnoughStock)
        asked = {"site_id": self.district.site, "entry_id": key, "why": "mistake", "confirmed": CONFIRMED}
        if self.attempt(fits, *refusals, job=lambda: self.again("keeper", reverse_entry, **asked)):
            self.reversed.add(key)
            self.flows += back

    @precondition(lambda self: self.last)
    @rule()
    def send_again(self) -> None:
        """The last command comes a second time under its id."""
        assert self.last is not None
        login, command, key, asked, outcome = self.last
        done = self.district.do(login, command, id=key, **asked)
        assert (done.again, done.outcome) == (True, outcome)

    # --- what always holds

    @invariant()
    def agrees_with_the_model(self) -> None:
        """Balances and holds are what the model says, lots sum to zero, nothing real is below what is set aside."""
        stands, held = self.stands(), self.held()
        rows = self.district.read(
            lambda work: work.connection.execute(
                select(Balance.lot_id, Balance.place_id, Balance.quantity, Balance.held)
            ).all()
        )
        for row in rows:
            pair = (row.lot_id, row.place_id)
            assert (row.quantity, row.held) == (stands[pair], held[pair])
            assert row.place_id not in self.bins.values() or row.quantity >= row.held >= 0
        assert sum(row.quantity for row in rows) == 0
        assert {pair for pair, quantity in stands.items() if quantity} <= {(row.lot_id, row.place_id) for row in rows}
        kept = select(func.coalesce(func.sum(Hold.remaining), 0))
        assert self.district.read(lambda work: work.connection.execute(kept).scalar_one()) == sum(held.values())


def test_histories(make_database: Callable[..., str], database_kind: str, home: Path) -> None:
    """Histories of up to forty steps on SQLite, fewer and shorter ones on PostgreSQL."""

    class Machine(Histories):
        """The histories on this kind of database."""

    Machine.make = staticmethod(lambda: make_database("small-district", small_district.build))  # type: ignore[assignment]
    Machine.home = home
    many, steps = (30, 40) if database_kind == "sqlite" else (8, 25)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=many,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=True,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
