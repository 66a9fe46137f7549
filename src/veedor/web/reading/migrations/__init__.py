"""Migrations of reading packs."""
