"""Who may look, and how it is used: audits of access and search logs, as they were released.

People who look and people who are looked up are people: users, plates and case numbers stand here
as whole numbers that mean nothing outside one log, and no result holds one.
"""
