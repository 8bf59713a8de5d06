"""The words of the warehouse: steps of the journal, kinds of place, states of orders, why stock cannot be used.

Codes come from the rooms; here they get the word, tone and icon that every warehouse screen shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from inventory.catalogue.queries import term_names
from inventory.core.errors import Name
from inventory.core.words import N_
from inventory.core.work import Work
from inventory.ledger.queries import StockRow
from inventory.ledger.rules import Piece
from ui.parts.look import Html, Tone, chip, reasons
from ui.parts.session import allowed_roles
from ui.parts.words import _, day, number, quantity, text, word

SOON_DAYS = 90
"""From so many days before its expiry a lot is shown as expiring; an estimate of ours."""

DEEDS: dict[str, str] = {
    "receive_goods": N_("Goods received"),
    "import_stock": N_("Stock list imported"),
    "move_stock": N_("Moved"),
    "block_lot": N_("Put on hold"),
    "release_lot": N_("Released"),
    "reverse_entry": N_("Reversed"),
    "write_off": N_("Written off"),
    "scrap_stock": N_("Scrapped"),
    "open_count": N_("Count opened"),
    "post_count": N_("Count posted"),
    "submit_request": N_("Request submitted"),
    "resubmit_request": N_("Request submitted again"),
    "return_request": N_("Request sent back"),
    "propose_plans": N_("Plans computed"),
    "reject_plan": N_("Plan rejected"),
    "approve_plan": N_("Plan approved, stock reserved"),
    "acknowledge_order": N_("Order acknowledged"),
    "decline_order": N_("Order declined"),
    "cancel_order": N_("Order cancelled"),
    "pick_order": N_("Goods picked"),
    "check_order": N_("Goods checked"),
    "ship_order": N_("Shipped"),
    "receive_shipment": N_("Consignment received"),
    "resolve_discrepancy": N_("Difference settled"),
    "close_short": N_("Closed short"),
    "issue_paper": N_("Paper issued"),
    "use_goods": N_("Used"),
    "return_goods": N_("Returned"),
    "load_demo": N_("Demo data loaded"),
    "expire_holds": N_("Reservations ended by time"),
}
DEED_TONES: dict[str, Tone] = {
    "receive_goods": "green",
    "import_stock": "green",
    "release_lot": "green",
    "receive_shipment": "green",
    "block_lot": "orange",
    "reverse_entry": "orange",
    "post_count": "orange",
    "close_short": "orange",
    "decline_order": "red",
    "cancel_order": "red",
    "write_off": "red",
    "scrap_stock": "red",
    "approve_plan": "blue",
    "pick_order": "blue",
    "check_order": "blue",
    "ship_order": "blue",
}
PLACES: dict[str, str] = {
    "bin": N_("bin"),
    "staging": N_("staging area"),
    "quarantine": N_("quarantine area"),
    "supplier": N_("supplier"),
    "transit": N_("in transit"),
    "custody": N_("with the receiver"),
    "consumed": N_("used up"),
    "lost_found": N_("lost and found"),
    "scrap": N_("scrapped"),
    "conversion": N_("conversion"),
}
ORDER_STATUS: dict[str, str] = {
    "issued": "issued",
    "acknowledged": "acknowledged",
    "picking": "picking",
    "picked": "picked",
    "checked": "checked",
    "shipped": "moving",
    "delivered": "received",
    "closed": "closed",
    "declined": "declined",
    "cancelled": "cancelled",
    "recalled": "recalled",
    "returned": "returned",
    "lost": "lost",
}
"""State of an order -> row of `STATUS`."""
SHIPMENT_STATUS: dict[str, str] = {
    "loading": "picked",
    "in_transit": "moving",
    "arrived": "partial",
    "handed_over": "received",
    "broken_down": "urgent",
    "rerouted": "moving",
    "returning": "recalled",
    "returned": "returned",
    "lost": "lost",
}
SOURCES: dict[str, str] = {
    "purchase": N_("Purchase"),
    "donation": N_("Donation"),
    "allotted": N_("Allotted from above"),
    "requisition": N_("Requisition"),
    "opening": N_("Opening stock"),
    "found": N_("Found in a count"),
}
MODES: dict[str, str] = {
    "truck": N_("Truck"),
    "light_truck": N_("Light truck"),
    "van": N_("Van"),
    "off_road": N_("Off-road vehicle"),
    "foot": N_("On foot"),
    "boat": N_("Boat"),
    "helicopter": N_("Helicopter"),
    "drone": N_("Drone"),
}
DIFFERENCES: dict[str, str] = {
    "short": N_("Did not arrive"),
    "over": N_("Surplus"),
    "damaged": N_("Damaged"),
    "overdrawn": N_("Booked below zero"),
    "hold_broken": N_("Reservation not covered"),
}
REASONS: dict[str, str] = {
    "receive": N_("goods in"),
    "opening": N_("opening stock"),
    "import": N_("imported"),
    "move": N_("moved"),
    "pick": N_("picked"),
    "unpick": N_("put back"),
    "ship": N_("shipped"),
    "deliver": N_("delivered"),
    "damaged": N_("arrived damaged"),
    "over": N_("surplus"),
    "count": N_("count difference"),
    "after_count": N_("recorded after the count"),
    "found": N_("found"),
    "lost": N_("lost"),
    "used": N_("used"),
    "return": N_("returned"),
    "scrap": N_("scrapped"),
    "reversal": N_("reversed"),
}
"""Words for the reason of a movement."""
UNUSABLE: dict[str, str] = {
    "not_in_bin": N_("stands in a staging or quarantine area, not in a bin"),
    "expired": N_("has expired"),
    "expires_before_use": N_("expires before it would be used up"),
    "on_hold": N_("is on hold"),
    "recalled": N_("was recalled by its maker"),
    "unserviceable": N_("is not serviceable"),
    "place_bound": N_("may not leave its village"),
    "site_closed": N_("stands in a site that is closed"),
}
"""Words for `inventory.ledger.rules.UNUSABLE_REASONS`."""


def told(words: dict[str, str], code: str) -> str:
    """Return the word of a code in the reader's language; the bare code where there is none."""
    return _(words[code]) if code in words else code


def deed_word(kind: str) -> str:
    """Return a step of the journal in words."""
    return told(DEEDS, kind)


def order_chip(state: str) -> Html:
    """Return the chip of an order's state."""
    return chip(ORDER_STATUS[state])


def shipment_chip(state: str) -> Html:
    """Return the chip of a consignment's state."""
    return chip(SHIPMENT_STATUS[state])


def place_words(code: str, kind: str, site: Name | None = None) -> str:
    """Return where something stands: site and bin, or the kind of a place that is no shelf."""
    if kind == "bin":
        return f"{text(site)} {code}" if site else code
    words = told(PLACES, kind)
    if kind in {"staging", "quarantine"}:
        return f"{text(site)} · {words}" if site else words
    return f"{words} {code}" if kind == "transit" else words


def units(work: Work) -> dict[str, Name]:
    """Return the names of the units by code."""
    return term_names(work, kind="unit")


def amount(count: int, unit: str, names: dict[str, Name]) -> str:
    """Return a quantity with its unit in words."""
    return quantity(count, names.get(unit, unit))


def stock_state(row: StockRow, today: dt.date) -> str:
    """Return the row of `STATUS` that says most about a row of stock."""
    worst_first = {
        "expired": "expired",
        "recalled": "blocked",
        "on_hold": "blocked",
        "unserviceable": "failed",
        "place_bound": "fixed",
        "site_closed": "closed",
        "expires_before_use": "soon",
    }
    for reason, state in worst_first.items():
        if reason in row.reasons:
            return state
    if row.reasons:
        return "picked" if row.place_kind == "staging" else "check"
    if row.available <= 0:
        return "reserved"
    soon = row.expires_on is not None and row.expires_on <= today + dt.timedelta(days=SOON_DAYS)
    return "soon" if soon else "free"


def why_usable(piece: Piece, why: Sequence[str], *, on: dt.date) -> Html:
    """Return the six questions behind "usable", each answered ✓ or ✕ with its fact."""
    expiry = _("no expiry date")
    if piece.expires_on is not None:
        days = (piece.expires_on - on).days
        left = _("%(days)s days left") if days >= 0 else _("%(days)s days over")
        expiry = f"{day(piece.expires_on)} · {left % {'days': number(abs(days))}}"
        if "expires_before_use" in why:
            expiry = f"{expiry} · {told(UNUSABLE, 'expires_before_use')}"
    condition = {
        "serviceable": _("serviceable"),
        "limited": _("usable with limits"),
        "unserviceable": _("not serviceable"),
        "awaiting_inspection": _("waits for inspection"),
        "retired": _("retired"),
    }[piece.condition]
    hold = _("not on hold") if piece.blocked is None else told(UNUSABLE, piece.blocked)
    return reasons(
        (not {"expired", "expires_before_use"} & set(why), _("Expiry"), expiry),
        ("unserviceable" not in why, _("Condition"), condition),
        (piece.blocked is None, _("Hold"), hold),
        (
            "place_bound" not in why,
            _("Movable"),
            _("stays in its village") if piece.mobility == "fixed" else _("may leave"),
        ),
        ("not_in_bin" not in why, _("Standing in"), told(PLACES, piece.place_kind)),
        ("site_closed" not in why, _("Site"), _("closed") if piece.site_closed else _("open")),
    )


def who_can(command: str) -> str:
    """Return the reason of a disabled step: which roles may, at this site."""
    separator = _(", ")
    roles = separator.join(word("role", role) for role in sorted(allowed_roles(command)))
    return _("This step is for: %(roles)s, where their role covers this site.") % {"roles": roles}
