"""What is installed works, and what is not says what it lacks.

    python -I installed.py [EXTRA ...]

is run by `make test` outside of the checkout, in an environment that holds the wheel with these
extras and nothing for tests. It ends with 1 at the first thing that is not as it must be.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import pkgutil
import subprocess
import sys
import tempfile
from gettext import GNUTranslations
from pathlib import Path

import veedor

#: Extra -> a package that only it brings.
BRINGS = {"cluster": "distributed", "web": "django", "postgresql": "psycopg"}
#: Modules that need an extra; those of the web app need a process that serves a site besides.
NEED = {
    "veedor.backtest.executors.cluster": "cluster",
    "veedor.backtest.executors.store": "cluster",
}


def require(holds: bool, otherwise: str) -> None:
    """End with what is wrong."""
    if not holds:
        sys.exit(f"not as it must be: {otherwise}")


def asked(*arguments: str, within: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as it was installed."""
    command = Path(sys.executable).with_name("veedor")
    return subprocess.run(
        [str(command), *arguments], cwd=within, capture_output=True, text=True, check=False
    )


def can_be_read(module: str, extras: list[str]) -> bool:
    """Tell whether a module must be there to import with these extras."""
    if module == "veedor.__main__" or module.startswith("veedor.web."):
        return False
    return all(extra in extras for name, extra in NEED.items() if module.startswith(name))


def main(extras: list[str]) -> None:
    """Try it all."""
    where = Path(veedor.__file__)
    require("site-packages" in where.parts, f"veedor is imported from {where}")
    version = importlib.metadata.version("veedor")
    require(veedor.__version__ == version, f"{veedor.__version__} is installed as {version}")
    for extra, package in BRINGS.items():
        there = importlib.util.find_spec(package) is not None
        require(there == (extra in extras), f"{package} is {'' if there else 'not '}installed")
    for module in pkgutil.walk_packages(veedor.__path__, "veedor.", onerror=lambda _: None):
        if can_be_read(module.name, extras):
            importlib.import_module(module.name)

    for compiled in where.parent.glob("locale/*/LC_MESSAGES/*.mo"):
        with compiled.open("rb") as file:
            made = GNUTranslations(file).info()["pot-creation-date"]
        # Two builds within one minute are the same bytes even so.
        require(made == "2020-02-02 00:00+0000", f"{compiled.name} says when it was built: {made}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        spoken = asked("--lang", "es", "--help", within=folder)
        require("pronostica" in spoken.stdout.lower(), "the Spanish catalogue is not inside")
        site = asked("web", "init", "site", within=folder)
        if "web" in extras:
            require(site.returncode == 0, f"veedor web init: {site.stderr}")
        else:
            require(site.returncode == 2, f"veedor web init ends with {site.returncode}")
            require("veedor[web]" in site.stderr, f"does not say what to install: {site.stderr}")
        if not extras:
            demo = asked("demo", "study", within=folder)
            require(demo.returncode == 0, f"veedor demo: {demo.stderr}")
            require((folder / "study/results/report.html").is_file(), "demo made no report")
            far = asked("run", "study", "--scheduler", "tcp://127.0.0.1:1", within=folder)
            require(far.returncode == 2, f"veedor run --scheduler ends with {far.returncode}")
            require("veedor[cluster]" in far.stderr, f"does not say what to install: {far.stderr}")


if __name__ == "__main__":
    main([extra for given in sys.argv[1:] for extra in given.split(",")])
