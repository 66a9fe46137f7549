"""Being told how far a task is."""

from __future__ import annotations

from typing import Protocol

from veedor.errors import Phrase


class Progress(Protocol):
    """Is told how far a run is."""

    def step(self, name: Phrase, total: int | None) -> None:
        """Begin a step of `total` parts, or of an unknown number."""

    def advance(self, done: int) -> None:
        """Tell that `done` parts of the current step are over."""

    def rest(self) -> None:
        """Tell that no step is under way: what follows waits for others, for as long as it will."""

    def tell(self, text: str) -> None:
        """Say at once what must not wait for the end."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: Phrase, total: int | None) -> None:
        """Pass over."""

    def advance(self, done: int) -> None:
        """Pass over."""

    def rest(self) -> None:
        """Pass over."""

    def tell(self, text: str) -> None:
        """Pass over."""
