"""The codes that a log of promises is told of by: what is proven, what is wrong, and where."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

FINDINGS = {
    "log_signed": noted(
        "Every entry ({entries}) was signed by the holder of one key, {key}, and so was every "
        "checkpoint ({checkpoints}). Nothing in the log was changed since."
    ),
    "log_in_order": noted(
        "Every entry stands where it was appended: each names the tree head before it, is in the "
        "newest tree (inclusion proofs), and every checkpoint follows from the one before "
        "(consistency proofs)."
    ),
    "log_files_as_promised": noted(
        "Every forecast, its cells and all counts are the files that were promised, by their "
        "hashes, and the manifests say of them what they hold."
    ),
    "log_scorings_agree": noted(
        "Every scoring ({scorings}) was computed again from the counts and the forecasts, by what "
        "was promised, and agrees."
    ),
    "log_begins_as_remembered": noted(
        "The log begins with exactly the entries of the checkpoint that you kept: nothing was "
        "taken out or rewritten since you kept it."
    ),
    "log_key_as_given": noted("The key is the one that you brought."),
    "log_existed_by_authority": noted_many(
        "{seen} of {entries} entries existed by the time that an authority which you trust put "
        "to it.",
        "{seen} of {entries} entries existed by the time that an authority which you trust put "
        "to them.",
    ),
    "log_own_clock": noted_many(
        "When {own} of {promises} promises was made: own clock only. Whoever holds the key "
        "could have set that clock.",
        "When {own} of {promises} promises were made: own clock only. Whoever holds the key "
        "could have set that clock.",
    ),
    "log_authority_not_checked": noted_many(
        "That the timestamp of {entries} entry is an authority's: timestamp present, authority "
        "not checked. Give its certificate with --tsa-root.",
        "That the timestamps of {entries} entries are an authority's: timestamp present, "
        "authority not checked. Give its certificate with --tsa-root.",
    ),
    "log_may_be_another": noted(
        "That this is the only log. Whoever holds the key can write another from the start, and a "
        "log cut short is a log: only a checkpoint that you, or a witness, kept from before shows "
        "it. Keep this one with --remember."
    ),
    "log_key_of_whom": noted(
        "Whose key it is. Compare its fingerprint with one that its holder has published "
        "elsewhere, or give the key with --public-key."
    ),
    "log_others_may_exist": noted(
        "That no other forecasts were promised in other logs, of which only the better is shown."
    ),
    "log_counts_not_records": noted(
        "That the counts are what was recorded, or that what was recorded is what happened: the "
        "log keeps counts, and the records stay with who holds them."
    ),
    "log_software_not_shown": noted(
        "That a forecast was made by the software or from the data that it names."
    ),
    # Of looks.
    "log_looks_under_purposes": noted_many(
        "Every look is under a purpose that the same account declared for the same project at most "
        "8 hours before: {purposes} purpose. No account looked after it was ended.",
        "Every look is under a purpose that the same account declared for the same project at most "
        "8 hours before: {purposes} purposes. No account looked after it was ended.",
    ),
    "log_witnessed": noted_many(
        "{witnessed} checkpoint is said to have been given to a witness, and it is of this log. "
        "Ask the witness for it.",
        "{witnessed} checkpoints are said to have been given to witnesses, and they are of this "
        "log. Ask the witnesses for them.",
    ),
    "log_looks_own_clock": noted(
        "When a look was: own clock only. Whoever holds the key could have set that clock."
    ),
    "log_looks_of_unknown": noted(
        "Who let every account in: some looked of which the log does not say it."
    ),
    "log_looks_past_the_site": noted(
        "That nobody looked otherwise. The site writes down what it shows. Who administers its "
        "machine can read its files and its database without it."
    ),
    "log_purposes_not_true": noted(
        "That a purpose is true. The log holds what was stated, and when; hold it against the "
        "files that it names."
    ),
    "log_account_not_person": noted(
        "Who sat before the screen. An account is known by a key; the site's administrator knows "
        "whose it is, and does not know who used it."
    ),
    # Where.
    "log_file": noted("{file}"),
    "log_entry_in_file": noted("{file}, entry {entry}"),
    "log_checkpoint_in_file": noted("{file}, checkpoint"),
    "log_entry": noted("entry {entry}"),
    "log_timestamp": noted("entry {entry}, timestamp"),
    "log_promise": noted("entry {entry}, forecast of {category} by {forecaster}"),
    "log_scoring": noted("entry {entry}, scoring of entry {of}"),
    "log_remembered": noted("remembered checkpoint"),
    "log_remembered_of": noted_many(
        "remembered checkpoint of {entries} entry", "remembered checkpoint of {entries} entries"
    ),
    # Problems of files, chain and signatures.
    "log_fails": noted("{error}"),
    "log_foreign": noted("does not belong to the log"),
    "log_no_file": noted("is missing, or is no plain file"),
    "log_no_folder": noted("is missing, or is no folder"),
    "log_file_too_large": noted("is larger than any such file"),
    "log_file_of_other_size": noted("has {found} bytes, and {promised} were promised"),
    "log_file_changed": noted("was changed: its hash is another"),
    "log_batch_expected": noted(
        "the next batch must be {expected}: a batch was dropped, added, reordered or renamed; "
        "this one and all after it are not read"
    ),
    "log_out_of_place": noted("says that it is entry {says}: not in its place"),
    "log_does_not_follow": noted("does not follow the entries before it: they were changed"),
    "log_written_before_the_last": noted(
        "was written before the entry before it, by its own clock"
    ),
    "log_key_replaced": noted("no signature in the log is this key's: the key was replaced"),
    "log_key_of_another": noted("is not the key that was expected, {expected}: another's log"),
    "log_not_signed": noted("its signature is not the key's"),
    "log_checkpoint_of_others": noted(
        "is of {size} entries, and {entries} can be read that end otherwise: entries were "
        "dropped, added or changed"
    ),
    "log_mixed": noted("checkpoints of different logs are mixed"),
    "log_checkpoint_of_other_entries": noted("its checkpoint is not of the entries up to there"),
    "log_checkpoint_inconsistent": noted("its checkpoint is not consistent with the one before"),
    "log_not_in_the_tree": noted("is not in the tree"),
    "log_remembered_by_another_key": noted("was signed with another key: the log was replaced"),
    "log_remembered_of_another": noted("is of the log {name}: the log was replaced"),
    "log_cut_short": noted("the log has only {entries} now: entries were taken out of it"),
    "log_rewritten": noted("the log does not begin with those entries: it was rewritten"),
    # Problems of what entries say.
    "log_timestamp_not_last": noted("its batch has a timestamp that is not its last"),
    "log_backdated": noted("says {says}, the entry {entry_says}: backdated"),
    "log_clock_not_so": noted("says {says}, which is not so"),
    "log_promised_twice": noted("the same forecast was promised before"),
    "log_says_late": noted("says that it is late, sealed {sealed}"),
    "log_says_in_time": noted("says that it is not late, sealed {sealed}"),
    "log_seen_late": noted("an authority saw it only {seen}, after its period began"),
    "log_other_category": noted("says category {says}, and the forecast's is {found}"),
    "log_other_forecaster": noted("says forecaster {says}, and the forecast's is {found}"),
    "log_other_version": noted("says version {says}, and the forecast's is {found}"),
    "log_other_periods": noted("says periods {says}, and the forecast's are {found}"),
    "log_other_time_zone": noted("says time zone {says}, and the forecast's is {found}"),
    "log_other_data_cutoff": noted("says data cut-off {says}, and the forecast's is {found}"),
    "log_other_issued_at": noted("says issue time {says}, and the forecast's is {found}"),
    "log_other_cells": noted("says {says} cells, and the forecast has {found}"),
    "log_no_reference": noted("its reference was not promised before it"),
    "log_reference_of_others": noted("its reference is of another category, periods or cells"),
    "log_promise_among_looks": noted("is a promise, and the log is of looks"),
    "log_looks_among_promises": noted("is of an access log, and the log is of promises"),
    "log_look_without_purpose": noted("names entry {says} as its purpose, which is none before it"),
    "log_look_for_another_account": noted(
        "is under the purpose of entry {of}, which another account declared"
    ),
    "log_look_for_another_project": noted(
        "is under the purpose of entry {of}, which is for another project"
    ),
    "log_look_too_late": noted(
        "is under the purpose of entry {of}, which was in force until {until}"
    ),
    "log_look_after_the_end": noted("is by an account that was ended before"),
    "log_witness_of_others": noted(
        "says that a witness has a checkpoint of {entries} entries, and it is not of this log: "
        "entries were changed or taken out"
    ),
    "log_scoring_of_nothing": noted("there is no such promise before it"),
    "log_other_round": noted("says it is round {says}, and it is round {found}"),
    "log_scored_early": noted("before {due}, as was promised"),
    "log_not_computable": noted("cannot be computed again: a file of it is missing or changed"),
    "log_scores_differ": noted(
        "the scores, computed again, differ: {at}: {stated} stated, {found} found"
    ),
    # What is no fault.
    "log_late": noted(
        "Entry {entry} was sealed late: its first period began {begins}, it was sealed {sealed}. "
        "It proves no forecast."
    ),
    "log_key_renewed": noted(
        "By entry {entry} another key took the place of the one before, which signed it: what "
        "follows is signed by the key with the SHA-256 {key}."
    ),
    "log_cutoff_after": noted(
        "Entry {entry} names data up to {cutoff}, and was sealed {sealed}, before that: its "
        "cut-off is not what it says."
    ),
    "log_name_not_seen": noted(
        "Entry {entry} has a name with characters that cannot be seen: {name}."
    ),
    "log_checkpoint_behind": noted(
        "The file checkpoint lacks the last batch: a write that broke off after the batch was "
        "complete. The batch holds its own checkpoint, and counts."
    ),
    "log_left_over": noted(
        "{file} belongs to no entry: left by a write that broke off. It proves nothing; the next "
        "writer removes it."
    ),
    # Why a promise was not scored.
    "log_not_due": noted("may be scored from {due} on"),
    "log_scored_before": noted("was scored with the same counts before"),
    "log_no_such_category": noted("the outcomes have no category {category}"),
    "log_not_recorded": noted(
        "the outcomes run from {begins} to {ends}, and time without a record is not time without "
        "incidents"
    ),
}
