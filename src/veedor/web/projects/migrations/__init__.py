"""How the tables of projects came to be."""
