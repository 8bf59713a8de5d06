"""How the catalogue says no."""

from inventory.core.words import N_, Sentence

_NOT_SAVED = N_("Nothing was saved.")

SENTENCES: dict[str, Sentence] = {
    "bad_item": Sentence(
        what=_NOT_SAVED,
        why=N_("Item %(item)s: the value “%(text)s” does not fit its field %(field)s."),
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
        why=N_("Norm %(norm)s: the value “%(text)s” does not fit its field %(field)s."),
        then=N_("Correct the field and save again; a norm needs its arithmetic in both languages and a source."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "field": {
        "code": N_("code (letters and digits, at most 24)"),
        "name_zh": N_("Chinese name (1 to 80 characters)"),
        "name_en": N_("English name (at most 120 characters)"),
        "unit": N_("base unit"),
        "tracking": N_("way of tracking"),
        "major_class": N_("major class (1 to 3)"),
        "domain": N_("domain"),
        "return_class": N_("return class"),
        "weight_g": N_("weight in grams"),
        "volume_cm3": N_("volume in cubic centimetres"),
        "minimum_life_days": N_("shortest remaining life in days"),
        "confidence": N_("confidence"),
        "packs": N_("packs (each factor above 1, each once)"),
        "whole_packs": N_("whole packs only (needs a pack)"),
        "quantity_milli": N_("quantity in thousandths"),
        "per_persons": N_("number of persons"),
        "period": N_("period"),
        "season": N_("season"),
        "priority": N_("priority (0 to 2)"),
        "basis_zh": N_("arithmetic in Chinese (1 to 200 characters)"),
        "basis_en": N_("arithmetic in English (1 to 200 characters)"),
        "source": N_("source (1 to 200 characters)"),
    },
}
