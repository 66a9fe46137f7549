"""Whom a system burdens, and how often it is wrong: audits of what anyone's system left behind."""
