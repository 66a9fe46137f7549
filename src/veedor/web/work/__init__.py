"""Work: studies and audits, made from what was uploaded, by jobs that a worker does."""
