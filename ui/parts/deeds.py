"""What the entries of the journal are called where people read them: the duty log and the stories of documents."""

from __future__ import annotations

from inventory.core.words import N_
from inventory.people.stories import Entry
from ui.parts.look import Html, Tone, html, story
from ui.parts.words import _, moment, name

DEEDS: dict[str, str] = {
    "found_district": N_("District founded"),
    "load_starter": N_("Starter catalogue loaded"),
    "load_demo": N_("Demo data loaded"),
    "open_account": N_("Account opened"),
    "close_account": N_("Account closed"),
    "grant_role": N_("Role given"),
    "end_role": N_("Role ended"),
    "reset_password": N_("Password reset"),
    "change_own_password": N_("Password changed"),
    "change_setting": N_("Setting changed"),
    "trust_key": N_("Key of an office believed"),
    "forget_key": N_("Key of an office given up"),
    "import_items": N_("Items imported"),
    "save_item": N_("Item changed"),
    "save_norm": N_("Norm changed"),
    "save_target": N_("Stock target changed"),
    "save_organisation": N_("Organisation changed"),
    "import_organisations": N_("Organisations imported"),
    "import_divisions": N_("Divisions imported"),
    "import_sites": N_("Sites imported"),
    "import_targets": N_("Stock targets imported"),
    "save_division": N_("Division changed"),
    "save_site": N_("Site changed"),
    "open_bin": N_("Storage place opened"),
    "save_travel": N_("Travel time entered"),
    "receive_goods": N_("Goods taken in"),
    "import_stock": N_("Stock imported"),
    "move_stock": N_("Stock moved"),
    "block_lot": N_("Lot put on hold"),
    "release_lot": N_("Lot released"),
    "reverse_entry": N_("Entry reversed"),
    "write_off": N_("Stock written off"),
    "scrap_stock": N_("Stock scrapped"),
    "expire_holds": N_("Expired holds freed"),
    "open_count": N_("Count opened"),
    "submit_count": N_("Count handed in"),
    "add_found": N_("Find added to the count"),
    "recount_line": N_("Line counted again"),
    "order_recount": N_("Recount ordered"),
    "approve_count": N_("Count approved"),
    "post_count": N_("Count posted"),
    "cancel_count": N_("Count cancelled"),
    "open_incident": N_("Incident opened"),
    "change_incident": N_("Incident changed"),
    "close_incident": N_("Incident closed"),
    "submit_request": N_("Request submitted"),
    "resubmit_request": N_("Request submitted again"),
    "return_request": N_("Request sent back"),
    "cancel_request": N_("Request cancelled"),
    "propose_plans": N_("Plans computed"),
    "approve_plan": N_("Plan approved"),
    "reject_plan": N_("Plan rejected"),
    "acknowledge_order": N_("Order acknowledged"),
    "decline_order": N_("Order declined"),
    "cancel_order": N_("Order cancelled"),
    "pick_order": N_("Goods picked"),
    "check_order": N_("Goods checked"),
    "ship_order": N_("Consignment sent"),
    "receive_shipment": N_("Consignment received"),
    "resolve_discrepancy": N_("Discrepancy settled"),
    "close_short": N_("Order closed short"),
    "issue_paper": N_("Paper issued"),
    "use_goods": N_("Goods used"),
    "return_goods": N_("Goods returned"),
    "seal_access_log": N_("Access log sealed"),
}
"""Command -> what was done, as a person says it."""

_TONES: dict[str, Tone] = {
    "open_incident": "red",
    "approve_plan": "green",
    "close_incident": "green",
    "receive_shipment": "green",
    "post_count": "green",
    "reject_plan": "red",
    "decline_order": "red",
    "cancel_order": "red",
    "change_incident": "orange",
    "return_request": "orange",
    "ship_order": "blue",
    "propose_plans": "blue",
    "submit_request": "blue",
}


def deed(entry: Entry) -> str:
    """Return what an entry did, in words; the bare command where it has none."""
    return _(DEEDS[entry.kind]) if entry.kind in DEEDS else entry.kind


def document(entry: Entry) -> str:
    """Return the number of the document that an entry made; empty where it made none."""
    made = entry.outcome.get("number")
    if isinstance(made, str):
        return made
    orders = entry.outcome.get("orders") or []
    numbers = [one["number"] for one in orders if isinstance(one, dict) and "number" in one]
    if len(numbers) > 1:
        return f"{numbers[0]} … {numbers[-1]}"
    return numbers[0] if numbers else ""


def who(entry: Entry) -> str:
    """Return who gave the command; the program for what it did by itself."""
    return name(entry.actor) if entry.actor is not None else _("the program")


def story_of_entries(entries: list[Entry]) -> Html:
    """Return the story of a document: the newest entry first, each with when, who and why."""
    steps = []
    for entry in reversed(entries):
        why = entry.asked.get("why") or entry.asked.get("note") or ""
        told = html("{} · {}{}", moment(entry.occurred_at), who(entry), f" · {why}" if why else "")
        steps.append((_TONES.get(entry.kind, "gray"), deed(entry), document(entry), told))
    return story(*steps)
