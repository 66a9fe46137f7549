"""Forecasts and audits written for the programs in which people look at maps and tables."""

from veedor.exporting.formats import FORMATS, write_places
from veedor.exporting.places import Places, audit_places, audit_table, forecast_places

__all__ = ["FORMATS", "Places", "audit_places", "audit_table", "forecast_places", "write_places"]
