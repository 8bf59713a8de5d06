"""How upkeep says no."""

from __future__ import annotations

from inventory.core.words import N_, Sentence

_NOTHING_STARTED = N_("The program was not started.")
_NOTHING_CHANGED = N_("The database was not changed.")
_NOT_RESTORED = N_("The backup was not restored.")

SENTENCES: dict[str, Sentence] = {
    "database_newer": Sentence(
        what=_NOTHING_CHANGED,
        why=N_("It was made by a newer program (%(revision)s); this one knows %(known)s."),
        then=N_("Start the newer program, or restore a backup made by this one."),
    ),
    "database_behind": Sentence(
        what=_NOTHING_STARTED,
        why=N_("The database stands at %(revision)s; this program needs %(wanted)s."),
        then=N_("Run: python -m inventory init"),
    ),
    "database_not_ours": Sentence(
        what=_NOTHING_CHANGED,
        why=N_("It holds tables of something else: %(tables)s."),
        then=N_("Give an empty database in DATABASE_URL."),
    ),
    "no_way_back": Sentence(
        what=_NOTHING_CHANGED,
        why=N_("Migrations only go forward; the database is past that at %(revision)s."),
        then=N_("Restore the backup that was made before the migration."),
    ),
    "backup_failed": Sentence(
        what=N_("The backup was not made, and nothing else was begun."),
        why=N_("It says: %(reason)s"),
        then=N_("Make room or correct the cause, then try again."),
    ),
    "tool_missing": Sentence(
        what=N_("Nothing was done."),
        why=N_("PostgreSQL needs its own program %(tool)s for this, which is not on this machine."),
        then=N_("Install it (package postgresql-client), or run on the database server: %(command)s"),
    ),
    "file_exists": Sentence(
        what=N_("The backup was not made."),
        why=N_("There is already a file %(file)s."),
        then=N_("Choose another name; a backup never overwrites a file."),
    ),
    "not_a_backup": Sentence(
        what=_NOT_RESTORED,
        why=N_("%(file)s cannot be used: %(reason)s"),
        then=N_("The database in use was not touched. Try an older backup."),
    ),
    "chain_broken": Sentence(
        what=N_("The journal does not prove itself."),
        why=N_("From entry %(sequence)s on the hash chain does not hold (%(faults)s faults)."),
        then=N_("Do not go on working on it. Keep a copy, run verify, and restore the last sound backup."),
    ),
    "demo_not_whole": Sentence(
        what=_NOTHING_STARTED,
        why=N_("The demo district in the database %(database)s is not whole: its loading was stopped half-way."),
        then=N_(
            "If another program is loading it at this moment, wait for that. "
            "Otherwise drop the database %(database)s, create it anew, and start again."
        ),
    ),
    "database_in_use": Sentence(
        what=_NOT_RESTORED,
        why=N_("A server or another program has %(file)s open."),
        then=N_("Stop it, then restore."),
    ),
    "rules_missing": Sentence(
        what=_NOTHING_STARTED,
        why=N_("The database lacks the rules that keep the ledger from being changed: %(names)s."),
        then=N_("Run verify to see whether anything was changed, then: python -m inventory init"),
    ),
    "sqlite_too_old": Sentence(
        what=_NOTHING_STARTED,
        why=N_("SQLite %(version)s can damage a database; %(wanted)s or newer is needed."),
        then=N_("Install the locked packages again: make run"),
    ),
    "already_founded": Sentence(
        what=N_("Nothing was set up."),
        why=N_("The database holds its district already: %(name)s."),
        then=N_("Use another data folder (INVENTORY_HOME) or database (DATABASE_URL)."),
    ),
    "bad_node_code": Sentence(
        what=N_("Nothing was set up."),
        why=N_("“%(code_given)s” is not a code for this place."),
        then=N_("Use 2 to 12 capital letters and digits; it stands in every paper number."),
    ),
    "bad_district_name": Sentence(
        what=N_("Nothing was set up."),
        why=N_("The name has %(length)s characters."),
        then=N_("Give one of 1 to %(length_max)s characters."),
    ),
    "catalogue_not_empty": Sentence(
        what=N_("The starter catalogue was not loaded."),
        why=N_("The catalogue already holds %(items)s items; the two would mix."),
        then=N_("Go on with the catalogue that is there; import or change items one by one."),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "reason": {
        "no_such_file": N_("there is no such file"),
        "not_ours": N_("it is not a database of this program"),
    },
}
