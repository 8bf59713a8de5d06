"""The words for why a team, vehicle or device cannot be sent, beyond those of the ledger."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {}

WORDS: dict[str, dict[str, str]] = {
    "reason": {
        "card_expired": N_("card expired"),
        "reserved": N_("reserved for an order"),
        "alerted": N_("alerted"),
        "en_route": N_("on the way"),
        "on_site": N_("on site"),
        "resting": N_("resting"),
        "out_of_service": N_("out of service"),
    },
}
