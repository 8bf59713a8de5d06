"""The shape of a plan file: which keys stand where and of which type. Says nothing about whether a plan is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inventory.planner.fields import shown
from inventory.planner.violations import Violation

FORMAT = "inventory-plan/1"
ALTERNATIVES = ("fastest", "fewest", "reserves", "edited")
PLAN_BYTES_MAX = 64 * 1024 * 1024
NUMBER_MAX = 10**30
PRIORITIES = 3

_Found = list[Violation]
_Reader = Callable[[Any, str, _Found], None]


def _text(value: Any, path: str, found: _Found) -> None:
    """A text."""
    if not isinstance(value, str):
        found.append(Violation("plan_malformed", path, {"value": shown(value)}))


def _number(low: int) -> _Reader:
    """A whole number from `low`."""

    def read(value: Any, path: str, found: _Found) -> None:
        if type(value) is not int or not low <= value <= NUMBER_MAX:
            found.append(Violation("plan_malformed", path, {"value": shown(value)}))

    return read


def _one_of(*allowed: Any) -> _Reader:
    """One of a few values."""

    def read(value: Any, path: str, found: _Found) -> None:
        if not any(type(value) is type(one) and value == one for one in allowed):
            found.append(Violation("plan_malformed", path, {"value": shown(value)}))

    return read


def _several(each: _Reader, length: int | None = None, least: int = 0) -> _Reader:
    """A list of values of one kind."""

    def read(value: Any, path: str, found: _Found) -> None:
        if not isinstance(value, list) or len(value) < least or (length is not None and len(value) != length):
            found.append(Violation("plan_malformed", path, {"value": shown(value)}))
            return
        for at, one in enumerate(value):
            each(one, f"{path}[{at}]", found)

    return read


def _object(needed: Mapping[str, _Reader], allowed: Mapping[str, _Reader] | None = None) -> _Reader:
    """An object with needed and allowed keys; any other key is a fault."""
    known = {**needed, **(allowed or {})}

    def read(value: Any, path: str, found: _Found) -> None:
        if not isinstance(value, Mapping):
            found.append(Violation("plan_malformed", path, {"value": shown(value)}))
            return
        prefix = f"{path}." if path else ""
        for key in value:
            if key not in known:
                found.append(Violation("plan_unknown_key", f"{prefix}{shown(key)}", {"key": shown(key)}))
        for key in needed:
            if key not in value:
                found.append(Violation("plan_missing_key", f"{prefix}{key}", {"key": key}))
        for key, reader in known.items():
            if key in value:
                reader(value[key], f"{prefix}{key}", found)

    return read


def _or_null(each: _Reader) -> _Reader:
    """A value or null."""
    return lambda value, path, found: None if value is None else each(value, path, found)


def _anything(value: Any, path: str, found: _Found) -> None:
    """Explanations and notes are not trusted and not judged."""


def _time(value: Any, path: str, found: _Found) -> None:
    """A number of seconds."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e12:
        found.append(Violation("plan_malformed", path, {"value": shown(value)}))


_COUNTS = _several(_number(0), PRIORITIES)
_LINE = _object({"demand": _text, "stock": _text, "item": _text, "quantity": _number(1)})
_CONSIGNMENT = _object(
    {
        "from": _text,
        "to": _text,
        "mode": _text,
        "depart_min": _number(0),
        "arrive_min": _number(0),
        "lines": _several(_LINE, least=1),
    }
)
_CERTIFICATE = _object(
    {
        "lines": _several(_text, least=1),
        "stockpiles": _several(_text),
        "demand": _number(1),
        "supply": _number(0),
        "short": _number(1),
    }
)
_PLAN = _object(
    {
        "format": _one_of(FORMAT),
        "scenario_sha256": _text,
        "alternative": _one_of(*ALTERNATIVES),
        "consignments": _several(_CONSIGNMENT),
        "teams": _several(_object({"team": _text, "demand": _text, "arrive_min": _number(0)})),
        "kits": _several(_object({"kit": _text, "demand": _text, "arrive_min": _number(0)}, {"team": _text})),
        "routes": _several(_anything),
        "unmet": _several(
            _object(
                {"demand": _text, "quantity": _number(1), "reason": _text, "certificate": _or_null(_CERTIFICATE)},
                {"kind": _one_of("item", "team", "kit"), "prices": _anything},
            )
        ),
        "objective": _object(
            {
                "unmet_by_priority": _COUNTS,
                "zero_lines_by_priority": _COUNTS,
                "unit_minutes": _number(0),
                "consignments": _number(0),
            },
            {"teams_missing_by_priority": _COUNTS, "kits_missing_by_priority": _COUNTS},
        ),
        "bound": _object(
            {},
            {
                "unmet_by_priority": _COUNTS,
                "unit_minutes": _number(0),
                "consignments": _number(0),
                "by_solver": _several(_text),
                "unproved": _several(_text),
                "crews_proved": _one_of(True, False),
            },
        ),
        "certified": _one_of(True, False),
        "seconds": _time,
        "solver": _anything,
    },
    {"why": _anything, "notes": _anything, "locks": _anything},
)


def faults_of_shape(plan: Any) -> list[Violation]:
    """Return everything in which a value differs from the shape of a plan file; at most the first thousand."""
    found: list[Violation] = []
    _PLAN(plan, "", found)
    return found[:1_000]
