"""What forms say otherwise than the help of a command, where an option's name is not beside it."""

from __future__ import annotations

from veedor.errors import phrase
from veedor.web.pages.jinja import words

#: Of fields that the command line takes without a name, and so without help.
UNNAMED = {"logs": phrase("Logs of look-ups.")}
#: Help of the command line that leans on the option's name -> what stands over the field.
_WHOLE = {
    "counts, a forecaster's name, or FILE.py:FUNCTION from counts to scores.": phrase(
        "The system: counts, or a forecaster's name."
    ),
    "Of the record.": phrase("Rounds in which what was recorded loses half of its weight."),
    "Of each simulation.": phrase("Rounds of each simulation."),
    "Of whatever is drawn.": phrase("Number from which all draws by chance follow."),
    "Of resampled intervals.": phrase("Number from which resampled intervals follow."),
    "Of resampled intervals, and of the review plan.": phrase(
        "Number from which resampled intervals and the review plan follow."
    ),
    "Of proportions.": phrase("Intervals of proportions."),
    "Of the regression.": phrase("Distribution of the counts of the regression."),
    "Of system: decides the words, charts and base rates of the page.": phrase(
        "Kind of system: it decides the words, charts and base rates of the page."
    ),
    "Of drift alarms, on average at least.": phrase(
        "Days between false alarms of drift, on average at least."
    ),
    "One more. Repeat.": phrase("Base rates besides those of the page."),
    "Small cells.": phrase("A cell of fewer than so many is small."),
    "Property of polygons.": phrase("Property of the polygons that holds their score."),
    "Property of its polygons.": phrase("Property of that map's polygons that holds their score."),
    "Outlines of its cells, if not beside it.": phrase(
        "Outlines of the cells of the map of long-run rates, if they are not beside it."
    ),
    "Zone id.": phrase("Property or column that holds the id of a zone."),
    "Area of --published.": phrase("Area of the rates that ship."),
    "At most so many rows in its targeted part.": phrase(
        "At most so many rows in the targeted part of the review plan."
    ),
    "CSV: zone, true_rate[, reporting, prior].": phrase(
        "A world to simulate, a row a zone: zone, true_rate[, reporting, prior]."
    ),
    "CSV: period, place, reported, discovered, flagged.": phrase(
        "A real record to test: period, place, reported, discovered, flagged."
    ),
    "CSV: place, count[, category, flagged, ...].": phrase(
        "What was recorded, a row a place: place, count[, category, flagged, ...]."
    ),
    "CSV: category, low, high[, zone or group].": phrase(
        "How much of each category is reported: category, low, high[, zone or group]."
    ),
    "CSV: date, series, role, value[, denominator].": phrase(
        "The series, a row a period: date, series, role, value[, denominator]."
    ),
    "CSV (plain, gz, zip), Parquet, GeoJSON, xlsx or ODS, of incidents or of counts by area: "
    "a file, folder or glob. May be given again.": phrase(
        "The record: incidents, or counts by area"
    ),
    "GeoJSON outline of the study area.": phrase(
        "Outline of the study area, a GeoJSON, if there is one"
    ),
    "GeoJSON of zones; the study area is their union. Of a record that names its zones: what "
    "it names. Of counts by area: the outlines of the areas.": phrase(
        "Outlines of zones, as neighbourhoods or precincts, a GeoJSON, if there are any; needed "
        "where the record names zones instead of giving coordinates"
    ),
    "Column of all residents.": phrase("Column with the number of all residents."),
}
#: Values that are chosen.
_CHOSEN = {
    "network": phrase("what others looked up in one's own devices"),
    "own": phrase("what one's own users looked up"),
    "event": phrase("everything that users did"),
    "utc": phrase("universal time (UTC)"),
    "local": phrase("local time"),
    "risk-score": phrase("a score of risk"),
    "face-match": phrase("a search for faces"),
    "alarm": phrase("an alarm"),
    "post-flag": phrase("marks on posts"),
    "counted": phrase("what people did"),
    "missing": phrase("no record"),
    "comparative": phrase("against a comparison"),
    "level-and-slope": phrase("level and slope"),
    "level": phrase("level alone"),
    "centre": phrase("the zone that holds the middle of a box"),
    "box": phrase("the ground of the box in each zone"),
    "stored": phrase("a count that the zone carries"),
    "average": phrase("the mean of their ranks"),
    "published": phrase("by row order, as it was published"),
    "ols": phrase("ordinary least squares"),
    "poisson": phrase("Poisson"),
    "quasi-poisson": phrase("quasi-Poisson"),
    "wilson": phrase("Wilson"),
    "clopper_pearson": phrase("Clopper-Pearson"),
    "ley-25326": phrase("Argentina's law on personal data"),
    "eu-ai-act-27": phrase("the European Union's act on artificial intelligence, article 27"),
    "nl-register": phrase("the Dutch register of algorithms"),
    "uk-atrs": phrase("the British standard of recording algorithms"),
    "negative_binomial": phrase("negative binomial"),
    "reported": phrase("reported by victims and witnesses"),
    "discovered": phrase("found by police who went looking"),
    "gap": phrase("a letter for each question"),
    "topic": phrase("a letter for each topic"),
    "person": phrase("a person"),
    "organisation": phrase("an organisation"),
}


def label_of(name: str, about: str | None) -> str:
    """Return what stands over a field, to be translated: of its name, and its help."""
    return _WHOLE.get(about or "") or about or UNNAMED[name]


def chosen(code: str) -> str:
    """Say a value that is chosen, with its code, by which pages and files call it."""
    told = _CHOSEN.get(code)
    return code if told is None else f"{words().translated(told)} ({code})"
