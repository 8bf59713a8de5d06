"""What the refusals of the papers say, and the words for kinds of paper and their fields."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "empty_paper": Sentence(
        what=N_("The %(kind)s was not printed."),
        why=N_("%(number)s has no lines."),
        then=N_("Add at least one line, then print again."),
    ),
    "bad_paper_value": Sentence(
        what=N_("The %(kind)s %(number)s was not printed."),
        why=N_("The %(field)s would be printed wrong (line %(line)s, 0 = head of the paper): %(value)s."),
        then=N_("Correct this value in its document, then print again."),
    ),
    "font_unusable": Sentence(
        what=N_("Nothing was printed."),
        why=N_("The font file %(file)s cannot be embedded: %(reason)s."),
        then=N_("Replace it in the site's font folder by one with TrueType outlines, or remove it to use ours."),
    ),
    "key_unusable": Sentence(
        what=N_("Nothing was printed."),
        why=N_("The signing key %(file)s is damaged."),
        then=N_("Put it back from a backup. Papers signed with it can be checked again then."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "dispatch_order": N_("dispatch order"),
        "pick_list": N_("pick list"),
        "receipt": N_("hand-over receipt"),
        "count_sheet": N_("count sheet"),
    },
    "field": {
        "number": N_("number"),
        "revision": N_("revision"),
        "quantity": N_("quantity"),
        "packages": N_("number of packages"),
        "weight_grams": N_("weight"),
        "received": N_("quantity received"),
        "damaged": N_("quantity damaged"),
        "short": N_("quantity short"),
        "key": N_("line code (4 to 12 digits, each once)"),
        "issuer": N_("issuer (at most 120 characters)"),
        "document_number": N_("document number (at most 60 characters)"),
        "urgency": N_("urgency (at most 20 characters)"),
        "text": N_("text"),
    },
}
