"""What any room may compute: estimates, inequality, many tests at once."""
