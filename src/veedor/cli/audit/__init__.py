"""Audits that are not tasks yet."""
