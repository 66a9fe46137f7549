"""``[patterns]`` of study.toml: how the record is described."""

from __future__ import annotations

import msgspec

from veedor.errors import DemographicRefusal, StudyError, listed, phrase

#: What incidents may be counted against: all of a kind, never a group of people.
DENOMINATORS = (
    "residents",
    "households",
    "dwellings",
    "workers",
    "visitors",
    "vehicles",
    "businesses",
    "area",
)
_WHERE = "study.toml, [patterns]"
_LARGEST_M = 100_000


class PatternsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[patterns]``: how the record is described; a run describes it where this is there."""

    near_repeat_m: list[float] = msgspec.field(default_factory=lambda: [100.0, 200.0, 300.0, 400.0])
    near_repeat_days: list[int] = msgspec.field(default_factory=lambda: [7, 14, 21, 28])
    permutations: int = 999
    bandwidth_m: float | None = None
    area_m: float = 5000.0
    pay_days: list[int] = []
    denominator: str | None = None
    denominator_property: str | None = None
    denominator_of: str | None = None
    changed: str | None = None
    changed_areas: str | None = None

    def check(self) -> None:
        """Test what can be tested before any data is read."""
        self._check_together("denominator", "denominator_property", "denominator_of")
        self._check_together("changed", "changed_areas")
        if self.denominator_of not in (None, *DENOMINATORS):
            raise DemographicRefusal(
                phrase(
                    "Incidents are counted against all of a kind in a place: {denominators}. A "
                    "group of residents is for audits, never for a map of incidents.",
                    denominators=", ".join(DENOMINATORS),
                ),
                found=phrase(
                    "denominator_of = {denominator_of}", denominator_of=repr(self.denominator_of)
                ),
                where=_WHERE,
                remedy="take a denominator of everyone, or see `veedor audit exposure`",
            )
        self._check_sizes()
        if not 19 <= self.permutations <= 99_999 or not 100.0 <= self.area_m <= _LARGEST_M:
            raise StudyError(
                phrase(
                    "permutations must be from 19 to 99,999, and area_m from 100 to {largest_m:,}.",
                    largest_m=_LARGEST_M,
                ),
                found=phrase(
                    "permutations {permutations}, area_m {area_m}",
                    permutations=self.permutations,
                    area_m=self.area_m,
                ),
                where=_WHERE,
            )
        if any(not (day == -1 or 1 <= day <= 31) for day in self.pay_days):
            raise StudyError(
                "Pay-days must be days of the month from 1, or -1 for the last.",
                found=str(self.pay_days),
                where=_WHERE,
            )

    def _check_sizes(self) -> None:
        # Where it is used: loading it takes longer than most commands that read a study.
        from veedor.patterns import bands

        if not (
            bands.ascending(self.near_repeat_m, bands.SAME_PLACE_M, _LARGEST_M)
            and bands.ascending(self.near_repeat_days, 0, bands.LONGEST_DAYS)
        ):
            raise StudyError(
                phrase(
                    "near_repeat_m and near_repeat_days must be up to {most_bands} ascending ends "
                    "of bands: above {same_place_m:g} up to {largest_m:,} m, and from 1 to "
                    "{longest_days:,} days.",
                    most_bands=bands.MOST_BANDS,
                    same_place_m=bands.SAME_PLACE_M,
                    largest_m=_LARGEST_M,
                    longest_days=bands.LONGEST_DAYS,
                ),
                found=phrase(
                    "{near_repeat_m} m and {near_repeat_days} days",
                    near_repeat_m=self.near_repeat_m[:13],
                    near_repeat_days=self.near_repeat_days[:13],
                ),
                where=_WHERE,
            )
        if self.bandwidth_m is not None and not 1.0 <= self.bandwidth_m <= _LARGEST_M:
            raise StudyError(
                phrase("bandwidth_m must be from 1 to {largest_m:,} metres.", largest_m=_LARGEST_M),
                found=str(self.bandwidth_m),
                where=_WHERE,
            )

    def _check_together(self, *names: str) -> None:
        given = {name: getattr(self, name) for name in names}
        if len({value is None for value in given.values()}) == 2:
            raise StudyError(
                phrase(
                    "{others} and {last} must be given together.",
                    others=", ".join(names[:-1]),
                    last=names[-1],
                ),
                found=listed(
                    phrase("no {name}", name=name) if value is None else f"{name} = {value!r}"
                    for name, value in given.items()
                ),
                where=_WHERE,
            )
