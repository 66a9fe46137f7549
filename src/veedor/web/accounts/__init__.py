"""Accounts: who they are, which office they are of, how they are invited and how they sign in."""
