"""The endemic-epidemic model of counts by area, and the forecaster that is made of it."""

from veedor.forecasters.endemic_epidemic.design import Design, Values
from veedor.forecasters.endemic_epidemic.fitting import Fitted, fit
from veedor.forecasters.endemic_epidemic.forecaster import EndemicEpidemic
from veedor.forecasters.endemic_epidemic.panel import Panel
from veedor.forecasters.endemic_epidemic.predicting import (
    Moments,
    OneStep,
    moments,
    one_step,
    paths,
    simulate,
)
from veedor.forecasters.endemic_epidemic.specification import Model, Part, Weights
from veedor.forecasters.endemic_epidemic.weights import orders

__all__ = [
    "Design",
    "EndemicEpidemic",
    "Fitted",
    "Model",
    "Moments",
    "OneStep",
    "Panel",
    "Part",
    "Values",
    "Weights",
    "fit",
    "moments",
    "one_step",
    "orders",
    "paths",
    "simulate",
]
