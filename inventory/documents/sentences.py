"""What the refusals of the papers say, and the words for kinds of paper and their fields."""

from inventory.core.words import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "not_a_part": Sentence(
        what=N_("Not taken."),
        why=N_("This is no code of a data page: %(text)s"),
        then=N_("Scan the numbered codes of the data page, not the small one in its corner."),
    ),
    "part_altered": Sentence(
        what=N_("Not taken."),
        why=N_("Code %(part)s of %(parts)s of %(number)s does not carry what was printed: a character is wrong."),
        then=N_("Scan this code again from the paper. If it stays so, the paper was altered: ask the sender."),
    ),
    "other_paper": Sentence(
        what=N_("Not taken."),
        why=N_("This code belongs to %(other)s (or to another print of it); %(number)s is being read."),
        then=N_("Finish this paper first, or begin anew with the other one."),
    ),
    "parts_missing": Sentence(
        what=N_("Not complete yet."),
        why=N_("Of the %(parts)s codes of %(number)s these were not read: %(missing)s."),
        then=N_("Scan them too, in any order."),
    ),
    "carried_altered": Sentence(
        what=N_("Nothing was booked."),
        why=N_("The data of %(number)s were altered or forged: the signature does not fit them."),
        then=N_("Do not use this paper. Ask the sender by telephone what was sent."),
    ),
    "carried_unknown_key": Sentence(
        what=N_("Nothing was booked."),
        why=N_(
            "%(number)s was signed with the key %(fingerprint)s, which is not known here: "
            "another district, or a forgery."
        ),
        then=N_(
            "Ask that office for its public key, compare the fingerprint by telephone and take it in: "
            "python -m inventory key trust."
        ),
    ),
    "carried_newer": Sentence(
        what=N_("Not taken."),
        why=N_("This code is of version %(version)s of our data pages; this program reads version 1."),
        then=N_("Update the program, or enter the goods by hand."),
    ),
    "too_much_to_carry": Sentence(
        what=N_("The data page was not printed."),
        why=N_("The data of %(number)s need %(codes)s codes; nobody scans more than %(codes_max)s."),
        then=N_("Send the order in several consignments; each has a data page of its own."),
    ),
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
    "nothing_to_print": Sentence(
        what=N_("Nothing was printed."),
        why=N_("No document was chosen, or none fits the filters."),
        then=N_("Choose other filters, or name the documents."),
    ),
    "too_much_at_once": Sentence(
        what=N_("Nothing was printed."),
        why=N_(
            "One file may hold %(papers_most)s papers with %(lines_most)s lines; these are %(papers)s papers with "
            "%(lines)s lines."
        ),
        then=N_("Print fewer at once: narrow the filters, or print site by site."),
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
    "certificate_unusable": Sentence(
        what=N_("Nothing was printed."),
        why=N_("The certificate %(file)s cannot sign papers: %(reason)s."),
        then=N_("Correct INVENTORY_PAPER_CERTIFICATE and its password file, or remove them to print without it."),
    ),
    "signature_missing": Sentence(
        what=N_("Nothing was printed."),
        why=N_("Papers are to be signed with %(file)s, but the package that does it is not installed."),
        then=N_("Install it: pip install --require-hashes -r requirements-sign.txt; or remove the setting."),
    ),
}

CHECKS: dict[str, Sentence] = {
    "genuine": Sentence(
        what=N_("Genuine: %(number)s, revision %(revision)s."),
        why=N_("Signed by the key %(fingerprint)s; nothing in the code was changed."),
        then=N_("Compare what is printed with the order here: only the latest revision counts."),
    ),
    "altered": Sentence(
        what=N_("Altered or forged: %(number)s, revision %(revision)s."),
        why=N_("It names the key %(fingerprint)s, but the signature does not fit."),
        then=N_("Do not hand anything over. Keep the paper and call the issuing office."),
    ),
    "unknown_key": Sentence(
        what=N_("Not proven: %(number)s, revision %(revision)s."),
        why=N_("It was signed with the key %(fingerprint)s, which is not trusted here."),
        then=N_("Ask the issuing office for its public key, or read it the code over the telephone."),
    ),
    "not_a_seal": Sentence(
        what=N_("This is not the code of one of our papers."),
        then=N_("Scan the square code at the top of the paper again."),
    ),
}
"""What the check of a paper's code found, by the `code` of the result; facts are its fields."""

WORDS: dict[str, dict[str, str]] = {
    "kind": {
        "dispatch_order": N_("dispatch order"),
        "pick_list": N_("pick list"),
        "receipt": N_("hand-over receipt"),
        "count_sheet": N_("count sheet"),
        "resource_request": N_("resource request"),
        "demand_report": N_("demand report"),
        "requirement_sheet": N_("requirement sheet"),
        "resource_cards": N_("sheet of resource cards"),
        "incident_record": N_("incident record"),
        "close_out": N_("close-out"),
        "data_page": N_("data page"),
        "hand_back": N_("receipt page for the sender"),
        "variance_report": N_("count variance report"),
        "waybill": N_("waybill"),
        "receipt_note": N_("receipt note"),
        "issue_note": N_("issue note"),
        "return_note": N_("return note"),
        "scrap_request": N_("scrap request"),
        "loan_note": N_("loan note"),
        "lot_labels": N_("sheet of lot labels"),
        "bin_labels": N_("sheet of bin labels"),
        "asset_labels": N_("sheet of device labels"),
        "kit_labels": N_("sheet of kit labels"),
        "stock_register": N_("stock register"),
        "team_register": N_("team register"),
        "device_register": N_("device register"),
        "team_order": N_("team deployment order"),
        "mobilisation": N_("mobilisation sheet"),
        "communications_plan": N_("communications plan"),
        "check_in": N_("check-in list"),
        "status_change": N_("resource status change"),
    },
    "reason": {
        "certificate_file_missing": N_("a file is missing or cannot be read"),
        "certificate_password_wrong": N_("the password is wrong, or it is no PKCS#12 file"),
        "certificate_without_key": N_("it holds no key, or no certificate"),
        "certificate_not_yet_valid": N_("it is not valid yet"),
        "certificate_expired": N_("it has expired"),
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
        "needed": N_("quantity needed"),
        "own_total": N_("own stock in all"),
        "own_used": N_("own stock used"),
        "amount_kind": N_("kind of goods (each once a line)"),
        "sent": N_("quantity sent"),
        "surplus": N_("surplus"),
        "lost_on_the_way": N_("quantity lost on the way"),
        "used": N_("quantity used"),
        "distributed": N_("quantity handed out"),
        "transferred": N_("quantity transferred"),
        "lost": N_("quantity lost"),
        "remaining": N_("quantity left (more was settled than received)"),
        "people": N_("number of people"),
        "present": N_("number of people present"),
        "assembly_minutes": N_("minutes to assemble"),
        "blank_lines": N_("number of blank lines (at most 200)"),
        "team": N_("team"),
        "task": N_("task"),
        "report_to": N_("place to report to"),
        "rank": N_("rank of the means (each once)"),
        "cut": N_("cut (network, power, road; each once)"),
        "receive_hertz": N_("receiving frequency"),
        "transmit_hertz": N_("transmitting frequency"),
        "receive_width": N_("width of the receiving channel (N or W)"),
        "transmit_width": N_("width of the transmitting channel (N or W)"),
        "mode": N_("mode (A, D or M)"),
        "place": N_("place of check-in"),
        "new_status": N_("new status"),
        "returned": N_("quantity returned (not more than was lent)"),
        "unit_price": N_("unit price"),
        "key": N_("line code (4 to 12 digits, each once)"),
        "issuer": N_("issuer (at most 120 characters)"),
        "document_number": N_("document number (at most 60 characters)"),
        "urgency": N_("urgency (at most 20 characters)"),
        "format": N_("format of the order"),
        "list_copies": N_("copies of the list"),
        "cosigners": N_("units that issue it together (at most 9, each at most 120 characters)"),
        "text": N_("text"),
        "label_size": N_("size of label (24, 8, 60x40 or 100x70)"),
        "label_start": N_("first free place of the sheet"),
        "label_code": N_("code of a label (1 to 40 signs)"),
        "label_copies": N_("number of labels (at least 1, at most 5,000 in one file)"),
        "label_text": N_("text of a label (too long for this size; choose a larger one)"),
    },
}
