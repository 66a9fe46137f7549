"""Tables that an alert system leaves behind: found, screened, checked, with rows in every error."""
