"""Commands of Django's kind, for processes of their own."""
