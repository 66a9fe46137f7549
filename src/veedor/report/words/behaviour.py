"""Words of the behaviour audit."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "behaviour_periods": noted(
        "periods, {before} before and {after} after: sensitive series {series}, controls {controls}"
    ),
    "behaviour_one_series": noted("periods, {before} before and {after} after: one sum of series"),
    "behaviour_series": noted_many("sensitive series: {n}", "sensitive series: {n}"),
}
METHODS = {
    "behaviour_integrated_reml": noted(
        "restricted likelihood (REML) with first-order autocorrelated errors, over all "
        "autocorrelations by their likelihood; Student's t, {freedom} degrees of freedom"
    ),
    "behaviour_random_effects": noted(
        "the same, for other series like these: with what their effects differ by (Student's t, "
        "{freedom} degrees of freedom, after Satterthwaite)"
    ),
    "behaviour_reml": noted(
        "restricted likelihood (REML) with the likeliest autocorrelation taken as known; Student's "
        "t, {freedom} degrees of freedom: too narrow for short series"
    ),
    "behaviour_prais_winsten": noted(
        "Prais-Winsten; Student's t, {freedom} degrees of freedom: too narrow for short series"
    ),
    "behaviour_ols": noted("least squares, as the published study: errors taken as independent"),
    "behaviour_poisson": noted(
        "Poisson regression, as the published study: variance taken as the mean; normal interval"
    ),
    "behaviour_quasi_poisson": noted(
        "quasi-Poisson regression, as the published study: variance in proportion to the mean; "
        "normal interval"
    ),
}
FINDINGS = {
    "behaviour_lows": noted_many(
        "In {n} period half or more of the series fall below half of what is usual for them: a "
        "record that was not kept looks like this. Nobody has said what these values are.",
        "In {n} periods half or more of the series fall below half of what is usual for them: a "
        "record that was not kept looks like this. Nobody has said what these values are.",
    ),
    "behaviour_days_unused": noted(
        "The table has a column {column}, which seems to hold days without a record, and nobody "
        "named it with --missing-days: sums of months then hold zeros that mean missing, and "
        "cannot be told from them."
    ),
    "behaviour_series_small": noted_many(
        "{n} series was set aside and is not named: a count below 10 in a period (role: {role}).",
        "{n} series were set aside and are not named: counts below 10 in a period (role: {role}).",
    ),
    "behaviour_rests_on_series": noted_many(
        "The change rests on {n} series: without it, it is not shown.",
        "The change rests on each of {n} series: without one of them, it is not shown.",
    ),
    "behaviour_rests_on_period": noted_many(
        "The change rests on {n} period: without it, it is not shown.",
        "The change rests on each of {n} periods: without one of them, it is not shown.",
    ),
    "behaviour_rests_on_last": noted(
        "The change rests on the last periods: without the last {n} it is not shown."
    ),
}
