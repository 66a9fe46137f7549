"""Words of the behaviour audit."""

from __future__ import annotations

from veedor.report.words.headings import Heading
from veedor.report.words.language import Words, noted, noted_many

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
EXPECTED = noted("expected without the event")
RECORDED = noted("recorded")
NOT_ENTERED = noted("left out")
FITTED = noted("as fitted")
SUM = noted("sum of the series")
BY_CONTROLS = noted("series by controls")
IN_SPACE, IN_TIME = noted("controls as sensitive"), noted("fake events before")
PLACEBO, REAL = noted("where there can be none"), noted("the change itself")
STUDENTISED = noted("size of the change at the event, in its own standard errors")
PLACEBOS_SHOWN = noted("The change beside changes where there can be none")
#: What must not be concluded, and why.
CAUTIONS = (
    (
        noted("This does not say why anyone did anything."),
        noted("It compares counts. A fall may be fear, a lost interest, a new page elsewhere, or a "
              "change of how things are counted."),
    ),
    (
        noted("A change at an event is not yet a change by the event."),
        noted("The controls take out what all share. What happened then to the sensitive series "
              "alone, they cannot."),
    ),
    (
        noted("No change detectable does not mean that there was none."),
        noted("Smaller changes than the one named would be missed more often than 1 time in 5. "
              "A slow change without a step at the event is shown in the row of each period after, "
              "and is not tested."),
    ),
    (
        noted("The answer is about the series that were chosen."),
        noted("Whoever chose them, and whether before or after seeing them, decides what they can "
              "show. Have the list written down before."),
    ),
)  # fmt: skip
SINGLE = Heading(
    noted("Each sensitive series beside the controls"),
    (noted("Series"), noted("At the event"), noted("q-value"), noted("Mean after"),
     noted("Out of")),
)  # fmt: skip
Q_VALUES = noted(
    "q-values hold the share of false ones among all series named at 5% on average. A series is "
    "what was counted, never a person; those with a count below 10 are set aside and not named."
)
PLACEBO_TABLE = Heading(
    noted("Placebos"), (noted("Kind"), noted("Where"), noted("Standard errors"))
)
PLACEBO_SENTENCES = (
    noted(
        "In space: each control is compared with the other controls, as if it were sensitive. In "
        "time: the event is put into each period before it that leaves 8 on either side, and "
        "nothing from the real event on is seen. The rank of the real change among them is its "
        "p-value, (1 + as large) / (1 + all)."
    ),
    noted(
        "With fewer than 19 placebos of a kind the rank cannot be as rare as 1 in 20, so it is "
        "shown and takes no part in the verdict; from 19 on a change that is not rarer than that "
        "cannot be told from chance."
    ),
)
LEFT_TABLE = Heading(
    noted("What happens to the change at the event if one thing is left out"),
    (noted("What"), noted("Which"), noted("Change at the event"), noted("p-value")),
)
LEFT_KINDS = {
    "series": noted("series"),
    "period": noted("period"),
    "last": noted("last periods"),
}
LOW_TABLE = Heading(
    noted("Periods in which half or more of the series of a role dip below half of what is usual"),
    (noted("Period"), noted("Series that dip"), noted("Exactly 0"), noted("In all roles")),
)
LOW_SENTENCES = noted(
    "Usual is the median of the six values before and the six after, of the same series. What is "
    "stored as zero within a sum of days cannot be seen in the sum: only a column of days without "
    "a record tells it."
)
USED_TABLE = Heading(
    noted("Series by role"),
    (noted("Role"), noted("Given"), noted("Used"), noted("Below 10 in a period"),
     noted("Too short")),
)  # fmt: skip
ROLES = {
    "sensitive": noted("sensitive"),
    "control": noted("control"),
    "negative_control": noted("negative control"),
}
WAY_TABLE = Heading(
    noted("The same changes by other ways"),
    (noted("Change"), noted("Way"), noted("Estimate"), noted("Interval"), noted("Method")),
)
WAYS = {
    "": noted("as in the verdict"),
    "random_effects": noted("for other series like these"),
    "reml": noted("REML, likeliest autocorrelation"),
    "prais_winsten": noted("Prais-Winsten"),
}
MOST_LEFT = noted(
    "Of {n} things left out, the {most} that leave the largest p-values are here; all are in "
    "results.json."
)
STATISTICS = {
    "level_change": noted("change at the event"),
    "slope_change": noted("change of the slope, each period"),
    "mean_change": noted("mean change of the periods after"),
    "series_named": noted("series of which a change is named"),
    "segmented_intercept": noted("level at the beginning"),
    "segmented_trend": noted("trend before, each period"),
    "segmented_level": noted("change of the level"),
    "segmented_ramp": noted("change of the trend, each period"),
}
SHORT_COEFFICIENTS = Heading(
    noted("The published study's regression"), (noted("Coefficient"), noted("Value, interval"))
)
COEFFICIENTS = Heading(
    noted("The published study's regression"),
    (noted("Coefficient"), noted("Value"), noted("Standard error"), noted("Interval"),
     noted("As a ratio")),
)  # fmt: skip
FREEDOM = noted(
    "Restricted likelihood with first-order autocorrelated errors ({freedom} degrees of freedom, "
    "pairs of harmonics: {pairs}; likeliest autocorrelation {reml}). What a short series cannot "
    "tell of its autocorrelation widens the intervals; putting one value in, as is often done, "
    "makes them too narrow."
)
DIFFER = noted(
    "Between sensitive series the change at the event differs by a standard deviation of {between} "
    "on the logarithmic scale. A change is named only where it is shown for other series like "
    "these as well."
)
ASKED_TABLE = Heading(noted("What was asked"), (noted("What"), noted("Value")))
ASKED = {
    "because": noted("Reason that was written"),
    "event": noted("Event"),
    "first": noted("First period after"),
    "anticipation": noted("Periods left out before it"),
    "design": noted("Design"),
    "shape": noted("What may change"),
    "harmonics": noted("Pairs of harmonics"),
    "lows": noted("What lows are"),
}
DESIGNS = {
    "comparative": noted("beside controls"),
    "ols": noted("published study: least squares"),
    "poisson": noted("published study: Poisson"),
    "quasi-poisson": noted("published study: quasi-Poisson"),
}
SHAPES = {
    "level": noted("the level"),
    "level-and-slope": noted("the level and the slope"),
}
LOWS = {
    None: noted("not said"),
    "counted": noted("what people did"),
    "missing": noted("not recorded"),
}


def statistic(words: Words, code: str) -> str:
    """Name a statistic; a harmonic by its code."""
    return words.say(STATISTICS[code]) if code in STATISTICS else code


def published_told(words: Words, value: str, low: str, high: str) -> str:
    """Say a coefficient with its interval."""
    return words.say("{value} ({low} to {high})", value=value, low=low, high=high)


def level_told(words: Words, told: str, group: str) -> str:
    """Say the change of a group at the event."""
    return words.say(
        "At the event, {group} changed by {told} beside the controls.", group=group, told=told
    )


def negative_told(words: Words, told: str) -> str:
    """Say the change of the negative controls."""
    return words.say("Negative controls changed by {told} beside the controls.", told=told)


def detectable(words: Words, fall: str, rise: str) -> str:
    """Say what could have been found."""
    return words.say(
        "Had the change at the event been {fall} or {rise}, it would have been found 4 times in 5, "
        "by a test that is wrong 1 time in 20.",
        fall=fall, rise=rise,
    )  # fmt: skip


def everywhere(words: Words, yes: bool) -> str:
    """Say whether a period is low in all roles."""
    return words.say("yes") if yes else words.say("no")


ALL_SENSITIVE = noted("all sensitive series together")


def most_left(words: Words, most: int, n: int) -> str:
    """Say that a table of what was left out is cut."""
    return words.say(MOST_LEFT, most=most, n=n)


def rank(words: Words, kind: str, p_value: str) -> str:
    """Say the p-value of a rank."""
    return words.say("By its rank among {kind}: p = {p_value}.", kind=kind, p_value=p_value)


def dispersion(words: Words, value: str) -> str:
    """Say how much more counts vary than Poisson's."""
    return words.say(
        "The counts vary {value} times as much as Poisson's would about the line.", value=value
    )


def durbin_watson(words: Words, value: str) -> str:
    """Say how residuals follow one another."""
    return words.say(
        "Durbin-Watson statistic: {value}; 2 where errors do not follow one another, less where "
        "each is like the last, and the intervals then too narrow.",
        value=value,
    )
