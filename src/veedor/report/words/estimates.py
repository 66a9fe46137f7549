"""What estimates of every room are out of, and how their intervals are made."""

from __future__ import annotations

from veedor.report.words.language import noted

DENOMINATORS = {
    "cells_by_periods": noted("cells x periods: {cells} cells in {periods} periods"),
}
