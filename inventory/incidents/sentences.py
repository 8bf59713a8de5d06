"""What the refusals of incidents and requests say."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "nothing_asked": Sentence(
        what=N_("The request was not submitted."),
        why=N_("It has no line with a quantity."),
        then=N_("Enter at least one item and quantity."),
    ),
    "no_people": Sentence(
        what=N_("The incident was not saved."),
        why=N_("It needs at least one place, with 0 to 1,000,000 people; %(people)s was given."),
        then=N_("Choose a place and enter the number of people."),
    ),
    "bad_period": Sentence(
        what=N_("Nothing was proposed or saved."),
        why=N_("Days of supply are 1 to 90; %(days)s was given."),
        then=N_("Enter the days that the supplies must last."),
    ),
    "bad_need": Sentence(
        what=N_("The request was not submitted."),
        why=N_("A quantity is 1 to 999,999,999 and a priority 0 to 2; %(quantity)s and %(priority)s were given."),
        then=N_("Correct the line, or remove it."),
    ),
    "incident_still_open": Sentence(
        what=N_("%(incident)s was not closed."),
        why=N_("%(on_the_way)s consignments are still on the way and %(in_custody)s units in custody."),
        then=N_("Record what was used, returned or lost, then close it."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "incident_state": {
        "draft": N_("Draft"),
        "active": N_("Active"),
        "demobilizing": N_("Demobilising"),
        "reconciling": N_("Reconciling"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
    },
    "request_state": {
        "draft": N_("Draft"),
        "submitted": N_("Submitted"),
        "returned": N_("Sent back"),
        "approved": N_("Approved"),
        "in_fulfilment": N_("In fulfilment"),
        "fulfilled": N_("Done"),
        "rejected": N_("Refused"),
        "closed": N_("Closed"),
        "cancelled": N_("Cancelled"),
    },
}
"""States as the chips of the screens name them."""
