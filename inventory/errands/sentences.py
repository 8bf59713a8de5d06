"""How the command line itself says no."""

from __future__ import annotations

from inventory.core.words import N_, Sentence

_NOTHING_DONE = N_("Nothing was done.")

SENTENCES: dict[str, Sentence] = {
    "no_picture": Sentence(
        what=N_("Not taken."),
        why=N_("The file (%(bytes)s bytes) is no picture that can be read."),
        then=N_("Take a photograph of the page, or scan it as PNG or JPEG."),
    ),
    "own_paper": Sentence(
        what=N_("Nothing was booked."),
        why=N_("%(number)s was signed by this machine itself: there is nothing to take from it here."),
        then=N_(
            "Receive it under Ship & receive, On the way. If the books do not have it, an old backup was restored: "
            "tell the administrator."
        ),
    ),
    "bad_environment": Sentence(
        what=_NOTHING_DONE,
        why=N_("An environment variable cannot be understood: %(reason)s"),
        then=N_("Correct it; docs/settings.md lists them all."),
    ),
    "not_founded": Sentence(
        what=_NOTHING_DONE,
        why=N_("The database holds no district yet."),
        then=N_("Run: python -m inventory init"),
    ),
    "not_empty": Sentence(
        what=N_("The demo district was not loaded."),
        why=N_("The database holds a district already: %(name)s."),
        then=N_("Use another data folder (INVENTORY_HOME) or database (DATABASE_URL)."),
    ),
    "port_taken": Sentence(
        what=N_("The program was not started."),
        why=N_("Another program listens at %(address)s, port %(port)s."),
        then=N_("Stop it, or choose another port: --port 8502"),
    ),
    "file_unreadable": Sentence(
        what=_NOTHING_DONE,
        why=N_("The file %(file)s cannot be read: %(reason)s"),
        then=N_("Check its name and its rights."),
    ),
    "file_unwritable": Sentence(
        what=N_("The file was not written."),
        why=N_("%(file)s cannot be written: %(reason)s"),
        then=N_("Choose another name or folder."),
    ),
    "unknown_kind": Sentence(
        what=_NOTHING_DONE,
        why=N_("“%(wanted)s” is not one of: %(known)s."),
        then=N_("Choose one of these."),
    ),
    "passwords_differ": Sentence(
        what=N_("Nothing was set up."),
        why=N_("The two passwords are not the same."),
        then=N_("Start again and type it twice."),
    ),
    "no_such_plan": Sentence(
        what=N_("Nothing was approved."),
        why=N_("Request %(request)s has no open plan “%(alternative)s”."),
        then=N_("Compute plans first: propose %(request)s"),
    ),
    "nothing_on_the_way": Sentence(
        what=N_("Nothing was received."),
        why=N_("Nothing of %(order)s is on its way."),
        then=N_("Ship it first, or look at what was received already."),
    ),
    "not_carried": Sentence(
        what=N_("Nothing was received."),
        why=N_("“%(wanted)s” is not one line of the consignment; it carries %(carried)s."),
        then=N_("Name each line by its lot label or, where it is the only one, by its item code."),
    ),
    "not_holding": Sentence(
        what=_NOTHING_DONE,
        why=N_("Nobody, or more than one receiver, answers for lot %(lot)s."),
        then=N_("Look at the lots in custody: export custody -; name the incident with --incident."),
    ),
    "no_public_key": Sentence(
        what=N_("The key was not taken in."),
        why=N_("%(file)s holds no public key for papers."),
        then=N_("Ask the office to send the file that “key export” or the page Verify a paper writes."),
    ),
    "bad_office_name": Sentence(
        what=N_("The key was not taken in."),
        why=N_("“%(office)s” cannot be the name of an office here."),
        then=N_("Use 2 to 40 letters, digits, spaces, dots or hyphens."),
    ),
    "other_fingerprint": Sentence(
        what=N_("The key was not taken in."),
        why=N_("Its fingerprint is %(found)s, not “%(told)s”."),
        then=N_("Have all 24 signs read to you by the office. If they still differ, the file was exchanged."),
    ),
    "office_has_key": Sentence(
        what=N_("The key was not taken in."),
        why=N_("%(office)s has another key here, %(fingerprint)s."),
        then=N_("If the office changed its key, keep both: give the new one a name of its own, with the year."),
    ),
    "key_known": Sentence(
        what=N_("The key was not taken in."),
        why=N_("It is trusted already, under the name “%(office)s” (empty: it is our own)."),
        then=N_("Nothing more is needed."),
    ),
}

FINDINGS: dict[str, str] = {
    "balance_differs_from_movements": N_("a balance differs from its movements"),
    "movements_without_balance": N_("movements without a balance"),
    "lot_does_not_sum_to_zero": N_("the places of a lot do not sum to zero"),
    "oversold": N_("more was promised or given than there is"),
    "held_differs_from_holds": N_("what is held differs from the holds"),
    "hold_used_differs_from_movements": N_("what a hold has used differs from its movements"),
    "overdrawn_differs_from_discrepancies": N_("what is overdrawn differs from the open discrepancies"),
    "floor_differs_from_place": N_("the lowest allowed balance differs from that of the place"),
    "movement_without_entry": N_("a movement without its entry"),
    "conversion_not_zero": N_("changes of owner, splits or merges do not sum to zero"),
    "missing_rule": N_("a rule that keeps the ledger from being changed is missing"),
    "chain_broken": N_("the hash chain does not hold"),
    "chain_head_differs": N_("the head of the chain differs from the last entry"),
    "movement_differs_from_entry": N_("movements differ from the facts of their entry"),
    "file_damaged": N_("the database file is damaged"),
    "paper_file_damaged": N_("the kept file of an issued paper was changed"),
    "reference_missing": N_("a row refers to something that is not there"),
}
"""What `verify` can find -> its words (msgids)."""
