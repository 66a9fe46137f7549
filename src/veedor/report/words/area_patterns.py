"""What the patterns of area counts are out of, and how they are made."""

from __future__ import annotations

from veedor.report.words.language import noted, noted_many

DENOMINATORS = {
    "person_years": noted("people times years ({source}, {vintage})"),
    "person_years_unknown": noted("people times years, which nobody says"),
    "recorded_in_spans": noted_many(
        "recorded in {spans} reported span", "recorded in {spans} reported spans"
    ),
}
METHODS = {
    "marshall": noted(
        "quantiles of a gamma distribution, drawn towards the rate of all places (Marshall)"
    ),
    "marshall_near": noted(
        "quantiles of a gamma distribution, drawn towards the rate of the place and its neighbours "
        "(Marshall)"
    ),
    "none_no_rate": noted("none: no population, no outline, or too little was reported"),
    "quasi_poisson_trend": noted(
        "Student's t of a quasi-Poisson trend with a season, departures lasting into the next span"
    ),
    "none_short_series": noted(
        "none: fewer than 10 incidents or 8 spans reported, or less than two years"
    ),
}
TESTS = {
    "morans_i_of_rates": (
        noted(
            "Moran's I of rates standardised for their populations, {permutations} permutations, "
            "upper tail"
        ),
        noted("The rates of places have nothing to do with those of their neighbours."),
    ),
}
