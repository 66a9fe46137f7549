"""What the public sees: published studies, audits, records and promises."""
