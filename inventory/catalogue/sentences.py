"""How the catalogue says no."""

from inventory.core.words import N_, Sentence

_NOT_SAVED = N_("Nothing was saved.")

SENTENCES: dict[str, Sentence] = {
    "bad_item": Sentence(
        what=_NOT_SAVED,
        why=N_("Item %(item)s: the value “%(text)s” does not fit its field %(item_field)s."),
        then=N_("Correct the field and save again."),
    ),
    "bad_gb_code": Sentence(
        what=_NOT_SAVED,
        why=N_(
            "Item %(item)s: %(gb_code)s is no code of GB/T 38565: seven digits, the first is the major class "
            "(%(major_class)s here), then three levels of two digits."
        ),
        then=N_("Correct the code, or leave it empty until you have the licensed code table."),
    ),
    "unit_fixed": Sentence(
        what=_NOT_SAVED,
        why=N_(
            "Item %(item)s is kept in %(unit)s and has stock in the books; %(asked)s was given as its new base unit."
        ),
        then=N_("Make a new item with the other unit, and move the stock over by receipt and issue."),
    ),
    "bad_norm": Sentence(
        what=_NOT_SAVED,
        why=N_("Norm %(norm)s: the value “%(text)s” does not fit its field %(norm_field)s."),
        then=N_("Correct the field and save again; a norm needs its arithmetic in both languages and a source."),
    ),
}
