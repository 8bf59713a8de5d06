"""How this room says no: sentences of refusals by code, and one sentence for every fault of a file."""

from __future__ import annotations

from inventory.core.errors import Fault
from inventory.core.words import N_, Sentence, fill

SENTENCES: dict[str, Sentence] = {
    "file_refused": Sentence(
        what=N_("The file was not taken over."),
        why=N_("%(file)s has %(count)s problems; nothing of it was stored."),
        then=N_("Correct every problem in the list, then import the file again."),
    ),
}

FAULTS: dict[str, str] = {
    # The file as a whole.
    "empty_file": N_("The file is empty. Choose the file again, or fill in the template."),
    "file_too_large": N_("The file has %(megabytes)s MB; at most %(limit)s MB are read. Split it into several files."),
    "wrong_file_type": N_("This type of file is not read. Save it as .xlsx or as .csv."),
    "old_xls": N_("This is the old .xls format. Open it and save it as .xlsx."),
    "encrypted": N_("The file is locked with a password. Save a copy without a password."),
    "macros": N_("The file carries macros, which are never accepted. Save it as .xlsx without macros."),
    "not_a_spreadsheet": N_(
        "The content does not fit the name of the file. Open it in the spreadsheet program and save it as .xlsx;"
        " changing the ending of the name is not enough."
    ),
    "damaged_file": N_("The file is damaged and cannot be read. Open it in the spreadsheet program and save it anew."),
    "document_type": N_("The file holds a document type declaration, which no spreadsheet needs. It was not read."),
    "zip_bomb": N_("Unpacked, the file would have %(megabytes)s MB; at most %(limit)s MB are read."),
    "too_many_parts": N_("The file has %(count)s parts; at most %(limit)s are read."),
    "too_many_rows": N_(
        "There is a value in row %(row)s; at most %(limit)s rows are read."
        " Delete what stands far below the table, or split the table into several files."
    ),
    "too_many_columns": N_(
        "There is a value in column %(column)s; at most %(limit)s columns are read."
        " Delete what stands far to the right of the table."
    ),
    "too_much_text": N_("The table holds more than %(limit)s characters. Split it into several files."),
    "timed_out": N_(
        "Reading took longer than %(seconds)s seconds and was stopped. Split the table into several files."
    ),
    "out_of_memory": N_(
        "Reading needed more than %(megabytes)s MB of memory and was stopped."
        " Split the table into several files, without pictures and formats."
    ),
    "nul_bytes": N_("The file holds zero bytes, so it is no text. Save it as CSV UTF-8, or as .xlsx."),
    "unknown_encoding": N_("The text is neither UTF-8, UTF-16 nor GB18030. Save it as CSV UTF-8, or as .xlsx."),
    "broken_csv": N_("A quotation mark is not closed from row %(row)s on, so the rows cannot be told apart."),
    "no_sheet": N_("The file has no visible worksheet."),
    "no_rows": N_("There is no filled row. Fill in the template below its headings."),
    "no_headings": N_("The headings were not found. These are needed: %(headings)s."),
    "wrong_template": N_("This is the template for %(found)s; the template for %(wanted)s is needed."),
    "other_template_version": N_(
        "The template has version %(found)s, now in use is version %(wanted)s. Download the template again."
    ),
    # What the file says about itself, and the hidden marks of its rows.
    "meta_altered": N_(
        "The hidden part by which the file is known was changed. Download the table again and fill that in."
    ),
    "other_district": N_(
        "The file was given out by %(found)s; this is %(here)s. To use it here, copy its rows into a template"
        " downloaded here."
    ),
    "other_key": N_(
        "The file was given out before the key of this district was changed. Download the table again and fill that in."
    ),
    "other_task": N_("The file is the sheet of %(found)s; %(wanted)s is asked for here."),
    "marks_gone": N_(
        "The hidden column that tells which row is which was deleted. Fill in the file as it was given out."
    ),
    "mark_missing": N_("The row was not given out with this sheet, or its hidden mark was deleted."),
    "mark_altered": N_("The hidden mark of the row was changed. Take the row over from the file as it was given out."),
    "mark_twice": N_("The row carries the hidden mark of row %(first)s once more (%(of)s). Keep one of the two."),
    "mark_of_another_row": N_(
        "The row was given out for %(of)s, and what stands in it now belongs to another. Do not move or overwrite cells"
        " that are filled in already; put what is new into a row of its own at the end."
    ),
    "rows_not_back": N_(
        "%(count)s rows that were given out are not in the file; they stay as they are, nothing is deleted."
    ),
    "further_sheet": N_(
        "The sheet %(sheet)s holds values too, and only the first sheet is taken over. Delete it, or save it as a file"
        " of its own."
    ),
    # Headings.
    "missing_heading": N_("The column %(heading)s is missing. Do not delete or rename the headings of the template."),
    "unknown_heading": N_("No column is called %(text)s. Delete it, or correct its heading."),
    "heading_twice": N_("The heading %(text)s stands twice. Keep one of the two columns."),
    "hidden_column": N_("The column %(text)s is hidden. Show it, so that everyone sees what is taken over."),
    # Cells and rows of any table.
    "formula": N_("The cell holds a formula. Replace it by its value (copy, then paste as values)."),
    "error_value": N_("The cell holds an error value such as #N/A."),
    "merged_cells": N_("The cells %(area)s are merged. Unmerge them and fill in every row."),
    "hidden_row": N_("The row is hidden. Show it, or clear the filter, so that everyone sees what is taken over."),
    "text_too_long": N_("The text has %(length)s characters; at most %(limit)s are read."),
    "longer_than_allowed": N_("The text has %(length)s characters; this column takes at most %(limit)s."),
    "control_characters": N_("The text holds a control character (%(character)s). Type it anew."),
    "invisible_characters": N_("The text holds an invisible character (%(character)s). Type it anew, do not paste it."),
    "value_without_heading": N_(
        "There is a value in a column without a heading. Delete it, or give the column its heading."
    ),
    "missing_value": N_("This must be filled in."),
    "not_text": N_("%(text)s is no text. Set the cell to the format Text and type it anew."),
    "number_too_long": N_(
        "The spreadsheet stored this code as a number and keeps only 15 digits of it."
        " Set the cell to the format Text and type the code anew."
    ),
    "blank_in_code": N_("The code %(text)s has a blank in it."),
    "line_break": N_("The text has more than one line. Write it on one line."),
    "not_a_quantity": N_("%(text)s is no quantity. Fill in a whole number from 0 to 999,999,999, without a unit."),
    "quantity_too_small": N_("The quantity is %(quantity)s; it must be at least %(smallest)s."),
    "not_a_date": N_("%(text)s is no date. Write year, month and day, for example 2026-11-23."),
    "date_as_number": N_(
        "%(text)s is a number. As a day of the spreadsheet it would be %(date)s: set the cell to the format Date, or"
        " type the day."
    ),
    "number_out_of_range": N_("%(number)s is out of range; %(smallest)s to %(largest)s are possible."),
    "not_a_number": N_("%(text)s is no number. Write digits, with at most three decimals."),
    "date_out_of_range": N_("The date %(date)s lies outside %(first)s to %(last)s."),
    "not_an_amount": N_("%(text)s is no amount of money. Write yuan with at most two decimals, for example 12.50."),
    "not_a_choice": N_("%(text)s is not in the list. Possible are: %(choices)s."),
    # The stock list.
    "too_many_lines": N_(
        "The list has %(count)s lines; at most %(limit)s are taken at once. Split it into several files."
    ),
    "unknown_site": N_("No site has the code %(text)s."),
    "closed_site": N_("The site %(text)s is closed."),
    "site_not_on_hand": N_(
        "The site %(text)s only promises goods (contract, capacity); nothing stands there that could be counted."
    ),
    "unknown_bin": N_(
        "The site %(site)s has no bin %(text)s. Correct it, or write yes in the column for opening a new bin."
    ),
    "not_an_open_bin": N_("%(text)s in the site %(site)s is closed, or is no bin for stock."),
    "item_not_named": N_("Give the code of the item, or its name."),
    "unknown_item": N_("The catalogue has no item %(text)s."),
    "name_of_another_item": N_("%(text)s is not the name of the item %(code)s. Correct one of the two."),
    "name_of_several_items": N_("Several items are called %(text)s: %(codes)s. Give the code."),
    "item_not_in_use": N_("The item %(text)s is no longer in use."),
    "serial_item": N_("The item %(text)s is kept piece by piece with serial numbers; it is not part of a stock list."),
    "unit_not_of_item": N_("%(text)s is no unit of the item %(item)s. Possible are: %(units)s."),
    "quantity_too_large": N_("That would be %(quantity)s base units; at most %(limit)s are kept in one line."),
    "unknown_owner": N_("No organisation has the code %(text)s."),
    "made_in_future": N_("It cannot have been made on %(date)s: that day has not come yet."),
    "expires_before_made": N_("It would expire on %(date)s, before it was made on %(made)s."),
    "expiry_needed": N_("The item %(item)s needs the day on which it expires."),
    # The lists that set a district up.
    "not_degrees": N_("%(text)s is no position. Write decimal degrees up to %(limit)s, for example 29.0126."),
    "not_a_division_code": N_("%(text)s is no code of a division. Use 1 to 12 letters and digits."),
    "unknown_division": N_("No division has the code %(text)s."),
    "unknown_organisation": N_("No organisation has the code %(text)s."),
    "wrong_division_above": N_(
        "A district stands alone, a town or subdistrict under a district, a village or community under a town or"
        " subdistrict. Correct the level or the code above."
    ),
    "wrong_organisation_above": N_("An organisation cannot stand under one of a lower level."),
    "above_in_a_circle": N_("Following the codes above leads back to this organisation."),
    "half_a_point": N_("Give both latitude and longitude, or neither."),
    "no_coordinate_system": N_("Say in which coordinate system latitude and longitude were read."),
    "point_outside_china": N_(
        "Latitude %(latitude)s, longitude %(longitude)s lies outside China. They may be the wrong way round."
    ),
    "site_or_organisation": N_("Give either the code of a site or the code of an organisation."),
    "too_many_minutes": N_("At most %(limit)s minutes (a week) are possible."),
    "pack_without_size": N_("Say how many base units the pack holds, or leave its name and barcode blank too."),
    "pack_without_name": N_("Give the pack a name."),
    "unit_not_in_list": N_("No unit of the district's list is called %(text)s."),
    "item_field_wrong": N_("%(text)s does not fit here."),
    "not_a_gb_code": N_(
        "%(text)s is no code of GB/T 38565: seven digits, the first is the major class (%(major_class)s here), then"
        " three levels of two digits."
    ),
    "unit_has_stock": N_(
        "The item is kept in %(unit)s and has stock in the books; it cannot be kept in %(asked)s from now on."
    ),
    "barcode_taken": N_("The item %(item)s has the barcode %(text)s already."),
    # The list of a count.
    "strange_line": N_("Line “%(label)s” does not belong to this count."),
    "line_says_other": N_(
        "Line %(label)s says %(text)s here; in the count it is “%(wanted)s”. The row may hold the number of another"
        " line."
    ),
    # Teams, vehicles, devices, bins.
    "unknown_term": N_("%(text)s is not in the district's list, or means several things. Use its code."),
    "code_of_another_kind": N_("The code %(text)s belongs to a team or vehicle of another list already."),
    "plate_taken": N_("The plate %(text)s belongs to the vehicle %(code)s already."),
    "resource_is_out": N_("%(code)s is on a task (%(state)s). Take it out of service when it is back."),
    "device_not_named": N_("Give the label of the device, or its serial number."),
    "unknown_device": N_("No device has the label %(text)s. Leave the label of a new device blank."),
    "several_devices": N_("Several devices of this item have the serial number %(text)s. Give the label."),
    "item_not_serial": N_("The item %(text)s is not kept piece by piece; devices need an item that is."),
    "item_of_a_device": N_("The device %(label)s is of the item %(item)s; a list does not make it another."),
    "device_elsewhere": N_(
        "The device %(label)s stands at %(site)s, bin %(bin)s. A list does not move devices: move it under Stock."
    ),
    "no_such_bin": N_("The site %(site)s has no bin %(text)s. Correct it, or open the bin first (list of bins)."),
    "place_needed": N_("Say in which site and bin the new device stands."),
    "bin_of_another_kind": N_("%(text)s in the site %(site)s is there already, as another kind of place."),
    "closed_bin": N_("%(text)s in the site %(site)s was closed."),
    "way_to_itself": N_("The way begins and ends at the same site."),
    "minutes_or_unreachable": N_("Give the minutes, or write yes under unreachable; not both, not neither."),
    # Rows against each other.
    "duplicate_row": N_("The row says the same as row %(first)s once more. Keep one of the two."),
}


def fault_words(fault: Fault, language: str) -> str:
    """Return a fault in words, without its place; a code without a sentence is shown as it is."""
    msgid = FAULTS.get(fault.code)
    return fault.code if msgid is None else fill(msgid, fault.facts, language)


def fault_line(fault: Fault, language: str) -> str:
    """Return a fault as one line: row, column and what is wrong."""
    words = fault_words(fault, language)
    if not fault.row:
        return words
    line = N_("Row %(row)s, %(column)s: %(words)s") if fault.column else N_("Row %(row)s: %(words)s")
    return fill(line, {"row": fault.row, "column": fault.column, "words": words}, language)
