"""What the ledger's refusals say."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "not_a_movement": Sentence(
        what=N_("Nothing was posted."),
        why=N_("A movement needs two different places and a quantity from 1 to 999,999,999; %(quantity)s was given."),
        then=N_("Correct the quantity and send it again."),
    ),
    "not_enough_stock": Sentence(
        what=N_("Nothing was posted."),
        why=N_(
            "Place %(place)s holds %(on_hand)s of %(item)s (lot %(lot)s), %(held)s of it reserved: "
            "%(available)s available, %(asked)s asked. Further lines short: %(others)s."
        ),
        then=N_("Take less, choose another lot, or let the commander free the reservation."),
    ),
    "hold_exhausted": Sentence(
        what=N_("Nothing was posted."),
        why=N_("The reservation still covers %(remaining)s, %(asked)s was asked."),
        then=N_("Reload the order: somebody has picked or released part of it."),
    ),
    "place_closed": Sentence(
        what=N_("Nothing was posted."),
        why=N_("Place %(place)s is closed."),
        then=N_("Choose an open place."),
    ),
    "two_worlds": Sentence(
        what=N_("Nothing was posted."),
        why=N_("Drill stock and real stock never meet in one entry."),
        then=N_("Post the real and the drill part separately."),
    ),
    "after_count": Sentence(
        what=N_("Not posted yet: please confirm."),
        why=N_(
            "Lot %(lot)s at %(place)s was counted at %(counted_at)s, after this happened. The shelf keeps what was "
            "counted; %(quantity)s will be settled against lost and found."
        ),
        then=N_("Confirm if the movement really happened before the count."),
    ),
    "already_reversed": Sentence(
        what=N_("Nothing was reversed."),
        why=N_("This entry has been reversed already; an entry is reversed once."),
        then=N_("Post a new entry if goods moved again."),
    ),
    "not_reversible": Sentence(
        what=N_("Nothing was reversed."),
        why=N_("Entries of this kind (%(kind)s) have their own way back."),
        then=N_("Open the document and use the step offered there."),
    ),
}

WORDS: dict[str, dict[str, str]] = {"entry_state": {"reversed": N_("reversed")}}
"""What has become of an entry, in words."""
