"""How the tables of jobs and studies came to be."""
