"""Anyone's forecasts held against what was recorded: files in, one dictionary out.

`gathering` reads the files and lays them side by side, `examination` and `skill` ask everything
that `veedor.verification` can ask, and `run` does it all.
"""

from veedor.study.verification.run import verify_forecasts

__all__ = ["verify_forecasts"]
