"""Every test by its code: its name in the field, and its null hypothesis."""

from __future__ import annotations

from veedor.report.words.language import noted

_EQUAL = noted("The forecast's and the reference's expected scores are equal.")
_NO_BETTER = noted("The forecast's expected score is no better than the reference's.")
_NO_WORSE = noted("The forecast's expected score is no worse than the reference's.")
_SHARES = noted("Incidents are spread over places by chance alone.")

#: Code -> (name, null hypothesis).
TESTS = {
    "spearman_effective_zones": (
        noted(
            "Spearman correlation, Fisher's transformation with the effective number of zones, "
            "two-sided"
        ),
        noted(
            "The share of the group in a zone has nothing to do with how much the zone is "
            "predicted, given that neighbours resemble each other."
        ),
    ),
    "morans_i_log_count": (
        noted("Moran's I of log(1 + count), queen contiguity, row-standardised, upper tail"),
        noted("Predictions are spread over the zones without regard to which are neighbours."),
    ),
    "mantel_haenszel": (
        noted("Mantel-Haenszel, jackknife over places, two-sided"),
        noted("Given what is reported, being flagged changes nothing in what is discovered."),
    ),
    "difference_of_persistence": (
        noted("difference of persistence, jackknife over places, two-sided"),
        noted("Flags last as long as a ranking by reported incidents does."),
    ),
    "number_test": (
        noted("N-test ({family}), two-sided"),
        noted(
            "The number of incidents recorded in all cells and periods together is a draw from the "
            "forecast's distribution of that number."
        ),
    ),
    "likelihood_test": (
        noted("L-test ({family}), lower tail"),
        noted("The counts of all cells and periods are independent draws from the forecast."),
    ),
    "conditional_likelihood_test": (
        noted("CL-test ({family}), lower tail"),
        noted(
            "Given how many incidents were recorded in all cells and periods together, when and "
            "where they were recorded is a draw from the forecast."
        ),
    ),
    "space_test": (
        noted("S-test ({family}), lower tail"),
        noted(
            "Given how many incidents were recorded in all, where they were recorded, over all "
            "periods together, is a draw from the forecast."
        ),
    ),
    "category_test": (
        noted("M-test by category ({family}), lower tail"),
        noted(
            "Given how many incidents were recorded in all, of which category they are is a draw "
            "from the forecast."
        ),
    ),
    "calibration_by_log_score": (
        noted("test of calibration by the log score (Wei & Held), two-sided"),
        noted("The counts of all cells and periods are independent draws from the forecast."),
    ),
    "calibration_by_crps": (
        noted("test of calibration by the CRPS (Wei & Held), two-sided"),
        noted("The counts of all cells and periods are independent draws from the forecast."),
    ),
    "calibration_by_dawid_sebastiani": (
        noted("test of calibration by the Dawid-Sebastiani score (Wei & Held), two-sided"),
        noted("The counts of all cells and periods are independent draws from the forecast."),
    ),
    "t_test": (
        noted("T-test, two-sided"),
        noted(
            "Incident for incident, both forecasts' means are equally good: the expected "
            "information gain per incident is 0."
        ),
    ),
    "w_test": (
        noted("W-test, two-sided"),
        noted(
            "Incident for incident, both forecasts' means are equally good: the median information "
            "gain per incident is 0."
        ),
    ),
    "diebold_mariano": (
        noted("Diebold-Mariano test ({kernel}, {lags} lags, small-sample correction), two-sided"),
        _EQUAL,
    ),
    "diebold_mariano_better": (
        noted("Diebold-Mariano test ({kernel}, {lags} lags, small-sample correction), better"),
        _NO_BETTER,
    ),
    "diebold_mariano_worse": (
        noted("Diebold-Mariano test ({kernel}, {lags} lags, small-sample correction), worse"),
        _NO_WORSE,
    ),
    "e_process_better": (
        noted("E-process, better ({bounds})"),
        noted(
            "At every time, by the expectation given the past, the forecast was, on average so "
            "far, no better than the reference."
        ),
    ),
    "e_process_worse": (
        noted("E-process, worse ({bounds})"),
        noted(
            "At every time, by the expectation given the past, the forecast was, on average so "
            "far, no worse than the reference."
        ),
    ),
    "e_process_either": (
        noted("E-process, two-sided ({bounds})"),
        noted(
            "At every time, by the expectation given the past, the forecast was, on average so "
            "far, as good as the reference."
        ),
    ),
    "one_change": (
        noted("Sup-F test of one change, blocks of {length} periods permuted"),
        noted("The expected score difference was the same in all periods."),
    ),
    "sums_of_cells": (
        noted("calibration of sums of cells, spread (two-sided) and lean"),
        noted(
            "The incidents of each group of cells and period are draws from the forecast's "
            "distribution of their number."
        ),
    ),
    "gini_by_chance": (noted("generalised Gini, by simulation, upper tail"), _SHARES),
    "gini_by_chance_and_exposure": (
        noted("generalised Gini, by simulation, upper tail"),
        noted("Incidents are spread over places by chance alone, as their exposure is."),
    ),
    "robust_s_index": (
        noted("robust S-index, by simulation"),
        noted("Each place keeps its share of all incidents."),
    ),
    "weighted_displacement_difference": (
        noted("weighted displacement difference, two-sided"),
        noted("Incidents changed alike where something was done and where nothing was."),
    ),
    "effects_of_calendar": (
        noted("Wald test of {kind}, by the dispersion of days"),
        noted("As many incidents are expected whichever {kind} it is."),
    ),
}
#: Codes that stand among the arguments of tests.
FAMILIES = {
    "poisson": noted("Poisson"),
    "negative_binomial": noted("negative binomial"),
    "fixed": noted("score differences by one bound"),
    "fixed_capped": noted("score differences by one bound, capped either way"),
    "of_each_period": noted("score differences by each period's bound"),
    "of_each_period_capped": noted("score differences by each period's bound, capped either way"),
}
