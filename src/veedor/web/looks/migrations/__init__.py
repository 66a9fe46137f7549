"""Migrations of looks."""
