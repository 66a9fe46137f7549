"""Looks N times in a process of its own: ``python -m tests.web.appending_alone NAME N``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

from veedor.web.site.opening import FOLDER, open_site

if __name__ == "__main__":
    open_site(Path(os.environ[FOLDER]))

    from veedor.web.accounts.models import User
    from veedor.web.looks.looking import looked

    account = User.objects.get(email=f"{sys.argv[1]}@example.org")
    for number in range(int(sys.argv[2])):
        if not looked(SimpleNamespace(user=account), "access_log", f"{number:064x}", None):  # type: ignore[arg-type]
            sys.exit("no purpose")
