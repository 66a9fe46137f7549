"""Words that all audits share."""

from __future__ import annotations

from veedor.report.words.headings import Heading
from veedor.report.words.language import noted

WARNINGS = noted("Warnings")
NO_WARNINGS = noted("None of the conditions that veedor looks for was found.")
EVERYTHING = noted("Every estimate")
SHOW_THEM = noted("Show them")
FIRST_ROWS = noted("The first {most} are here; all are in estimates.csv.")
EVERY_ESTIMATE = Heading(
    noted("Every estimate"), (
        noted("Assignment"), noted("Subset"), noted("Threshold"), noted("Group"),
        noted("Statistic"), noted("Value"), noted("Interval"), noted("n"), noted("Out of"),
        noted("Method"),
    ),
)  # fmt: skip
TESTED = Heading(
    noted("Tests"), (
        noted("Assignment"), noted("Group"), noted("Test"), noted("Null hypothesis"),
        noted("Statistic"), noted("p-value"), noted("Of"),
    ),
)  # fmt: skip

METHODS = {
    "none_undefined": noted("none: the value is undefined"),
    "none_counted": noted("none: counted, not estimated"),
}

#: Code of a test -> its name, and its null hypothesis.
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
}
