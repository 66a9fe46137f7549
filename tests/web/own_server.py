"""A server of PostgreSQL of a test's own, which it may stop and start."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class OwnServer:
    """A server that listens at a socket of its folder alone.

    Parameters
    ----------
    folder : Path
    programs : Path
        Where those of PostgreSQL are.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs, self._runs = folder, programs, False
        self.url = f"postgres://postgres@{str(folder).replace('/', '%2F')}/postgres"
        named = ("--auth", "trust", "--username", "postgres", "--encoding", "UTF8", "--no-sync")
        self._run("initdb", *named)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        told = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "--wait", "--log", log, "--options", told, "start")
        self._runs = True

    def stop(self) -> None:
        """Stop it where it runs, whoever is connected."""
        if self._runs:
            self._run("pg_ctl", "--mode", "immediate", "stop")
        self._runs = False

    def _run(self, program: str, *told: str) -> None:
        as_postgres = [] if os.getuid() else ["runuser", "-u", "postgres", "--"]
        data = ("--pgdata", str(self._folder / "data"))
        subprocess.run(
            [*as_postgres, str(self._programs / program), *data, *told],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Give a server that is started; it is gone at the end."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed where Debian puts it")
    folder = Path(tempfile.mkdtemp(prefix="veedor-own-", dir="/tmp"))  # a socket's name is short
    try:
        if not os.getuid():
            shutil.chown(folder, "postgres")
        server = OwnServer(folder, found[-1].parent)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
