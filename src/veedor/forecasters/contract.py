"""The contract that every forecaster keeps, after scikit-learn's."""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np
from threadpoolctl import ThreadpoolController

import veedor
from veedor.errors import ContractError, LeakageError, StudyError, TooLittleDataError, phrase
from veedor.forecasters.lessons import Lesson
from veedor.forecasters.task import Task
from veedor.forecasts import CountDistribution, Forecast
from veedor.record import Points
from veedor.spacetime import Periods

#: Metres that a parameter may be: beyond any study.
FARTHEST_M = 1_000_000


class Forecaster(ABC):
    """One who turns a task, with its record, into a forecast.

    `__init__` stores its parameters and does nothing else; `fit` learns attributes that end in
    an underscore and forgets what an earlier `fit` learned; `predict` gives a `Forecast`.
    scikit-learn's `clone` works on it. Subclasses write `_fit` and `_predict`.

    One whose `looks_at_incidents` is true needs more than counts: where and when each incident
    was. It says of a record of counts that there is too little data.
    """

    looks_at_incidents: ClassVar[bool] = False

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
                    phrase(
                        "A parameter of {name} must be one of {known}.",
                        name=type(self).__name__,
                        known=", ".join(known),
                    ),
                    found=name,
                )
            setattr(self, name, value)
        return self

    @classmethod
    def _parameter_names(cls) -> list[str]:
        if cls.__init__ is object.__init__:
            return []
        return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

    def fit(self, task: Task) -> Self:
        """Learn from the record of a task.

        Raises
        ------
        StudyError
            If a parameter cannot be used, or the record holds not even one whole period.
        """
        with self._learning(task):
            self._fit(task)
        self.task_ = task
        return self

    @contextmanager
    def _learning(self, task: Task) -> Iterator[None]:
        """Forget what was learned, and learn by what can be used."""
        self.check_parameters()
        if self.looks_at_incidents and not isinstance(task.record, Points):
            raise TooLittleDataError(
                phrase(
                    "{name} looks at single incidents, and must have them.",
                    name=type(self).__name__,
                ),
                found=phrase("counts only"),
                remedy="use a forecaster that needs counts only",
            )
        for name in [name for name in vars(self) if name.endswith("_")]:
            delattr(self, name)
        with _one_thread():
            yield

    def check_parameters(self) -> None:  # noqa: B027 - most take any value that there is
        """Raise a `StudyError` for a parameter that cannot be used; see `_require`.

        A study calls it before it reads any data, and `fit` before it learns.
        """

    def _require(self, name: str, must: str, kept: bool) -> None:
        """Raise a `StudyError` where a parameter is not what it must be."""
        if not kept:
            raise StudyError(
                phrase(
                    "Parameter {name} of {whole} must be {must}.",
                    name=name,
                    whole=type(self).__name__,
                    must=must,
                ),
                found=repr(getattr(self, name)),
            )

    def lessons(self, task: Task) -> Sequence[Lesson[Any]]:  # noqa: ARG002 - most have none
        """What `fit` will ask for that serves every category and takes long; none by default."""
        return ()

    def predict(self, periods: Periods) -> Forecast:
        """Forecast periods that begin at or after the cut-off of the fitted task.

        Raises
        ------
        ContractError
            If `fit` was not called.
        LeakageError
            If a period begins before the cut-off.
        """
        task = self._fitted_task()
        if periods.edges[0] < task.cutoff:
            raise LeakageError(
                "A forecast must begin at or after the cut-off of its record.",
                found=phrase("{edges} before {cutoff}", edges=periods.edges[0], cutoff=task.cutoff),
            )
        with _one_thread():
            distribution, total_dispersion = self._predict(periods)
        return Forecast(
            distribution=distribution,
            cells=task.cells,
            periods=periods,
            category=task.category,
            forecaster=type(self).__name__,
            version=veedor.__version__,
            parameters={**self.get_params(), **self._fitted()},
            data_cutoff=task.cutoff,
            issued_at=task.cutoff,
            total_dispersion=total_dispersion,
        )

    def _fitted_task(self) -> Task:
        task: Task | None = getattr(self, "task_", None)
        if task is None:
            raise ContractError(
                "A forecaster must be fitted before it predicts.", found=type(self).__name__
            )
        return task

    @abstractmethod
    def _fit(self, task: Task) -> None:
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

    Sums split over several threads differ in their last digits, and the same record must give
    the same bytes on any machine; origins and categories already take a process each.
    """
    limit: AbstractContextManager[object] = _thread_pools().limit(limits=1)
    return limit


@cache
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()
