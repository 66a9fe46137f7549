"""Projects, who works in them, and the one table of what each role may do."""
