"""What must be told of a system: a record of what its keepers said, and how to ask for the rest."""
