"""Whom a system burdens, and how often it is wrong: audits from files, of anyone's system.

Nothing here knows who made a system: ours is read from its files like a vendor's.
"""
