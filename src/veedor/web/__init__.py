"""The second door: an observatory that a city can run, over the same tasks as the command line.

It needs the extra ``veedor[web]``. Nothing imports it; the command line opens it by the modules of
`veedor.web.commands`, which import Django only when they are performed.
"""
