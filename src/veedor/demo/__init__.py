"""The demo study: data that ships with veedor.

Recorded gun-violence events in Chicago, 2022 (local time, to the minute, from 2 January), and 74
community areas with population and median income. Source: City of Chicago open data, as packed in
BSTPP 0.1.4 on PyPI. O'Hare, Edison Park and Mount Greenwood are absent and had no event.
"""
