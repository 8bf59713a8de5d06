"""Everything that makes two runs differ, in one place: clock, ids, random numbers, the data folder.

The program runs on `Env.real()`. Tests and the demo district run on `Env.seeded()`, so that a whole history can be
replayed from its seed.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from inventory.core.clock import utc_now
from inventory.core.ids import layout, uuid7


@dataclass
class Env:
    """Clock (aware UTC), ids (UUIDv7), random numbers and the data folder."""

    home: Path
    now: Callable[[], dt.datetime] = utc_now
    new_id: Callable[[], UUID] = uuid7
    random: random.Random = field(default_factory=random.SystemRandom)

    @classmethod
    def real(cls, home: Path) -> Env:
        """Return the environment of the running program."""
        return cls(home=home)

    @classmethod
    def seeded(cls, home: Path, *, seed: int, start: dt.datetime, step_seconds: int = 0) -> Env:
        """Return a replayable environment: the clock stands at `start` and moves by `step_seconds` at each look."""
        source = random.Random(seed)
        ticks = SteppedClock(start, dt.timedelta(seconds=step_seconds))

        def new_id() -> UUID:
            return layout(int(ticks.instant.timestamp() * 1000), source.getrandbits(74))

        return cls(home=home, now=ticks, new_id=new_id, random=source)


@dataclass
class SteppedClock:
    """A clock that moves only when asked; tests and the demo set `instant` to travel."""

    instant: dt.datetime
    step: dt.timedelta = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        """Move by one step and return the instant."""
        self.instant += self.step
        return self.instant
