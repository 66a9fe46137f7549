"""``python -m veedor``."""

from veedor.cli import main

main()
