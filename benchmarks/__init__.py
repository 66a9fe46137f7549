"""Speed and memory, measured as ratios to a named peer or a plain floor in the same run."""
