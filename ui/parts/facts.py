"""The recorded facts of an entry in words: what was asked and what came of it, for whoever audits a lot."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from inventory.core.words import N_
from ui.parts.look import Html, html, status_word
from ui.parts.trade import MODES, ORDER_STATUS, REASONS, SHIPMENT_STATUS, SOURCES, told
from ui.parts.words import text

FACTS: dict[str, str] = {
    "quantity": N_("Quantity"),
    "good": N_("Good"),
    "damaged": N_("Damaged"),
    "received": N_("Received"),
    "short": N_("Did not arrive"),
    "shipped": N_("Shipped"),
    "lines": N_("Of this lot"),
    "picks": N_("Of this lot"),
    "batch": N_("Batch"),
    "made_on": N_("Made on"),
    "expires_on": N_("Expiry"),
    "origin": N_("Origin"),
    "source": N_("Source"),
    "source_name": N_("Supplier or donor"),
    "note": N_("Note"),
    "why": N_("Why"),
    "plate": N_("Plate"),
    "driver": N_("Driver"),
    "phone": N_("Phone"),
    "carrier": N_("Vehicle"),
    "number": N_("Number"),
    "override_reason": N_("Override"),
    "bin": N_("Bin"),
    "bins": N_("New bins"),
    "blocked": N_("Hold"),
    "channel": N_("Kept as"),
    "count": N_("Count"),
    "custody": N_("With the receiver"),
    "differing": N_("Lines that differ"),
    "discrepancy": N_("Discrepancy"),
    "eta": N_("Expected"),
    "file": N_("File"),
    "final": N_("All unloaded"),
    "from": N_("From"),
    "gained": N_("More than the book"),
    "hold": N_("Reservation"),
    "hold_id": N_("Reservation"),
    "holds": N_("Reservations"),
    "how": N_("Settled as"),
    "item": N_("Item"),
    "item_id": N_("Item"),
    "left_in_bins": N_("Left in the bins"),
    "lost": N_("Fewer than the book"),
    "lot": N_("Lot"),
    "lot_id": N_("Lot"),
    "lots": N_("Lots"),
    "mode": N_("Way"),
    "movements": N_("Movements"),
    "new_bin": N_("New bin"),
    "order": N_("Order"),
    "order_line_id": N_("Line of the order"),
    "owner": N_("Owner"),
    "place": N_("Place"),
    "place_id": N_("Place"),
    "reason": N_("Reason"),
    "row": N_("Row"),
    "rows": N_("Rows"),
    "seed": N_("Seed"),
    "shipment": N_("Consignment"),
    "site": N_("Site"),
    "stage": N_("Part"),
    "state": N_("State"),
    "to": N_("To"),
    "unit": N_("Unit"),
}
"""Words for the facts of an entry; a fact without a word is told by its own name."""

_HOW = {"found": N_("Found"), "lost": N_("Lost"), "noted": N_("Noted")}
_BLOCKED = {
    "on_hold": N_("On hold"),
    "recalled": N_("Recalled by the maker"),
}
_CHANNELS = {
    "own": N_("Own stock"),
    "entrusted": N_("Entrusted"),
}
_YES_NO = {"yes": N_("yes"), "no": N_("no")}
_CODES: dict[str, dict[str, str]] = {
    "blocked": _BLOCKED,
    "channel": _CHANNELS,
    "how": _HOW,
    "mode": MODES,
    "new_bin": _YES_NO,
    "reason": REASONS,
    "source": SOURCES,
}


def facts_table(facts: dict[str, Any], *, lot_id: UUID) -> Html:
    """Return the recorded facts of an entry as rows of name and value; of its lines only those about the lot.

    Ids stand last and small: they are for whoever compares with an export.
    """
    rows = [(key, _own(value, str(lot_id))) for key, value in facts.items()]
    rows = [(key, value) for key, value in rows if value not in (None, "", [], {})]
    rows.sort(key=lambda row: _is_id(row[1]))
    drawn = (
        html(
            '<tr><td class="t-sub">{}</td><td class="{}">{}</td></tr>',
            told(FACTS, key), "t-sub" if _is_id(value) else "", _plain(value, key),
        )
        for key, value in rows
    )  # fmt: skip
    return html('<table class="t-tab">{}</table>', Html("".join(drawn)))


def _own(value: Any, lot_id: str) -> Any:
    """Return lines about the lot where the lines of an entry name lots; everything else as it is."""
    if not isinstance(value, list) or not any(isinstance(one, dict) and "lot_id" in one for one in value):
        return value
    return [one for one in value if not isinstance(one, dict) or one.get("lot_id") == lot_id]


def _is_id(value: Any) -> bool:
    """Return whether a fact is a bare id (or a list of them)."""
    if isinstance(value, list):
        return bool(value) and all(_is_id(one) for one in value)
    return isinstance(value, str) and _ID.fullmatch(value) is not None


_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def _plain(value: Any, key: str) -> str:
    """Return the value of the fact `key` as people read it; codes in words."""
    if isinstance(value, dict):
        shown = {name: one for name, one in value.items() if one not in (None, "") and not _is_id(one)}
        return " · ".join(f"{told(FACTS, name)} {_plain(one, name)}" for name, one in shown.items())
    if isinstance(value, list):
        return "; ".join(_plain(one, key) for one in value)
    if key == "state" and value in _STATES:
        return status_word(_STATES[value])
    return told(_CODES[key], value) if key in _CODES and isinstance(value, str) else text(value)


_STATES = {**ORDER_STATUS, **SHIPMENT_STATUS}
