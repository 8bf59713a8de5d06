"""How the ground floor says no, and the words for codes that stand as facts in refusals of every room."""

from __future__ import annotations

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "refused": Sentence(what=N_("This was not done.")),
    "needs_confirmation": Sentence(
        what=N_("This was not done yet."),
        then=N_("Read what it changes, then confirm it."),
    ),
    "same_id_other_facts": Sentence(
        what=N_("Nothing was recorded."),
        why=N_("This form was sent before with other entries, and those were recorded."),
        then=N_("Open the page anew, look at what was recorded, and enter what is missing."),
    ),
    "not_found": Sentence(
        what=N_("There is no such entry: %(kind)s %(key)s."),
        why=N_("It does not exist, or it is outside your area."),
        then=N_("Check the number, or open it from the list."),
    ),
    "stale_page": Sentence(
        what=N_("Nothing was changed."),
        why=N_("Somebody changed %(kind)s %(key)s after you opened the page."),
        then=N_("Reload the page, look at the change, and enter yours again."),
    ),
    "wrong_state": Sentence(
        what=N_("Nothing was changed."),
        why=N_("%(kind)s %(key)s is %(state)s; this step needs %(wanted)s."),
        then=N_("Reload the page to see which step comes next."),
    ),
    "database_busy": Sentence(
        what=N_("Nothing was recorded."),
        why=N_("Another program kept the database locked for more than %(seconds)s seconds."),
        then=N_("Send it again: what you entered is still here. If it goes on, call the administrator."),
    ),
    "disk_full": Sentence(
        what=N_("Nothing was recorded."),
        why=N_("The disk of the server is full."),
        then=N_("Call the administrator. Send it again once there is room: what you entered is still here."),
    ),
    "database_unavailable": Sentence(
        what=N_("The database cannot be reached."),
        why=N_("It says: %(reason)s"),
        then=N_("Call the administrator. Nothing that was recorded is lost."),
    ),
    "not_a_quantity": Sentence(
        what=N_("“%(text)s” is not a quantity."),
        why=N_("A quantity is a whole number from 0 to 999,999,999, in the item's base unit."),
        then=N_("Enter digits only, without fraction, sign or unit."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "account": N_("account"),
        "asset": N_("device"),
        "count": N_("stock count"),
        "count_line": N_("count line"),
        "division": N_("division"),
        "entry": N_("journal entry"),
        "grant": N_("role of an account"),
        "hold": N_("hold"),
        "incident": N_("incident"),
        "item": N_("item"),
        "lot": N_("lot"),
        "norm": N_("norm"),
        "order": N_("dispatch order"),
        "organisation": N_("organisation"),
        "paper": N_("paper"),
        "paper_key": N_("key of an office"),
        "place": N_("storage place"),
        "plan": N_("dispatch plan"),
        "request": N_("request"),
        "setting": N_("setting"),
        "shipment": N_("consignment"),
        "site": N_("site"),
        "target": N_("stock target"),
        "team": N_("team"),
        "vehicle": N_("vehicle"),
    },
    "state": {
        "active": N_("active"),
        "closed": N_("closed"),
    },
}
"""Group -> code -> msgid. A room adds its own under `WORDS` in its sentences.py."""
