"""From plain values (the canonical form kept with an issue, a sample's file) back to the data of a paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from inventory.core.canonical import instant
from inventory.core.errors import Name

Shape = TypeVar("Shape")


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)


def revived(shape: type[Shape], value: Any) -> Shape:
    """Return the value of a type from plain values: nested rows, tuples, names, days and instants.

    Raises
    ------
    TypeError, KeyError, ValueError
        The values do not have this shape.
    """
    found: Shape = _revived(shape, value)
    return found


def _revived(shape: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(shape) in (Union, types.UnionType):
        shape = next(part for part in get_args(shape) if part is not type(None))
    if get_origin(shape) is tuple:
        return tuple(_revived(get_args(shape)[0], one) for one in value)
    if shape is Name and isinstance(value, str):
        return Name(value)
    if isinstance(shape, type) and dataclasses.is_dataclass(shape):
        return shape(**{key: _revived(_hints(shape)[key], one) for key, one in value.items()})
    if shape is dt.datetime:
        return value if isinstance(value, dt.datetime) else instant(value)
    if shape is dt.date:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    return value
