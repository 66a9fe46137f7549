"""Who looked at what was not public, when and why: purposes, and a signed log of looks."""
