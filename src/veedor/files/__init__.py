"""Files and folders that are replaced whole, by one writer, and never anyone else's."""
