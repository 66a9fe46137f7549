"""The whole, from one file: study.toml -> run -> results."""

from veedor.study.config import Study, load_study
from veedor.study.next_periods import NextPeriods, forecast_next
from veedor.study.outcomes import Outcomes, outcome_crs, read_outcomes
from veedor.study.proposal import propose_study
from veedor.study.reproduction import Reproduction, reproduce
from veedor.study.run import Checked, Outcome, check_study, run_study

__all__ = [
    "Checked",
    "NextPeriods",
    "Outcome",
    "Outcomes",
    "Reproduction",
    "Study",
    "check_study",
    "forecast_next",
    "load_study",
    "outcome_crs",
    "propose_study",
    "read_outcomes",
    "reproduce",
    "run_study",
]
