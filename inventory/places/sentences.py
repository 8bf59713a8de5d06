"""How places say no."""

from inventory.core.words import N_, Sentence

_NOT_SAVED = N_("Nothing was saved.")

SENTENCES: dict[str, Sentence] = {
    "bad_site": Sentence(
        what=_NOT_SAVED,
        why=N_("Site %(site)s: the value “%(text)s” does not fit its field %(field)s."),
        then=N_("Correct the field and save again."),
    ),
    "bad_division": Sentence(
        what=_NOT_SAVED,
        why=N_("Division %(division)s: the value “%(text)s” does not fit its field %(field)s."),
        then=N_("Correct the field and save again."),
    ),
    "outside_china": Sentence(
        what=_NOT_SAVED,
        why=N_("%(site)s: latitude %(latitude)s, longitude %(longitude)s lies outside China."),
        then=N_("Check whether latitude and longitude are the wrong way round."),
    ),
    "bad_travel": Sentence(
        what=_NOT_SAVED,
        why=N_(
            "A travel time is 1 to %(minutes_max)s minutes between two different sites by a known mode; "
            "%(minutes)s by %(mode)s was given."
        ),
        then=N_("Correct the minutes, or mark the pair as unreachable."),
    ),
    "site_not_empty": Sentence(
        what=N_("The site was not closed."),
        why=N_("%(site)s still holds %(lots)s lots."),
        then=N_("Move or issue what stands there first."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "field": {
        "entered_as": N_("coordinate system"),
        "channel": N_("storage channel"),
        "ready_minutes": N_("minutes to get ready (0 to 10,080)"),
        "address": N_("address (at most 120 characters)"),
        "contact": N_("contact (at most 60 characters)"),
        "phone": N_("telephone (at most 40 characters)"),
        "latitude": N_("point (latitude and longitude, both or none)"),
        "level": N_("level"),
        "parent_id": N_("division above (of the next higher level)"),
        "population": N_("population"),
        "site_kind": N_("kind of site"),
    },
}
