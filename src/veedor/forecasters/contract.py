"""The contract that every forecaster keeps, after scikit-learn's."""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any, Self

import numpy as np
from threadpoolctl import ThreadpoolController

import veedor
from veedor.errors import ContractError, LeakageError
from veedor.forecasters.history import History
from veedor.forecasts import CountDistribution, Forecast
from veedor.spacetime import Periods


class Forecaster(ABC):
    """One who turns a history into a forecast.

    `__init__` stores its parameters and does nothing else; `fit` learns attributes that end in
    an underscore and forgets what an earlier `fit` learned; `predict` gives a `Forecast`.
    scikit-learn's `clone` works on it. Subclasses write `_fit` and `_predict`.
    """

    #: Whether it uses what others learned from the same history, if they are fitted before it.
    made_of_others = False

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - scikit-learn's
        """Parameters as they were given, by name."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **parameters: Any) -> Self:
        """Set parameters by name.

        Raises
        ------
        ContractError
            If there is no such parameter.
        """
        known = self._parameter_names()
        for name, value in parameters.items():
            if name not in known:
                raise ContractError(
                    f"A parameter of {type(self).__name__} must be one of {', '.join(known)}.",
                    found=name,
                )
            setattr(self, name, value)
        return self

    @classmethod
    def _parameter_names(cls) -> list[str]:
        if cls.__init__ is object.__init__:
            return []
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def fit(self, history: History, beside: Mapping[str, Forecaster] | None = None) -> Self:
        """Learn from a history.

        Parameters
        ----------
        history : History
        beside : mapping of name to Forecaster, optional
            Others that were fitted to this same history already: one that is made of others need
            not fit them again. What it learns is the same with and without.

        Returns
        -------
        self

        Raises
        ------
        StudyError
            If the history holds not even one whole period.
        """
        with self._learning(beside, history):
            self._fit(history)
        self.history_ = history
        return self

    @contextmanager
    def _learning(
        self, beside: Mapping[str, Forecaster] | None, history: History
    ) -> Iterator[None]:
        """Forget what was learned; see others at work only for as long as this lasts."""
        for name in [name for name in vars(self) if name.endswith("_")]:
            delattr(self, name)
        self._beside = {
            name: other
            for name, other in (beside or {}).items()
            if getattr(other, "history_", None) is history
        }
        try:
            with _one_thread():
                yield
        finally:
            del self._beside

    def predict(self, periods: Periods) -> Forecast:
        """Forecast periods that begin at or after the cut-off of the fitted history.

        Parameters
        ----------
        periods : Periods

        Raises
        ------
        ContractError
            If `fit` was not called.
        LeakageError
            If a period begins before the cut-off.
        """
        history: History | None = getattr(self, "history_", None)
        if history is None:
            raise ContractError(
                "A forecaster must be fitted before it predicts.", found=type(self).__name__
            )
        if periods.edges[0] < history.cutoff:
            raise LeakageError(
                "A forecast must begin at or after the cut-off of its history.",
                found=f"{periods.edges[0]} before {history.cutoff}",
            )
        with _one_thread():
            distribution, total_dispersion = self._predict(periods)
        return Forecast(
            distribution=distribution,
            cells=history.cells,
            periods=periods,
            category=history.category,
            forecaster=type(self).__name__,
            version=veedor.__version__,
            parameters={**self.get_params(), **self._fitted()},
            data_cutoff=history.cutoff,
            issued_at=history.cutoff,
            total_dispersion=total_dispersion,
        )

    @abstractmethod
    def _fit(self, history: History) -> None:
        """Learn, into attributes that end in an underscore."""

    @abstractmethod
    def _predict(self, periods: Periods) -> tuple[CountDistribution, float | None]:
        """Distributions, shape (periods, cells), and the dispersion of the totals if known."""

    def _fitted(self) -> dict[str, Any]:
        """Return what was learned, JSON-ready, for whoever reads the forecast.

        Numbers and texts, and dicts of them by name, sorted; arrays and other objects stay inside.
        """
        found: dict[str, Any] = {}
        for name, value in sorted(vars(self).items()):
            if not name.endswith("_"):
                continue
            if isinstance(value, _SCALARS):
                found[name] = _plain(value)
            elif isinstance(value, dict) and all(
                isinstance(key, str) and isinstance(part, _SCALARS) for key, part in value.items()
            ):
                found[name] = {key: _plain(part) for key, part in sorted(value.items())}
        return found


_SCALARS = (int, float, str, np.generic, type(None))


def _plain(value: Any) -> Any:
    """JSON has no numpy numbers, and neither infinities nor NaN: what is undefined is None."""
    plain = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def _one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra to one thread.

    Sums split over several threads differ in their last digits, and the same history must give
    the same bytes on any machine; origins and categories already take a process each.
    """
    limit: AbstractContextManager[object] = _thread_pools().limit(limits=1)
    return limit


@cache
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()
