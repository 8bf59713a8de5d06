"""What the refusals of dispatch say."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "plan_stale": Sentence(
        what=N_("Not approved."),
        why=N_(
            "The books have changed since %(planned_at)s: the plan takes %(asked)s of %(item)s from %(site)s, "
            "where only %(available)s are free now (%(faults)s findings of the independent check)."
        ),
        then=N_("Compute again and look once more; your note is kept."),
    ),
    "plan_unsound": Sentence(
        what=N_("Not approved."),
        why=N_("The independent check refuses this plan: %(faults)s findings, first %(first)s."),
        then=N_("Compute again. If it happens again, tell the administrator."),
    ),
    "plan_too_old": Sentence(
        what=N_("Not approved."),
        why=N_("The plan was computed at %(planned_at)s; after %(hours_max)s hours it must be computed again."),
        then=N_("Compute again."),
    ),
    "nothing_to_order": Sentence(
        what=N_("Not approved."),
        why=N_("This plan sends nothing: no stock can reach the places in time."),
        then=N_("Look at the shortages: extend the time limit, open a road, or ask the level above."),
    ),
    "not_on_this_order": Sentence(
        what=N_("Nothing was posted."),
        why=N_("A line does not belong to order %(order)s any more."),
        then=N_("Reload the order and try again."),
    ),
    "nothing_to_ship": Sentence(
        what=N_("Nothing was posted."),
        why=N_("Nothing of order %(order)s stands ready."),
        then=N_("Pick the goods first, or close the order short."),
    ),
    "bad_receipt": Sentence(
        what=N_("Nothing was received."),
        why=N_("Received and damaged are 0 or more for each line of order %(order)s; %(quantity)s was given."),
        then=N_("Enter what has arrived; 0 if nothing has."),
    ),
    "not_usable_now": Sentence(
        what=N_("Not shipped."),
        why=N_("Lot %(lot)s of %(item)s cannot be used any more (%(reason)s)."),
        then=N_("Put it back and ask the commander for another source."),
    ),
    "verbal_needs_name": Sentence(
        what=N_("Not approved."),
        why=N_("A verbal order names who gave it."),
        then=N_("Enter the name and post of the leader; the paper is due within 48 hours."),
    ),
    "paper_not_understood": Sentence(
        what=N_("Nothing was booked."),
        why=N_("The data of %(number)s are genuine, but of a shape that this program does not know."),
        then=N_("Update the program, or enter the goods by hand under Goods in with the number as supplier."),
    ),
    "consignment_known_here": Sentence(
        what=N_("Nothing was booked."),
        why=N_("Consignment %(number)s stands in these books already: it was sent from here."),
        then=N_("Receive it under Ship & receive, On the way."),
    ),
    "demo_paper": Sentence(
        what=N_("Nothing was booked."),
        why=N_("%(number)s belongs to a demo district and this one is real, or the other way round."),
        then=N_("Demo papers are read in a demo district only."),
    ),
    "lines_unstated": Sentence(
        what=N_("Nothing was booked."),
        why=N_(
            "Of %(number)s these lines are not stated, or not with figures from 0 upwards "
            "(a device is 0 or 1): %(lines)s."
        ),
        then=N_("Enter for every line what came good and damaged; 0 where nothing came."),
    ),
    "taken_otherwise": Sentence(
        what=N_("Nothing was booked."),
        why=N_(
            "Consignment %(number)s was taken before as %(receipt)s, by lot good and damaged: %(before)s. Now: %(now)s."
        ),
        then=N_("If the first figures are wrong, correct them by a count of the site; the paper is taken once."),
    ),
    "reason_needed": Sentence(
        what=N_("Nothing was booked."),
        why=N_("%(number)s is addressed to somebody else, and no reason was given."),
        then=N_("Enter why the goods stay here; the sender will see it."),
    ),
    "not_addressed_here": Sentence(
        what=N_("Please confirm."),
        why=N_("%(number)s is addressed to %(addressed)s, not to %(site)s."),
        then=N_("If the goods really stay here, enter the reason and confirm."),
    ),
    "typed_wrong": Sentence(
        what=N_("Not taken."),
        why=N_("What was typed is not what is printed (line %(line)s, 0 = head or whole paper): %(text)s"),
        then=N_("Compare it with the paper sign by sign: number, code, then every line with its key."),
    ),
    "typed_unsigned": Sentence(
        what=N_("Please confirm."),
        why=N_("%(number)s was typed; no signature proves it."),
        then=N_("Confirm only with the signed paper before you. Your name stands for it."),
    ),
    "may_be_here": Sentence(
        what=N_("Please confirm."),
        why=N_("Lots with the number %(number)s stand here already: %(lots)s."),
        then=N_("If these goods were entered by hand, do not book them again. Confirm only if they are others."),
    ),
    "received_otherwise": Sentence(
        what=N_("Nothing was booked."),
        why=N_(
            "Consignment %(number)s was received here before, by lot good and damaged: %(before)s. "
            "The receiver's paper %(receipt)s says: %(now)s."
        ),
        then=N_("Ask the receiver which is right, and settle the difference under Discrepancies or by a count."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "order_state": {
        "issued": N_("Issued"),
        "acknowledged": N_("Acknowledged"),
        "picking": N_("Picking"),
        "picked": N_("Picked"),
        "checked": N_("Checked"),
        "shipped": N_("In transit"),
        "delivered": N_("Received"),
        "closed": N_("Closed"),
        "declined": N_("Declined"),
        "cancelled": N_("Cancelled"),
        "recalled": N_("Recalled"),
        "returned": N_("Sent back"),
        "lost": N_("Lost"),
    },
}
"""States as the chips of the screens name them."""
