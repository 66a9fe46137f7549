"""`judge_areas`: whether counts by area can be used, with what limits, or what to mend first."""

from __future__ import annotations

from collections.abc import Iterator

from veedor.areas.noticed import Notice
from veedor.areas.quality_report import AreaQuality
from veedor.incidents.usability import Usability, Verdict
from veedor.statistics.codes import Finding


def judge_areas(quality: AreaQuality, *, hindered: bool = False) -> Usability:
    """Judge whether counts by area can be used.

    To mend first is what makes numbers wrong; a limit is what must be known before numbers are
    compared. Neither says why something was not reported.

    Parameters
    ----------
    quality : AreaQuality
    hindered : bool
        Whether anything else keeps a study from being run: that is to be mended first.
    """
    mend, limits = list(_to_mend(quality)), list(_limits(quality))
    verdict: Verdict = "mend" if mend or hindered else "limits" if limits else "usable"
    return Usability(verdict, mend, limits)


def _to_mend(quality: AreaQuality) -> Iterator[Finding]:
    states = quality.states
    if not states.observed + states.reported_zero:
        yield Finding("areas_nothing_reported", {"n": states.cells})
    slips = quality.thousand_times_less
    if slips:
        first = slips[0]
        yield Finding(
            "areas_thousand_times_less",
            {"n": len(slips), "area": first.area, "offence": first.offence, "span": first.span},
        )


def _limits(quality: AreaQuality) -> Iterator[Finding]:
    states = quality.states
    applicable = states.cells - states.not_applicable
    if 0 < states.not_reported < applicable:
        yield Finding("areas_not_reported", {"n": states.not_reported, "of": applicable})
    gaps = [one for one in quality.looks_unreported if one.kind in ("zeros", "gap")]
    if gaps:
        yield Finding(
            "areas_look_unreported",
            {
                "n": len(gaps),
                "areas": len({one.area for one in gaps}),
                "series": quality.series_tried,
            },
        )
    steps = len(quality.looks_unreported) - len(gaps)
    if steps:
        yield Finding("areas_levels_change", {"n": steps, "series": quality.series_tried})
    at_once = [one for one in quality.at_once if not one.declared]
    if at_once:
        yield Finding("areas_changed_at_once", {"n": len(at_once), "first": at_once[0].span})
    began = [one for one in quality.began if not one.declared]
    if began:
        yield Finding("areas_began", {"n": len(began), "first": began[0].name})
    if quality.breaks:
        yield Finding("areas_breaks", {"n": len(quality.breaks), "first": quality.breaks[0].day})
    yield from _sums(quality)
    yield from _revised(quality)
    if states.provisional:
        reported = states.observed + states.reported_zero
        yield Finding("areas_provisional", {"n": states.provisional, "of": reported})
    if quality.negatives:
        yield Finding("areas_negative", {"n": quality.negatives})
    if quality.came:
        yield Finding("areas_came", {"n": len(quality.came), "areas": quality.areas})
    discovered = sum(one.known_by == "discovered" for one in quality.by_offence)
    if discovered:
        yield Finding("areas_discovered", {"n": discovered, "offences": quality.offences})
    by_rule = sum(one.what == Notice.PUBLISHED_BY_RULE for one in quality.noticed)
    if by_rule:
        yield Finding("areas_published_by_rule", {"n": by_rule, "editions": len(quality.editions)})


def _sums(quality: AreaQuality) -> Iterator[Finding]:
    last = quality.editions[-1].published
    sums = [one for one in quality.sums if one.edition == last]
    failing = sum(one.failing for one in sums)
    if failing:
        yield Finding("areas_sums_fail", {"n": failing, "of": sum(one.checked for one in sums)})


def _revised(quality: AreaQuality) -> Iterator[Finding]:
    if not quality.revised_by_edition:
        yield Finding("areas_one_edition")
        return
    changed = sum(one.changed for one in quality.revised_by_edition)
    if changed:
        yield Finding(
            "areas_revised",
            {
                "n": changed,
                "of": sum(one.cells for one in quality.revised_by_edition),
                "editions": len(quality.editions),
            },
        )
