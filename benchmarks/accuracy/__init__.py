"""How good the forecasts of the development data are: every forecaster, cell size and period."""
