"""Whom a system burdens, and what can be said of it: audits from files, of anyone's system.

Nothing here knows who made a system: ours is read from its files like a vendor's.
"""
