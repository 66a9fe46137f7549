"""Words of the codes of audits of access."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "lookups": noted("look-ups"),
    "lookups_with_time": noted("look-ups whose time is known"),
    "lookups_with_user": noted("look-ups whose user is known"),
    "lookups_with_networks": noted("look-ups that say how many networks they searched"),
    "lookups_with_devices": noted("look-ups that say how many devices they searched"),
    "lookups_with_window": noted("look-ups that say which window of time they asked for"),
    "lookups_with_key": noted("look-ups that say of what"),
    "lookups_with_key_and_user": noted("look-ups that say of what and by whom"),
    "lookups_days_after_the_log_begins": noted_many(
        "look-ups that say of what, from {days} day after the log begins on",
        "look-ups that say of what, from {days} days after the log begins on",
    ),
    "lookups_with_key_or_case": noted("look-ups that say of what or for which case"),
    "lookups_with_list_in_force": noted(
        "look-ups that say of what or for which case, while a list was in force"
    ),
    "first_lookups": noted("look-ups of what the log has no earlier look-up of"),
    "repeats": noted("look-ups of what the log has an earlier look-up of"),
    "lookups_with_reason": noted("look-ups whose reason can be read"),
    "lookups_with_reason_without_case": noted(
        "look-ups whose reason can be read and that leave the field of the case empty"
    ),
    "lookups_with_shift": noted("look-ups by users whose shift is known"),
    "keys": noted("different things looked up"),
    "users": noted("users"),
    "users_who_look": noted("users with a look-up"),
    "accounts": noted("accounts granted"),
    "forces": noted("forces"),
    "units": noted("units"),
}
METHODS = {
    "wilson_over_users": noted_many(
        "Wilson, over as many look-ups as those of {users} user are worth",
        "Wilson, over as many look-ups as those of {users} users are worth",
    ),
    "wilson_over_days": noted_many(
        "Wilson, over as many look-ups as those of {days} day are worth",
        "Wilson, over as many look-ups as those of {days} days are worth",
    ),
    "garwood_over_days": noted("Garwood, over as many look-ups as days that differ are worth"),
    "bootstrap_of_users": noted_many(
        "the wider, at each end, of studentised and percentile bootstrap of {users} user, "
        "{replicates} replicates",
        "the wider, at each end, of studentised and percentile bootstrap of {users} users, "
        "{replicates} replicates",
    ),
    "none_users_alike": noted("none: all users look alike often"),
    "none_one_user_or_day": noted("none: all are by one user and on one day"),
}
FINDINGS = {
    "no_user_is_known": noted(
        "the log says of no look-up who made it: nothing is said of users, and intervals rest on "
        "days alone"
    ),
    "constant_column": noted(
        "the column “{column}” holds the same on every row, or is masked: no rate is made of it"
    ),
    "withheld_column": noted(
        "of {lookups} look-ups, {n} have the column “{column}” withheld or masked: what is said of "
        "it is said of the others, which may differ"
    ),
    "list_not_held": noted(
        "a list was given, and no look-up can be held against it: the log has no column “{column}” "
        "that can be read"
    ),
    "lookups_without_time": noted(
        "of {lookups} look-ups, {n} have no time that can be read: they are in no month and no hour"
    ),
    "export_at_a_cap": noted(
        "{file} has {rows} rows, a limit of exports: what came after them is not there"
    ),
    "rows_of_another_width": noted_many(
        "{n} of {rows} rows of {file} has more or fewer cells than the header and is left out: row "
        "{first} behind it",
        "{n} of {rows} rows of {file} have more or fewer cells than the header and are left out, "
        "the first of them behind it: {first}",
    ),
    "rows_released_again": noted_many(
        "{n} row was released again and is counted once",
        "{n} rows were released again and are counted once",
    ),
    "lookups_nearly_alike": noted_many(
        "{n} look-up is by the user, of the thing and for the reason of one moments before; it is "
        "counted as its own",
        "{n} look-ups are by the user, of the thing and for the reason of one moments before; they "
        "are counted as their own",
    ),
    "own_lookups_in_network": noted(
        "of {lookups} look-ups in the log of the network, {n} are by the force that released it: "
        "they are left out here"
    ),
    "volume_not_explained": noted_many(
        "on {n} day look-ups halve or double, or more, and no export, column, gap or date that was "
        "given says why: it must be looked at, and nothing is compared across it; --policy with "
        "its day says why, once that is known",
        "on {n} days look-ups halve or double, or more, and no export, column, gap or date that "
        "was given says why: they must be looked at, and nothing is compared across them; --policy "
        "with their days says why, once that is known",
    ),
    "not_to_be_compared_across": noted_many(
        "the export, a column or the rules change on {n} day: nothing is compared across it",
        "the export, a column or the rules change on {n} days: nothing is compared across them",
    ),
}
