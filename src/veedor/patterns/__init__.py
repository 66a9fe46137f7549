"""What the record shows."""
