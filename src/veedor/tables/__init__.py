"""Any table of anyone's: opened within bounds, screened for persons, its numbers and times read."""
