"""What the entries of the journal are called where people read them: the duty log and the stories of documents."""

from __future__ import annotations

from inventory.errands.deed_words import DEEDS
from inventory.people.stories import Entry
from ui.parts.look import Html, Tone, html, story
from ui.parts.words import _, moment, name

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
