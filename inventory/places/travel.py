"""How long it takes from site to site where nobody has said: distance x detour / speed. An estimate, and named so.

It knows no roads. Where a road is reported cut, the modes that need it do not connect at all: "unreachable" is a
result, never a big number. A pair that somebody entered comes before every estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from inventory.core.tables import read_table, whole
from inventory.places.coordinates import Point, distance_metres

LOW_PERCENT, HIGH_PERCENT = 69, 163
"""Between these parts of the estimate 94-97 % of the road times fell on the road graphs of two mountain countries."""


@dataclass(frozen=True)
class ModeEstimate:
    """How a mode is estimated: km/h on its way, detour in percent of the straight line, minutes before it starts.

    `cut_speed_kmh` is its speed where the road is cut, None where it cannot pass. `estimated` False: only entered
    minutes count (a boat needs water, a helicopter landing sites).
    """

    mode: str
    speed_kmh: int
    detour_percent: int
    start_minutes: int
    cut_speed_kmh: int | None
    estimated: bool
    confidence: str
    source: str

    @property
    def needs_road(self) -> bool:
        """Whether a cut road stops it."""
        return self.cut_speed_kmh is None


@cache
def mode_estimates() -> dict[str, ModeEstimate]:
    """Return the defaults by mode, from `inventory/tables/travel_modes.csv`; all of them are estimates."""
    return {
        row["mode"]: ModeEstimate(
            mode=row["mode"],
            speed_kmh=int(row["speed_kmh"]),
            detour_percent=int(row["detour_percent"]),
            start_minutes=int(row["start_minutes"]),
            cut_speed_kmh=whole(row["cut_speed_kmh"]),
            estimated=row["estimated"] == "yes",
            confidence=row["confidence"],
            source=row["source"],
        )
        for row in read_table("travel_modes")
    }


def minutes_between(start: Point, end: Point, rule: ModeEstimate, *, cut: bool = False) -> int | None:
    """Return whole minutes, rounded up; None where the mode does not connect the two.

    Parameters
    ----------
    cut
        The road to or from one of the two is reported cut.
    """
    speed = rule.cut_speed_kmh if cut else rule.speed_kmh
    if speed is None or not rule.estimated:
        return None
    # metres x percent / 100 -> metres on the way; km/h = 1000/60 metres a minute; whole numbers, rounded up once.
    on_the_way = distance_metres(start, end) * rule.detour_percent * 60
    return -(-on_the_way // (100 * 1000 * speed)) + rule.start_minutes


def interval(minutes: int) -> tuple[int, int]:
    """Return the range in which the road time lies most probably."""
    return minutes * LOW_PERCENT // 100, -(-minutes * HIGH_PERCENT // 100)
