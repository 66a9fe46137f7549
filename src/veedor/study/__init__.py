"""The whole, from one file: study.toml -> run -> results."""

from veedor.study.config import Study, load_study
from veedor.study.outcomes import Outcomes, outcome_crs, read_outcomes
from veedor.study.run import Outcome, run_study

__all__ = [
    "Outcome",
    "Outcomes",
    "Study",
    "load_study",
    "outcome_crs",
    "read_outcomes",
    "run_study",
]
