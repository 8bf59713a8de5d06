"""The scenario file (`inventory-scenario/1`): the planner's whole input, stateless.

The frozen rows below are the format: a field is a key, its kind says what may stand there, its default is what an
absent key means. `read_scenario` refuses a file with *all* its faults; `write_scenario` writes the canonical form,
and `scenario_sha256` is the hash of exactly those bytes. The canonical form: JSON in UTF-8, keys sorted, no spaces,
defaults written out, absent optional keys left out, coordinates as the shortest decimal that reads back to the same
double (Python's `repr`), `now` in its own offset, rows in the order of the file. Two files that mean the same
therefore have one hash, however they are indented.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inventory.planner.fields import BAD, Faults, Reference, Text, load, read_row, shown, write_row
from inventory.planner.rows import (
    CUTS,
    MINUTES,
    MINUTES_MAX,
    PRIORITIES,
    Demand,
    Estimate,
    Item,
    Kit,
    KitDemand,
    Place,
    Policy,
    Stock,
    Substitute,
    Team,
    TeamDemand,
    Vehicle,
)

__all__ = [
    "CUTS",
    "FORMAT",
    "MINUTES_MAX",
    "PRIORITIES",
    "SCENARIO_BYTES_MAX",
    "UNREACHABLE",
    "Demand",
    "Estimate",
    "Item",
    "Kit",
    "KitDemand",
    "Place",
    "Policy",
    "Scenario",
    "Stock",
    "Substitute",
    "Team",
    "TeamDemand",
    "Vehicle",
    "read_scenario",
    "scenario_sha256",
    "write_scenario",
]

FORMAT = "inventory-scenario/1"
SCENARIO_BYTES_MAX = 64 * 1024 * 1024
UNREACHABLE = -1
"""How a null of the travel matrix is kept in the integer array."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenario:
    """One snapshot to plan on. Compare scenarios by `scenario_sha256`.

    `vehicles` None means that every mode counts; an empty tuple means that there is no vehicle and nothing can go.
    `travel` maps a mode to its minutes, an int64 array (places x places, from rows to columns, `UNREACHABLE` = -1);
    None means estimated from the coordinates.
    """

    now: dt.datetime
    places: tuple[Place, ...]
    items: tuple[Item, ...] = ()
    stock: tuple[Stock, ...] = ()
    demands: tuple[Demand, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    teams: tuple[Team, ...] = ()
    team_demands: tuple[TeamDemand, ...] = ()
    kits: tuple[Kit, ...] = ()
    kit_demands: tuple[KitDemand, ...] = ()
    vehicles: tuple[Vehicle, ...] | None = None
    travel: Mapping[str, NDArray[np.int64]] | None = None
    estimates: tuple[Estimate, ...] = ()
    policy: Policy = field(default_factory=Policy)

    @classmethod
    def build(cls, **sections: Any) -> Scenario:
        """Return a scenario from plain values, checked exactly as a file is (without `format`).

        Parameters
        ----------
        sections
            The keys of the file: `now` (aware datetime or ISO text), lists of plain objects, `travel` as
            {mode: {"minutes": rows}} where rows may be an integer array with -1 for unreachable.

        Raises
        ------
        FileRefused
        """
        now = sections.get("now")
        text = now.isoformat() if isinstance(now, dt.datetime) else now
        return _scenario({"format": FORMAT, **sections, "now": text}, Faults("scenario"))


_SECTIONS: dict[str, type[Any]] = {
    "places": Place,
    "items": Item,
    "stock": Stock,
    "demands": Demand,
    "substitutes": Substitute,
    "teams": Team,
    "team_demands": TeamDemand,
    "kits": Kit,
    "kit_demands": KitDemand,
    "vehicles": Vehicle,
    "estimates": Estimate,
}
_KEYS = ("format", "now", *_SECTIONS, "travel", "policy")


def read_scenario(data: bytes, *, file: str = "scenario") -> Scenario:
    """Return the scenario of a file.

    Parameters
    ----------
    data
        The bytes of the file, at most 64 MiB.
    file
        The name told in the refusal.

    Raises
    ------
    FileRefused
        With every fault found (the first thousand kept, all counted), each with its JSON path as `column`.
    """
    faults = Faults(file)
    document = load(data, faults, size_max=SCENARIO_BYTES_MAX)
    faults.refuse()
    return _scenario(document, faults)


def write_scenario(scenario: Scenario) -> bytes:
    """Return the canonical bytes of a scenario; `read_scenario` gives the same scenario back."""
    document: dict[str, Any] = {
        name: [write_row(row) for row in getattr(scenario, name)]
        for name in _SECTIONS
        if getattr(scenario, name) is not None
    }
    document |= {"format": FORMAT, "now": scenario.now.isoformat(), "policy": write_row(scenario.policy)}
    if scenario.travel is not None:
        document["travel"] = {
            mode: {"minutes": [[None if cell < 0 else cell for cell in row] for row in minutes.tolist()]}
            for mode, minutes in scenario.travel.items()
        }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def scenario_sha256(scenario: Scenario) -> str:
    """Return the hex sha256 of `write_scenario(scenario)`."""
    return hashlib.sha256(write_scenario(scenario)).hexdigest()


def _scenario(document: Any, faults: Faults) -> Scenario:
    """Check a whole document and return the scenario, or refuse with all faults."""
    if not isinstance(document, Mapping):
        faults.add("scenario_not_an_object", "", value=shown(document))
        faults.refuse()
    for key in document:
        if key not in _KEYS:
            faults.add("scenario_unknown_key", shown(key), key=shown(key))
    if document.get("format") != FORMAT:
        faults.add("scenario_wrong_format", "format", value=shown(document.get("format")), wanted=FORMAT)
    now = _instant(document.get("now"), faults)
    rows = {name: _rows(name, document, faults) for name in _SECTIONS}
    policy = read_row(Policy, document.get("policy", {}), "policy", faults)
    places = document.get("places")
    travel = _travel(document.get("travel"), len(places) if isinstance(places, (list, tuple)) else 0, faults)
    _references(document, faults)
    faults.refuse()
    if "vehicles" not in document:
        rows["vehicles"] = None
    return Scenario(now=now, travel=travel, policy=policy or Policy(), **rows)


def _instant(value: Any, faults: Faults) -> Any:
    """Read `now`: an ISO instant that names its offset."""
    try:
        instant = dt.datetime.fromisoformat(value if isinstance(value, str) else "")
        instant.astimezone(dt.UTC)  # overflows at the ends of the calendar
    except (ValueError, OverflowError):
        return faults.add("scenario_not_an_instant", "now", value=shown(value))
    if instant.utcoffset() is None:
        return faults.add("scenario_not_an_instant", "now", value=shown(value))
    return instant


def _rows(name: str, document: Mapping[str, Any], faults: Faults) -> Any:
    """Read one section as a tuple of rows; ids (or item and by, or mode) may stand once only."""
    if name not in document:
        if name == "places":
            faults.add("scenario_missing_key", name, key=name)
        return ()
    if not isinstance(document[name], (list, tuple)):
        return faults.add("scenario_not_a_list", name, value=shown(document[name]))
    shape, rows = _SECTIONS[name], []
    seen: set[tuple[str, ...]] = set()
    key: tuple[str, ...]
    for at, value in enumerate(document[name]):
        row = read_row(shape, value, f"{name}[{at}]", faults)
        if row is None:
            continue
        if isinstance(row, Substitute):
            key, column = (row.item, row.by), f"{name}[{at}]"
            if row.item == row.by:
                faults.add("scenario_own_substitute", column, value=shown(row.item))
        elif isinstance(row, Estimate):
            key, column = (row.mode,), f"{name}[{at}].mode"
        else:
            key, column = (row.id,), f"{name}[{at}].id"
        if isinstance(row, Place) and (row.lat is None) != (row.lon is None):
            faults.add("scenario_half_a_point", f"{name}[{at}]", value=shown(row.id))
        if key in seen:
            faults.add("scenario_duplicate", column, value=shown(", ".join(key)))
        seen.add(key)
        rows.append(row)
    return tuple(rows)


def _references(document: Mapping[str, Any], faults: Faults) -> None:
    """Note every place or item that a row names and no row defines.

    Works on the raw document, so that a row with another fault still counts as defined.
    """
    known = {
        section: {row["id"] for row in _raw_rows(document, section) if isinstance(row.get("id"), str)}
        for section in ("places", "items")
    }
    for name, shape in _SECTIONS.items():
        wanted = [
            (part.name, kind.section)
            for part in shape.__dataclass_fields__.values()
            if isinstance(kind := part.metadata["kind"], Reference)
        ]
        if not wanted or not isinstance(document.get(name), (list, tuple)):
            continue
        for at, row in enumerate(document[name]):
            for key, section in wanted:
                value = row.get(key) if isinstance(row, Mapping) else None
                if isinstance(value, str) and value and value not in known[section]:
                    faults.add("scenario_unknown_reference", f"{name}[{at}].{key}", value=shown(value), section=section)


def _raw_rows(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a section that may be anything."""
    section = document.get(name)
    return [row for row in section if isinstance(row, Mapping)] if isinstance(section, (list, tuple)) else []


def _travel(value: Any, place_count: int, faults: Faults) -> Any:
    """Read the travel matrices as integer arrays, sorted by mode; -1 stands for null."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return faults.add("scenario_not_an_object", "travel", value=shown(value))
    read: dict[str, NDArray[np.int64]] = {}
    for mode in sorted(value, key=str):
        path = f"travel.{shown(mode)}"
        matrix = value[mode]
        if Text().read(mode, path, faults) is BAD:
            continue
        if not isinstance(matrix, Mapping) or set(matrix) != {"minutes"}:
            faults.add("scenario_not_a_matrix", path, places=place_count)
            continue
        minutes = matrix["minutes"]
        rows = minutes.tolist() if isinstance(minutes, np.ndarray) else minutes
        null = UNREACHABLE if isinstance(minutes, np.ndarray) else None
        cells = _cells(rows, place_count, f"{path}.minutes", null, faults)
        if cells is not None:
            cells.setflags(write=False)
            read[mode] = cells
    return read


def _cells(rows: Any, size: int, path: str, null: int | None, faults: Faults) -> NDArray[np.int64] | None:
    """Read one square matrix of whole minutes, or note its faults and return None."""
    if not isinstance(rows, (list, tuple)) or len(rows) != size:
        faults.add("scenario_not_a_matrix", path, places=size)
        return None
    cells = np.full((size, size), UNREACHABLE, np.int64)
    before = faults.count
    for at, row in enumerate(rows):
        if not isinstance(row, (list, tuple)) or len(row) != size:
            faults.add("scenario_not_a_matrix", f"{path}[{at}]", places=size)
            continue
        for column, cell in enumerate(row):
            if cell == null or cell is None:
                continue
            if type(cell) is int and 0 <= cell <= MINUTES_MAX:
                cells[at, column] = cell
            else:
                MINUTES.read(cell, f"{path}[{at}][{column}]", faults)
    return cells if faults.count == before else None
