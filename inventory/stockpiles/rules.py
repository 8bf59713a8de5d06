"""What a legal target is, and what follows from stock against target. Pure: no database, no screen, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from inventory.core.errors import Refusal
from inventory.core.quantities import QUANTITY_MAX

TARGET_KINDS: tuple[str, ...] = ("reserve", "minimum", "standard")
SEASONS: tuple[str, ...] = ("all", "flood", "fire", "cold")


@dataclass(eq=False)
class BadTarget(Refusal):
    """A target names a site or an organisation, a kind and season that are known, and 0 to 999,999,999 base units."""

    code: ClassVar[str] = "bad_target"
    field: str
    text: str


def check_target(*, kind: str, season: str, quantity: int, scopes: int, source: str, confidence: str) -> None:
    """Refuse what is no target; `scopes` is how many of site and organisation are given, exactly one.

    Raises
    ------
    BadTarget
    """
    wrong = {
        "target_kind": (kind not in TARGET_KINDS, kind),
        "season": (season not in SEASONS, season),
        "quantity": (not 0 <= quantity <= QUANTITY_MAX, str(quantity)),
        "scope": (scopes != 1, str(scopes)),
        "source": (not 1 <= len(source) <= 200, source),
        "confidence": (confidence not in {"confirmed", "secondary", "estimate", "own"}, confidence),
    }
    for name, (bad, text) in wrong.items():
        if bad:
            raise BadTarget(field=name, text=text[:60])


def cover_days(on_hand: int, *, quantity_milli: int, per_persons: int, people: int) -> int | None:
    """Return for how many whole days stock lasts so many people at a norm per day; None when nobody needs it.

    Parameters
    ----------
    on_hand
        Base units that can be used.
    quantity_milli, per_persons
        The norm: thousandths of a base unit per so many persons and day.
    """
    a_day = quantity_milli * people
    return None if a_day <= 0 else on_hand * 1000 * per_persons // a_day
