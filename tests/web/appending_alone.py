"""Looks in a process of its own: ``python -m tests.web.appending_alone NAME [N]``.

N times, or without a number until its input ends.
"""

from __future__ import annotations

import itertools
import os
import select
import sys
from pathlib import Path
from types import SimpleNamespace

from veedor.web.site.opening import FOLDER, open_site

if __name__ == "__main__":
    open_site(Path(os.environ[FOLDER]))

    from veedor.web.accounts.models import User
    from veedor.web.looks.looking import looked

    account = User.objects.get(email=f"{sys.argv[1]}@example.org")
    endless = len(sys.argv) == 2
    for number in itertools.count() if endless else range(int(sys.argv[2])):
        if endless and select.select([sys.stdin], [], [], 0)[0]:
            break
        if not looked(SimpleNamespace(user=account), "access_log", f"{number:064x}", None):  # type: ignore[arg-type]
            sys.exit("no purpose")
