"""What the refusals of stocktaking say."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "nothing_to_count": Sentence(
        what=N_("No count was opened."),
        why=N_("The book has nothing in the chosen places."),
        then=N_("Choose other places, or open a first count to enter what you find."),
    ),
    "unknown_way_of_counting": Sentence(
        what=N_("Nothing was saved."),
        why=N_("“%(given)s” is not known here; known are %(known)s."),
        then=N_("Choose one of those."),
    ),
    "already_listed": Sentence(
        what=N_("No line was added."),
        why=N_("These goods are on the list already, as line %(label)s."),
        then=N_("Enter the quantity there."),
    ),
    "lot_of_other_item": Sentence(
        what=N_("No line was added."),
        why=N_("Lot %(lot)s is not one of %(item)s."),
        then=N_("Scan the label of the lot again, or leave the lot empty."),
    ),
    "packs_differ": Sentence(
        what=N_("This line was not saved."),
        why=N_("%(packs)s packs and %(loose)s loose do not make %(quantity)s; a pack holds %(factors)s."),
        then=N_("Correct the packs, the loose pieces or the total."),
    ),
    "counted_before_opening": Sentence(
        what=N_("This line was not saved."),
        why=N_("The time of counting (%(counted_at)s) lies before the opening of the count (%(opened_at)s)."),
        then=N_("Correct the time of counting."),
    ),
    "line_submitted": Sentence(
        what=N_("This line was not saved."),
        why=N_("Line %(label)s has been handed in."),
        then=N_("If it is wrong, ask the approver for a recount."),
    ),
    "uncounted_lines": Sentence(
        what=N_("The count was not handed in; everything entered is kept."),
        why=N_("%(count)s lines have no quantity (%(labels)s). An empty field is not zero."),
        then=N_("Count them, enter 0 where there is nothing, or mark them as not found or left out."),
    ),
    "already_counted": Sentence(
        what=N_("The count was not handed in; everything entered is kept."),
        why=N_("%(count)s lines are marked as not found or left out, but have a quantity (%(labels)s)."),
        then=N_("Take the mark away from these lines."),
    ),
    "not_your_recount": Sentence(
        what=N_("The recount was not saved."),
        why=N_("You have counted line %(label)s yourself; another person must recount it."),
        then=N_("Ask a colleague to recount this line."),
    ),
    "no_recount_asked": Sentence(
        what=N_("The recount was not saved."),
        why=N_("Line %(label)s does not wait for a recount."),
        then=N_("Reload the page: a colleague may have recounted it."),
    ),
    "recounts_open": Sentence(
        what=N_("Nothing was changed."),
        why=N_("%(count)s lines still wait for a recount (%(labels)s)."),
        then=N_("Let another person recount them first."),
    ),
    "below_reservations": Sentence(
        what=N_("The count was not taken over."),
        why=N_(
            "Line %(label)s, %(item)s at %(place)s: counted %(counted)s, %(remains)s would remain, but %(held)s are "
            "reserved, %(missing)s too many. Orders at risk: %(orders)s. Further such lines: %(others)s."
        ),
        then=N_(
            "Free as many of these reservations together with the posting, "
            "or cancel the count and count the line again."
        ),
    ),
    "freed_too_much": Sentence(
        what=N_("Nothing was posted."),
        why=N_("Line %(label)s lacks %(missing)s for its reservations, but %(freed)s were to be freed."),
        then=N_("Free only as much as is missing; the commander frees the rest on the order."),
    ),
    "left_after_count": Sentence(
        what=N_("The count was not taken over."),
        why=N_(
            "Line %(label)s at %(place)s: %(counted)s were counted at %(counted_at)s, but %(left)s have left since "
            "then by the book. One of the two is wrong."
        ),
        then=N_("Have this line counted again."),
    ),
    "count_overtaken": Sentence(
        what=N_("Not posted yet: please confirm."),
        why=N_("%(count)s lines were counted again later in another count that is posted (%(labels)s)."),
        then=N_("Confirm to leave these lines out; the later count stands."),
    ),
    "changed_since_approval": Sentence(
        what=N_("Not posted yet: please confirm."),
        why=N_(
            "After the approval, entries about the time before counting came in; %(count)s lines now have another "
            "difference (%(labels)s)."
        ),
        then=N_("Look at the differences again and confirm."),
    ),
    "book_hidden": Sentence(
        what=N_("The comparison with the book is not shown."),
        why=N_("Count %(number)s is still being counted, and it is blind."),
        then=N_("Come back when it is handed in."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "count_state": {
        "planned": N_("Draft"),
        "open": N_("Counting"),
        "review": N_("Submitted"),
        "approved": N_("Approved"),
        "posted": N_("Posted"),
        "cancelled": N_("Cancelled"),
    },
}
"""States as the chips of the screens name them."""
