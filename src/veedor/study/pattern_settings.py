"""``[patterns]`` of study.toml: how the record is described."""

from __future__ import annotations

import msgspec

from veedor.errors import StudyError

_WHERE = "study.toml, [patterns]"
_LARGEST_M = 100_000


class PatternsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[patterns]``: how the record is described by ``veedor patterns``."""

    near_repeat_m: list[float] = msgspec.field(default_factory=lambda: [100.0, 200.0, 300.0, 400.0])
    near_repeat_days: list[int] = msgspec.field(default_factory=lambda: [7, 14, 21, 28])
    permutations: int = 999
    bandwidth_m: float | None = None
    area_m: float = 5000.0
    pay_days: list[int] = []
    denominator: str | None = None
    denominator_property: str | None = None
    changed: str | None = None
    changed_areas: str | None = None

    def check(self) -> None:
        """Test what can be tested before any data is read."""
        together = (
            ("denominator", self.denominator, "denominator_property", self.denominator_property),
            ("changed", self.changed, "changed_areas", self.changed_areas),
        )
        for one, value, other, its in together:
            if (value is None) != (its is None):
                raise StudyError(
                    f"{one} and {other} must be given together.",
                    found=f"{one} = {value!r}, {other} = {its!r}",
                    where=_WHERE,
                )
        if not 19 <= self.permutations <= 99_999 or not 100.0 <= self.area_m <= _LARGEST_M:
            raise StudyError(
                f"permutations must be from 19 to 99,999, and area_m from 100 to {_LARGEST_M:,}.",
                found=f"permutations {self.permutations}, area_m {self.area_m}",
                where=_WHERE,
            )
        if any(not (day == -1 or 1 <= day <= 31) for day in self.pay_days):
            raise StudyError(
                "Pay-days must be days of the month from 1, or -1 for the last.",
                found=str(self.pay_days),
                where=_WHERE,
            )
