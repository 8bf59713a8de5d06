"""The words of the planner's codes: faults of files, findings of the checker, reasons of shortages and of choices.

The planner itself knows no words; this module only declares them. `FAULTS` serves faults and violations alike,
`WORDS` holds what stands as a fact: why a line is short (`shortage`), what kept a nearer stockpile (`nearer`), what a
price lifts (`lift`), and notes on a whole plan (`note`).
"""

from __future__ import annotations

from inventory.core.words import N_

FAULTS: dict[str, str] = {
    # A scenario file.
    "scenario_too_large": N_("The file has %(size)s bytes; at most %(most)s are read."),
    "scenario_not_utf8": N_("The file is not UTF-8 (byte %(offset)s). Save it as UTF-8."),
    "scenario_not_json": N_("The file is not JSON (line %(line)s, position %(position)s)."),
    "scenario_too_deep": N_("The file is nested too deeply to be read."),
    "scenario_not_finite": N_("“%(value)s” is no number that can be planned with."),
    "scenario_repeated_key": N_("The key “%(value)s” stands twice in one object."),
    "scenario_wrong_format": N_("The format is “%(value)s”; “%(wanted)s” is read."),
    "scenario_unknown_key": N_("The key “%(key)s” is not known. Correct its spelling or leave it out."),
    "scenario_missing_key": N_("The key “%(key)s” is missing."),
    "scenario_not_an_object": N_("An object is needed here; “%(value)s” was given."),
    "scenario_not_a_list": N_("A list is needed here; “%(value)s” was given."),
    "scenario_not_text": N_("Text is needed here; “%(value)s” was given."),
    "scenario_text_length": N_("The text has %(length)s characters; 1 to %(most)s are allowed."),
    "scenario_not_allowed": N_("“%(value)s” is not allowed here; allowed are %(allowed)s."),
    "scenario_not_whole": N_("A whole number is needed here; “%(value)s” was given. Nothing is rounded."),
    "scenario_out_of_range": N_("%(value)s is outside %(low)s to %(high)s."),
    "scenario_not_a_number": N_("A number is needed here; “%(value)s” was given."),
    "scenario_not_a_flag": N_("true or false is needed here; “%(value)s” was given."),
    "scenario_not_a_day": N_("“%(value)s” is not a day; write it as YYYY-MM-DD."),
    "scenario_not_an_instant": N_("“%(value)s” is not a time with its offset; write it as 2026-07-01T08:00:00+08:00."),
    "scenario_not_a_ratio": N_("“%(value)s” is not a ratio; give a positive whole number or [n, d]."),
    "scenario_duplicate": N_("“%(value)s” stands twice."),
    "scenario_unknown_reference": N_("“%(value)s” does not stand in “%(section)s”."),
    "scenario_own_substitute": N_("“%(value)s” cannot be its own substitute."),
    "scenario_half_a_point": N_("“%(value)s” has only one of latitude and longitude."),
    "scenario_not_a_matrix": N_("A square table of minutes for all %(places)s places is needed here."),
    # A plan file, and what the checker finds in a plan.
    "plan_too_large": N_("The file has %(size)s bytes; at most %(most)s are read."),
    "plan_not_utf8": N_("The file is not UTF-8 (byte %(offset)s). Save it as UTF-8."),
    "plan_not_json": N_("The file is not JSON (line %(line)s, position %(position)s)."),
    "plan_too_deep": N_("The file is nested too deeply to be read."),
    "plan_not_finite": N_("“%(value)s” is no number that can be planned with."),
    "plan_repeated_key": N_("The key “%(value)s” stands twice in one object."),
    "plan_unknown_key": N_("The key “%(key)s” is not known. Correct its spelling or leave it out."),
    "plan_missing_key": N_("The key “%(key)s” is missing."),
    "plan_malformed": N_("“%(value)s” cannot stand here in a plan."),
    "plan_other_scenario": N_("The plan was made for other data than these."),
    "plan_unknown": N_("“%(id)s” does not exist in the data of the plan."),
    "plan_no_way": N_("No way leads from %(origin)s to %(target)s by “%(mode)s”."),
    "plan_wrong_arrival": N_("Arrival after %(stated)s minutes is stated; it is %(wanted)s."),
    "plan_wrong_item": N_("“%(stated)s” is stated; the lot is “%(wanted)s”."),
    "plan_wrong_place": N_("“%(stated)s” is stated as the place; it is “%(wanted)s”."),
    "plan_no_substitute": N_("“%(by)s” is no substitute for “%(item)s”."),
    "plan_place_bound": N_("“%(stock)s” may not leave its place."),
    "plan_broken_pack": N_("%(quantity)s is not a multiple of the pack of %(pack)s."),
    "plan_leaves_too_early": N_("It leaves after %(stated)s minutes, but is ready only after %(wanted)s."),
    "plan_too_late": N_("It arrives after %(stated)s minutes; the deadline is %(deadline)s."),
    "plan_expired": N_("The lot expires on %(expires)s; it must be good until %(needed)s."),
    "plan_more_than_stock": N_("%(drawn)s of lot “%(stock)s” are planned; it holds %(held)s."),
    "plan_reserve_broken": N_(
        "%(drawn)s of lot “%(stock)s” are planned; only %(free)s are free, the rest is safety stock."
    ),
    "plan_twice": N_("“%(id)s” is used twice."),
    "plan_more_than_asked": N_("%(sent)s are sent to “%(demand)s”, which asks for %(asked)s."),
    "plan_wrong_unmet": N_("A shortage of %(stated)s is stated for “%(demand)s”; it is %(wanted)s."),
    "plan_certificate_wrong": N_("The proof of the shortage does not close: %(stated)s is stated, %(wanted)s found."),
    "plan_wrong_objective": N_("%(stated)s is stated as a result; recomputed it is %(wanted)s."),
    "plan_wrong_bound": N_("The stated bound is better than the plan itself, so one of them is wrong."),
    "plan_not_capable": N_("“%(id)s” does not have what “%(demand)s” asks for."),
    "plan_no_operator": N_("Nobody who operates kit “%(kit)s” is sent to “%(place)s”."),
    "plan_routes_unchecked": N_("%(count)s routes stand in the plan; routes are not checked yet, so it cannot pass."),
}

WORDS: dict[str, dict[str, str]] = {
    "shortage": {
        "short_stock": N_("There is not enough of it, whatever the plan."),
        "short_no_stock": N_("Nobody holds any of it."),
        "short_road": N_("Closed roads keep stock away."),
        "short_deadline": N_("Stock that exists would arrive after the deadline."),
        "short_reserve": N_("What is left is safety stock."),
        "short_expiry": N_("What is left would expire before it is used."),
        "short_place_bound": N_("What is left may not leave its place."),
        "short_several": N_("What is left is kept by several limits at once."),
        "short_teams": N_("Not enough teams with this capability can be there in time."),
        "short_no_team": N_("No team with this capability can be there in time."),
        "short_kits": N_("Not enough kits that bridge these cuts can be there in time."),
        "short_no_kit": N_("No kit that bridges these cuts can be there in time."),
        "short_operator": N_("A kit would fit, but nobody who operates it is sent there."),
    },
    "nearer": {
        "nearer_place_bound": N_("may not leave its place"),
        "nearer_less_than_a_pack": N_("holds less than one whole pack"),
        "nearer_expiry": N_("would expire before it is used"),
        "nearer_deadline": N_("would arrive after the deadline"),
        "nearer_reserve": N_("holds safety stock only"),
        "nearer_leaves_later": N_("is ready later, so it would arrive later"),
        "nearer_given": N_("has given everything to others"),
        "nearer_not_chosen": N_("was left out for the aim of this plan"),
    },
    "lift": {
        "place_bound": N_("if place-bound stock might leave"),
        "expiry": N_("if expired stock might be used"),
        "deadline": N_("if the deadline were later"),
        "road": N_("if the closed roads were open"),
        "reserve": N_("if safety stock might be used"),
    },
    "note": {
        "note_travel_estimated": N_(
            "Travel times are estimated from the distance as the crow flies; closures are not known to them."
        ),
        "note_vehicles_not_loaded": N_("Loads and routes of vehicles are not planned yet."),
    },
}

CERTIFICATE = N_(
    "%(lines)s places need %(demand)s; the %(stockpiles)s stockpiles that can reach them in time hold %(supply)s:"
    " %(short)s short whatever the plan."
)
"""The sentence of a certificate: counts of lines and stockpiles, and its three quantities."""

PRICE = N_("%(saves)s more %(lift)s.")
"""The sentence of a price; `lift` in the words of the group of that name."""
