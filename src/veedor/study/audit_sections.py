"""The tables of study.toml that ask for audits."""

from __future__ import annotations

import msgspec

from veedor.errors import StudyError


class ExposureSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits.exposure]``: whom the study's own forecasts, or someone's boxes, burden."""

    zones: str
    population: str
    groups: list[str]
    reference: str
    other_groups: list[str] = []
    id: str = "id"
    predictions: str | None = None
    box_m: float | None = None
    category: str | None = None
    forecaster: str | None = None
    cluster_digits: int | None = None
    stored_count: str | None = None

    def check(self, forecasters: tuple[str, ...], categories: tuple[str, ...]) -> None:
        """Test what can be tested before any data is read.

        Raises
        ------
        StudyError
            Unless it names predictions, or a forecaster and a category of the study.
        """
        own = self.forecaster is not None
        if own == (self.predictions is not None):
            raise StudyError(
                "An audit of exposure must be of a forecaster of the study, or of a file of "
                "predictions.",
                found=f"forecaster {self.forecaster!r}, predictions {self.predictions!r}",
                where="study.toml, [audits.exposure]",
            )
        if own and (self.forecaster not in forecasters or self.category not in categories):
            raise StudyError(
                "An audit of the study's own forecasts must name one of its forecasters and one "
                "of the categories that it forecasts.",
                found=f"forecaster {self.forecaster!r}, category {self.category!r}",
                where="study.toml, [audits.exposure]",
                remedy=f"use one of {', '.join(forecasters)}; and of {', '.join(categories)}",
            )


class AuditsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[audits]``: audits that a run does after its forecasts, a table each."""

    exposure: ExposureSection | None = None
