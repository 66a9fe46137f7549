"""Data that ships with veedor: the demo study, and a log of access.

Recorded gun-violence events in Chicago, 2022 (local time, to the minute, from 2 January), and 74
community areas with population and median income. Source: City of Chicago open data, as packed in
BSTPP 0.1.4 on PyPI. O'Hare, Edison Park and Mount Greenwood are absent and had no event.

``eugene_searches.csv`` is a city's log of searches of its licence-plate readers, June to December
2025, users as random ids; plates within reasons were removed (``[PLATE]``, ``[TOKEN]``). Source:
City of Eugene, CC0.
"""
