"""What a study.toml says, and what it names: read, checked and prepared for the tasks."""

from veedor.study.config import Study, load_study
from veedor.study.outcomes import Outcomes, outcome_crs, read_outcomes

__all__ = [
    "Outcomes",
    "Study",
    "load_study",
    "outcome_crs",
    "read_outcomes",
]
