"""How stockpiles say no."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "bad_target": Sentence(
        what=N_("Nothing was saved."),
        why=N_("The value “%(text)s” does not fit the field %(field)s of the target."),
        then=N_("Name one site or one organisation, a kind, a season, a quantity and a source."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "field": {
        "scope": N_("scope (one site or one organisation)"),
        "target_kind": N_("kind of target"),
    },
}
